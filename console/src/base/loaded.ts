import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Answer, ApiFailure } from './api.ts'
import { signedOut } from './session.ts'

export type Loaded<Value> =
  | { readonly state: 'loading'; readonly value?: Value }
  | { readonly state: 'here'; readonly value: Value }
  | { readonly state: 'failed'; readonly failure: ApiFailure; readonly value?: Value }

/**
 * What an operation answered, asked anew when `key` changes or `reload` is called. The value of before stays
 * while a new one is on its way; an answer that comes too late for its key is dropped.
 */
export function useLoaded<Value>(
  load: () => Promise<Answer<Value>>,
  key: string,
): Loaded<Value> & { reload(): void } {
  const [loaded, setLoaded] = useState<Loaded<Value>>({ state: 'loading' })
  const run = useRef(0)
  const latest = useRef(load)
  latest.current = load
  const reload = useCallback(() => {
    const own = ++run.current
    setLoaded((before) => ({ ...before, state: 'loading' }))
    void latest.current().then((answer) => {
      if (own !== run.current) return
      if (answer.ok) setLoaded({ state: 'here', value: answer.value })
      else {
        if (answer.failure.type === 'signed-out') signedOut()
        setLoaded((before) => ({ ...before, state: 'failed', failure: answer.failure }))
      }
    })
  }, [])
  useEffect(() => {
    reload()
    return () => void run.current++
  }, [key, reload])
  return { ...loaded, reload }
}
