import { writeFileSync } from 'node:fs'
import { INPUT_RATE_HZ } from '../../src/media/pcm.ts'
import { writeWav } from '../../src/media/wav.ts'
import { readWav } from '../audio/read-wav.ts'

/** Silence in ms, or the name of a recording in `test/audio`. */
export type Sound = number | string

/** What a browser's microphone hears, as a WAV file, and when each recording in it begins and ends. */
export interface MicrophoneFile {
  readonly durationMs: number
  startMs(name: string): number
  endMs(name: string): number
}

/**
 * Writes sounds one after the other. The browser reads the file anew each time it opens the microphone, so
 * that every call of a test can have its own.
 */
export function writeMicrophoneFile(path: string, sounds: readonly Sound[]): MicrophoneFile {
  const parts = sounds.map((sound) =>
    typeof sound === 'number' ? new Int16Array(samplesOf(sound)) : readWav(sound),
  )
  const places = new Map<string, { readonly startMs: number; readonly endMs: number }>()
  let length = 0
  for (const [index, part] of parts.entries()) {
    const startMs = msOf(length)
    length += part.length
    const sound = sounds[index]
    if (typeof sound === 'string') places.set(sound, { startMs, endMs: msOf(length) })
  }
  const samples = new Int16Array(length)
  let at = 0
  for (const part of parts) {
    samples.set(part, at)
    at += part.length
  }
  writeFileSync(path, writeWav({ sampleRateHz: INPUT_RATE_HZ, samples }))
  const placeOf = (name: string): { readonly startMs: number; readonly endMs: number } => {
    const place = places.get(name)
    if (place === undefined) throw new Error(`${name} is not in the microphone file`)
    return place
  }
  return {
    durationMs: msOf(length),
    startMs: (name) => placeOf(name).startMs,
    endMs: (name) => placeOf(name).endMs,
  }
}

const samplesOf = (ms: number): number => (ms * INPUT_RATE_HZ) / 1000
const msOf = (samples: number): number => (samples * 1000) / INPUT_RATE_HZ
