import assert from 'node:assert/strict'
import { silentLog } from '../../src/base/log.ts'
import { systemClock } from '../../src/base/system-clock.ts'
import { INPUT_RATE_HZ } from '../../src/media/pcm.ts'
import { moonshineAsr } from '../../src/providers/moonshine/moonshine-asr.ts'
import { framesOf } from '../audio/read-wav.ts'

const WINDOW_MS = 5
const WINDOW_SAMPLES = (INPUT_RATE_HZ * WINDOW_MS) / 1000
/** Louder than this is sound: speech lies 20 to 40 dB above, a faded voice below. */
const SOUND_RMS = 32_768 * 10 ** (-50 / 20)

/** Sound at 16 kHz, cut out by time. */
export function cut(sound: Int16Array, fromMs: number, toMs = Infinity): Int16Array {
  return sound.subarray((fromMs * INPUT_RATE_HZ) / 1000, (toMs * INPUT_RATE_HZ) / 1000)
}

export const lengthMs = (sound: Int16Array): number => (sound.length * 1000) / INPUT_RATE_HZ

/** When sound begins, looked for from `fromMs` on, to within 5 ms. */
export function soundStartMs(sound: Int16Array, fromMs = 0): number | undefined {
  for (let atMs = fromMs; atMs < lengthMs(sound); atMs += WINDOW_MS)
    if (isLoud(sound, atMs)) return atMs
  return undefined
}

/** When sound ends that is followed by at least `quietMs` without any. */
export function soundEndMs(sound: Int16Array, fromMs: number, quietMs: number): number {
  let endMs = fromMs
  for (let atMs = fromMs; atMs - endMs < quietMs && atMs < lengthMs(sound); atMs += WINDOW_MS)
    if (isLoud(sound, atMs)) endMs = atMs + WINDOW_MS
  return endMs
}

function isLoud(sound: Int16Array, atMs: number): boolean {
  const start = Math.round((atMs * INPUT_RATE_HZ) / 1000)
  let sum = 0
  for (let at = start; at < start + WINDOW_SAMPLES; at += 1) sum += (sound[at] ?? 0) ** 2
  return Math.sqrt(sum / WINDOW_SAMPLES) > SOUND_RMS
}

/** The project's own recogniser, for what a test has recorded. */
export interface Hearing {
  transcribe(sound: Int16Array): Promise<string>
  close(): void
}

export async function openHearing(cacheFolder: string): Promise<Hearing> {
  const asr = moonshineAsr({
    clock: systemClock,
    log: silentLog,
    model: 'tiny',
    cacheFolder,
  })
  assert.deepEqual(await asr.load(), { ok: true, value: undefined })
  return {
    transcribe: (sound) =>
      new Promise((resolve, reject) => {
        const stream = asr.open(
          { languageId: 'en', hotWords: [], customParams: '' },
          {
            onPartial: () => undefined,
            onFinal: (text) => {
              stream.close()
              resolve(text)
            },
            onError: ({ message }) => reject(new Error(message)),
          },
        )
        for (const frame of framesOf(sound)) stream.write(frame)
        stream.flush(1)
      }),
    close: () => asr.close(),
  }
}

/** The part of the words of `said` that occur in `heard`, from 0 to 1. */
export function partHeard(said: string, heard: string): number {
  const words = (text: string): string[] => text.toLowerCase().match(/[a-z']+/g) ?? []
  const known = new Set(words(heard))
  const wanted = words(said)
  return wanted.filter((word) => known.has(word)).length / wanted.length
}
