import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

/** How wide an element is, as it changes; 0 before it is drawn. */
export function useWidth<Shown extends Element>(): readonly [RefObject<Shown | null>, number] {
  const ref = useRef<Shown>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const shown = ref.current
    if (shown === null) return
    const observer = new ResizeObserver(() => setWidth(shown.getBoundingClientRect().width))
    observer.observe(shown)
    return () => observer.disconnect()
  }, [])
  return [ref, width]
}
