import { useEffect, useState } from 'preact/hooks'
import { listen } from '../../base/events.ts'

/** A call that goes on, as `/console/live` tells of it. Times are ms since 1970, on the server's clock. */
export interface LiveCall {
  readonly instanceId: string
  readonly agentId: string
  readonly channelId: string
  readonly type: string
  readonly createdMs: number
  /** The rest is absent until its media worker has told. */
  readonly phase?: 'listening' | 'thinking' | 'speaking'
  readonly isUserSpeaking?: boolean
  readonly users?: number
  /** Who has taken it over: the name in the channel. */
  readonly human?: string
  readonly executingMs?: number
  readonly waitingSinceMs?: number
  readonly answerMs?: number
  readonly answerP50Ms?: number
  readonly answerP95Ms?: number
  readonly sentences?: number
  readonly interruptions?: number
}

export interface LiveList {
  /** Newest first; of very many only the newest. */
  readonly calls: readonly LiveCall[]
  readonly total: number
}

export interface LiveNews {
  readonly total: number
  readonly isWhole: boolean
  readonly calls: readonly LiveCall[]
  readonly ended: readonly string[]
}

export const NO_CALLS: LiveList = { calls: [], total: 0 }

export function withNews(list: LiveList, { total, isWhole, calls, ended }: LiveNews): LiveList {
  const all = new Map(isWhole ? [] : list.calls.map((call) => [call.instanceId, call]))
  for (const call of calls) all.set(call.instanceId, call)
  for (const instanceId of ended) all.delete(instanceId)
  return {
    total,
    calls: [...all.values()].toSorted((one, other) => other.createdMs - one.createdMs),
  }
}

/** What is going on in a call, in one word. */
export type Activity =
  | 'waiting'
  | 'connecting'
  | 'human'
  | 'user'
  | 'listening'
  | 'thinking'
  | 'speaking'

export function activityOf({ phase, users, human, isUserSpeaking }: LiveCall): Activity {
  if (phase === undefined) return 'connecting'
  if (users === 0) return 'waiting'
  if (human !== undefined) return 'human'
  return isUserSpeaking === true && phase !== 'speaking' ? 'user' : phase
}

/** The calls that go on, as they change; `undefined` until the server has told. */
export function useLiveCalls(): {
  readonly list: LiveList | undefined
  readonly isConnected: boolean
  /** Whoever is signed in may not look on. */
  readonly isRefused: boolean
  /** What the server's clock is ahead of ours. */
  readonly clockMs: number
} {
  const [list, setList] = useState<LiveList | undefined>()
  const [connection, setConnection] = useState({ isConnected: true, clockMs: 0 })
  const [isRefused, setRefused] = useState(false)
  useEffect(
    () =>
      listen('/console/live', {
        onEvent: ({ name, data }) => {
          if (name === 'calls') setList((before) => withNews(before ?? NO_CALLS, data as LiveNews))
        },
        onConnection: (isConnected, clockMs) => setConnection({ isConnected, clockMs }),
        onRefusal: () => setRefused(true),
      }),
    [],
  )
  return { list, isRefused, ...connection }
}
