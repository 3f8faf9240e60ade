import { useEffect, useRef, useState } from 'preact/hooks'
import type { CallLog } from './log.ts'
import type { OtherAnswer } from './what-if-run.ts'

interface Change {
  /** Of the setting, as `AsrConfig.AsrMaxSilence`. */
  readonly path: string
  readonly value: unknown
}

interface Replaying {
  readonly answer: OtherAnswer | undefined
  readonly isBusy: boolean
  play(log: CallLog, changes: readonly Change[]): void
  forget(): void
}

/** Has a worker play calls again; what it is busy with is given up when something else is asked of it. */
export function useReplay(): Replaying {
  const worker = useRef<Worker | undefined>(undefined)
  const [answer, setAnswer] = useState<OtherAnswer | undefined>()
  const [isBusy, setBusy] = useState(false)
  const stop = (): void => {
    worker.current?.terminate()
    worker.current = undefined
    setBusy(false)
  }
  useEffect(() => stop, [])
  return {
    answer,
    isBusy,
    play: (log, changes) => {
      stop()
      setBusy(true)
      const made = new Worker(new URL('./what-if-worker.ts', import.meta.url), { type: 'module' })
      worker.current = made
      const finish = (given: OtherAnswer): void => {
        if (worker.current !== made) return
        setAnswer(given)
        stop()
      }
      made.addEventListener('message', ({ data }: MessageEvent<OtherAnswer>) => finish(data))
      made.addEventListener('error', ({ message }) => finish({ ok: false, error: message }))
      made.postMessage({ log, changes })
    },
    forget: () => {
      stop()
      setAnswer(undefined)
    },
  }
}
