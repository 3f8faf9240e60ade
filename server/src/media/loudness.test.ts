import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Loudness, TARGET_RMS } from './loudness.ts'

const RATE_HZ = 24_000

/** Something like speech: syllables of a tone at 4 Hz with pauses, of that RMS while they last. */
function syllables(seconds: number, rms: number): Int16Array {
  return Int16Array.from({ length: seconds * RATE_HZ }, (_, index) => {
    const t = index / RATE_HZ
    const isPause = t % 2 > 1.6
    const shape = (0.7 + 0.3 * Math.sin(2 * Math.PI * 4 * t)) / 0.731
    return isPause ? 0 : rms * Math.SQRT2 * shape * Math.sin(2 * Math.PI * 220 * t)
  })
}

const rmsOf = (sound: Int16Array): number => {
  const loud = sound.filter((sample) => sample !== 0)
  return Math.sqrt(loud.reduce((sum, sample) => sum + sample * sample, 0) / loud.length)
}
const dB = (ratio: number): number => 20 * Math.log10(ratio)

test('a soft and a loud voice come to the same loudness within some seconds', () => {
  for (const rms of [TARGET_RMS / 3, TARGET_RMS * 2.5]) {
    const out = new Loudness().process(syllables(8, rms))
    const end = dB(rmsOf(out.subarray(-2 * RATE_HZ)) / TARGET_RMS)
    assert.ok(Math.abs(end) < 2.5, `${rms}: ${end} dB off`)
    const start = dB(rmsOf(out.subarray(0, RATE_HZ / 4)) / rms)
    assert.ok(Math.abs(start) < 2, `it began with a jump of ${start} dB`)
  }
})

test('it does not pump: no word is changed within itself, no pause is lifted', () => {
  const loudness = new Loudness()
  loudness.process(syllables(10, TARGET_RMS / 2))
  const settled = loudness.gain
  const gains: number[] = []
  const more = syllables(10, TARGET_RMS / 2)
  for (let at = 0; at < more.length; at += 480) {
    loudness.process(more.subarray(at, at + 480))
    gains.push(loudness.gain)
  }
  const swing = dB(Math.max(...gains) / Math.min(...gains))
  assert.ok(swing < 1, `${swing} dB of swing`)
  assert.ok(Math.abs(dB(settled / 2)) < 2.5, `gain ${settled}`)
  loudness.process(new Int16Array(20 * RATE_HZ))
  assert.ok(Math.abs(dB(loudness.gain / (gains.at(-1) ?? 0))) < 0.01, 'silence changed it')
})

test('a sudden shout does not clip, and what is far too soft is not blown up', () => {
  const loudness = new Loudness()
  loudness.process(syllables(8, TARGET_RMS / 4))
  const shout = Int16Array.from({ length: 9600 }, (_, i) => 30_000 * Math.sin(i / 5))
  const out = loudness.process(shout)
  assert.ok(out.every((sample) => Math.abs(sample) <= 32_000))
  const whisper = new Loudness()
  whisper.process(syllables(20, TARGET_RMS / 20))
  assert.ok(whisper.gain <= 4, String(whisper.gain))
})

test('pieces of any length give the same sound as the whole, and the given one is left alone', () => {
  const sound = syllables(3, 1000)
  const kept = sound.slice()
  const whole = new Loudness().process(sound)
  assert.deepEqual(sound, kept)
  const loudness = new Loudness()
  const pieces = [0, 4800, 24_000, 33_600].map((at, index, all) =>
    loudness.process(sound.subarray(at, all[index + 1] ?? sound.length)),
  )
  assert.deepEqual(Int16Array.from(pieces.flatMap((piece) => [...piece])), whole)
})
