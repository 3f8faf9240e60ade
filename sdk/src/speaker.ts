import { openLevelMeter, type LevelMeter } from './level-meter.ts'

/** Plays the agent's voice. */
export interface Speaker {
  play(stream: MediaStream): void
  /** Tries again after the browser refused to play; call it from a click. */
  resume(): void
  setMuted(isMuted: boolean): void
  volume(): number
  /** May be called twice. */
  close(): void
}

/** `onBlocked`: the browser wants a click before it plays. Any click or key on the page then does. */
export function openSpeaker(onBlocked: () => void): Speaker {
  const audio = new Audio()
  audio.autoplay = true
  let meter: LevelMeter | undefined
  const unlock = new AbortController()
  const resume = (): void => {
    audio.play().catch((error: unknown) => {
      if ((error as { name?: string }).name === 'NotAllowedError') onBlocked()
    })
  }
  const onGesture = (): void => {
    if (audio.srcObject !== null && audio.paused) resume()
  }
  for (const gesture of ['pointerdown', 'keydown'])
    document.addEventListener(gesture, onGesture, { signal: unlock.signal })
  return {
    play: (stream) => {
      meter?.close()
      meter = openLevelMeter(stream)
      audio.srcObject = stream
      resume()
    },
    resume,
    setMuted: (isMuted) => {
      audio.muted = isMuted
    },
    volume: () => meter?.volume() ?? 0,
    close: () => {
      unlock.abort()
      meter?.close()
      meter = undefined
      audio.srcObject = null
    },
  }
}
