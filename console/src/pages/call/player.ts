import { useMemo, useRef, useState } from 'preact/hooks'
import type { Recording } from './call.ts'
import { usePlayback } from './use-playback.ts'

/** Plays what was recorded, by the times of the call (ms since its start). */
export interface Player {
  /** Where it is; `undefined` before anything was played. */
  readonly atMs: number | undefined
  readonly isPlaying: boolean
  readonly hasFailed: boolean
  /** The recording of the whole call, for the audio element. */
  readonly whole: Recording | undefined
  /** There is sound of that time, or of that line. */
  canPlay(lineId?: number): boolean
  seek(atMs: number): void
  /** From one time to another, or a line's own recording where there is none of the whole call. */
  play(part: { readonly fromMs: number; readonly untilMs: number; readonly lineId?: number }): void
  pause(): void
  readonly audio: { current: HTMLAudioElement | null }
}

/** `startMs`: of the call, since 1970. */
export function usePlayer(recordings: readonly Recording[], startMs: number): Player {
  const audio = useRef<HTMLAudioElement | null>(null)
  const whole = recordings.find(({ kind }) => kind === 'call')
  const [clip, setClip] = useState<Recording | undefined>()
  const [atMs, setAtMs] = useState<number | undefined>()
  const [isPlaying, setPlaying] = useState(false)
  const [hasFailed, setFailed] = useState(false)
  const untilMs = useRef<number | undefined>(undefined)
  const shown = clip ?? whole
  const offsetMs = (shown?.startMs ?? startMs) - startMs

  usePlayback(audio, shown?.url, {
    onTime: (playedMs) => {
      const now = playedMs + offsetMs
      setAtMs(now)
      if (untilMs.current !== undefined && now >= untilMs.current) audio.current?.pause()
    },
    onSeeked: (playedMs) => setAtMs(playedMs + offsetMs),
    onPlaying: (isOn) => {
      setPlaying(isOn)
      if (isOn) setFailed(false)
      else untilMs.current = undefined
    },
    onError: () => setFailed(true),
  })

  return useMemo(() => {
    const start = (recording: Recording, fromMs: number): void => {
      const element = audio.current
      if (element === null) return
      if (!element.src.endsWith(recording.url)) element.src = recording.url
      element.currentTime = Math.max(0, fromMs - (recording.startMs - startMs)) / 1000
    }
    const lineOf = (lineId: number | undefined): Recording | undefined =>
      recordings.find((one) => one.kind === 'sentence' && one.lineId === lineId)
    return {
      audio,
      whole,
      atMs,
      isPlaying,
      hasFailed,
      canPlay: (lineId) => whole !== undefined || lineOf(lineId) !== undefined,
      seek: (toMs) => {
        if (whole === undefined) return
        untilMs.current = undefined
        setClip(undefined)
        start(whole, toMs)
        setAtMs(toMs)
      },
      play: ({ fromMs, untilMs: until, lineId }) => {
        const recording = whole ?? lineOf(lineId)
        if (recording === undefined) return
        setClip(recording === whole ? undefined : recording)
        start(recording, recording === whole ? fromMs : recording.startMs - startMs)
        untilMs.current = recording === whole ? until : undefined
        void audio.current?.play().catch(() => {})
      },
      pause: () => audio.current?.pause(),
    }
  }, [recordings, startMs, whole, atMs, isPlaying, hasFailed])
}
