import { readFileSync } from 'node:fs'
import { INPUT_FRAME_SAMPLES, INPUT_RATE_HZ } from '../../src/media/pcm.ts'
import { readWav as parseWav } from '../../src/media/wav.ts'

/** A file of this folder: 16 kHz mono. */
export function readWav(name: string): Int16Array {
  const sound = parseWav(readFileSync(new URL(`./${name}.wav`, import.meta.url)))
  if (!sound.ok) throw new Error(`${name}.wav: ${sound.error}`)
  if (sound.value.sampleRateHz !== INPUT_RATE_HZ) throw new Error(`${name}.wav is not at 16 kHz`)
  return sound.value.samples
}

/** The sound in frames of 20 ms; what is left at the end is filled up with silence. */
export function framesOf(samples: Int16Array): Int16Array[] {
  const frames: Int16Array[] = []
  for (let at = 0; at < samples.length; at += INPUT_FRAME_SAMPLES) {
    const frame = new Int16Array(INPUT_FRAME_SAMPLES)
    frame.set(samples.subarray(at, at + INPUT_FRAME_SAMPLES))
    frames.push(frame)
  }
  return frames
}
