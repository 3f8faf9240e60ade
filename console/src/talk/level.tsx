import { useEffect, useRef } from 'preact/hooks'

/** Sets `--level` of an element, from 0 to 1, on every picture that the browser draws. */
export function useLevel<Shown extends HTMLElement>(volume: () => number) {
  const shown = useRef<Shown>(null)
  const read = useRef(volume)
  read.current = volume
  useEffect(() => {
    let level = -1
    let frame = 0
    const draw = (): void => {
      const next = Math.round((read.current() / 255) * 50) / 50
      // Set by script, which a policy against inline styles allows.
      if (next !== level) shown.current?.style.setProperty('--level', String(next))
      level = next
      frame = requestAnimationFrame(draw)
    }
    draw()
    return () => cancelAnimationFrame(frame)
  }, [])
  return shown
}

/** How loud the microphone is. */
export function Gauge({ volume }: { volume: () => number }) {
  const shown = useLevel<HTMLDivElement>(volume)
  return (
    <div ref={shown} class="gauge" aria-hidden="true">
      <i />
    </div>
  )
}
