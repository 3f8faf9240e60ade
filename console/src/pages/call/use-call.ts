import { useEffect, useState } from 'preact/hooks'
import type { ApiFailure } from '../../base/api.ts'
import { listen } from '../../base/events.ts'
import { useLoaded } from '../../base/loaded.ts'
import type { LiveCall } from '../calls/live.ts'
import { describeCall, fetchLog, type CallDetails } from './call.ts'
import { withAddition, type CallLog, type LogAddition } from './log.ts'

export interface ShownCall {
  readonly details: CallDetails | undefined
  /** As far as the call has come; `undefined` until it is here. */
  readonly log: CallLog | undefined
  /** What goes on in a call that is not over. */
  readonly live: LiveCall | undefined
  readonly isConnected: boolean
  /** What the server's clock is ahead of ours, ms. */
  readonly clockMs: number
  /** It was deleted when its time had come. */
  readonly isLogGone: boolean
  readonly failure: ApiFailure | undefined
  reload(): void
}

/** A call and its log; of one that goes on, as it goes on. */
export function useCall(instanceId: string): ShownCall {
  const details = useLoaded(() => describeCall(instanceId), instanceId)
  const { value } = details
  const logUrl = value?.logUrl
  const isRunning = value !== undefined && value.status !== 'Finished'
  const [log, setLog] = useState<CallLog | undefined>()
  const [live, setLive] = useState<LiveCall | undefined>()
  const [connection, setConnection] = useState({ isConnected: true, clockMs: 0 })
  const [isLogGone, setLogGone] = useState(false)
  const [failure, setFailure] = useState<ApiFailure | undefined>()

  useEffect(() => {
    setLog(undefined)
    setLogGone(false)
  }, [instanceId])
  useEffect(() => {
    if (logUrl === undefined) return
    let isMoot = false
    void fetchLog(logUrl).then((answer) => {
      if (isMoot) return
      setFailure(answer.ok ? undefined : answer.failure)
      if (!answer.ok) return
      setLog(answer.value)
      setLogGone(answer.value === undefined)
    })
    return () => void (isMoot = true)
  }, [logUrl])
  useEffect(() => {
    if (!isRunning) return setLive(undefined)
    return listen(`/console/live?call=${encodeURIComponent(instanceId)}`, {
      onEvent: ({ name, data }) => {
        if (name === 'log') setLog(data as CallLog)
        else if (name === 'state') setLive(data as LiveCall)
        else if (name === 'more') {
          setLog((before) => before && withAddition(before, data as LogAddition))
        } else if (name === 'end') details.reload()
      },
      onConnection: (isConnected, clockMs) => setConnection({ isConnected, clockMs }),
    })
  }, [instanceId, isRunning])

  return {
    details: value,
    log,
    live,
    ...connection,
    isLogGone,
    failure: details.state === 'failed' ? details.failure : failure,
    reload: details.reload,
  }
}
