import { useEffect, useState } from 'preact/hooks'

/** A value that parts of the page share; those that show it are drawn again when it changes. */
export interface Shared<Value> {
  readonly now: Value
  set(value: Value): void
  /** Calls `listener` at every change, until the function returned is called. */
  onChange(listener: (value: Value) => void): () => void
}

export function shared<Value>(first: Value): Shared<Value> {
  const listeners = new Set<(value: Value) => void>()
  let now = first
  return {
    get now() {
      return now
    },
    set(value) {
      if (Object.is(value, now)) return
      now = value
      for (const listener of listeners) listener(value)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

export function useShared<Value>(value: Shared<Value>): Value {
  const [now, setNow] = useState(value.now)
  useEffect(() => {
    setNow(() => value.now)
    return value.onChange((next) => setNow(() => next))
  }, [value])
  return now
}

/** Storage may be forbidden by the browser; then nothing is remembered. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`antiphon.${key}`)
  } catch {
    return null
  }
}

export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(`antiphon.${key}`, value)
  } catch {}
}
