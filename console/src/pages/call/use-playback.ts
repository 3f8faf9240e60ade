import { useEffect, useRef } from 'preact/hooks'

/** Times are of the sound itself, ms since its beginning. */
interface PlaybackEvents {
  /** While it plays, as often as the screen is drawn. */
  onTime(playedMs: number): void
  onSeeked(playedMs: number): void
  onPlaying(isPlaying: boolean): void
  onError(): void
}

/** Tells what an audio element does; `url`: of the sound that it has, or will have. */
export function usePlayback(
  audio: { readonly current: HTMLAudioElement | null },
  url: string | undefined,
  events: PlaybackEvents,
): void {
  const latest = useRef(events)
  latest.current = events
  useEffect(() => {
    const element = audio.current
    if (element === null) return
    let frame = 0
    const playedMs = (): number => element.currentTime * 1000
    const look = (): void => {
      latest.current.onTime(playedMs())
      if (!element.paused) frame = requestAnimationFrame(look)
    }
    const listeners = {
      play: () => {
        latest.current.onPlaying(true)
        cancelAnimationFrame(frame)
        frame = requestAnimationFrame(look)
      },
      pause: () => latest.current.onPlaying(false),
      seeked: () => latest.current.onSeeked(playedMs()),
      error: () => latest.current.onError(),
    }
    for (const [name, listener] of Object.entries(listeners))
      element.addEventListener(name, listener)
    return () => {
      cancelAnimationFrame(frame)
      for (const [name, listener] of Object.entries(listeners))
        element.removeEventListener(name, listener)
    }
  }, [url])
}
