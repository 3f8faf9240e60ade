import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureTone, tone } from '../../test/tone.ts'
import { Resampler } from './resample.ts'

function resampleIn(pieces: readonly Int16Array[], fromHz: number, toHz: number): Int16Array {
  const resampler = new Resampler({ fromHz, toHz })
  const parts = pieces.map((piece) => resampler.process(piece).slice())
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const PAIRS = [
  [8000, 16_000],
  [16_000, 24_000],
  [22_050, 24_000],
  [44_100, 24_000],
  [22_050, 16_000],
  [48_000, 16_000],
  [24_000, 16_000],
  [24_000, 48_000],
  [24_000, 8000],
] as const

test('a tone keeps its pitch and level, 55 dB above all else', () => {
  for (const [fromHz, toHz] of PAIRS) {
    const input = tone({ hz: 1000, rateHz: fromHz, samples: fromHz })
    const output = resampleIn([input], fromHz, toHz).subarray(toHz / 10, (toHz * 9) / 10)
    const { amplitude, overRestDb } = measureTone(output, { hz: 1000, rateHz: toHz })
    assert.ok(Math.abs(amplitude - 10_000) < 100, `${fromHz} to ${toHz}: amplitude ${amplitude}`)
    assert.ok(overRestDb > 55, `${fromHz} to ${toHz}: ${overRestDb} dB`)
  }
})

test('what the lower rate cannot carry is gone, not folded down', () => {
  const input = tone({ hz: 10_000, rateHz: 48_000, samples: 48_000 })
  const output = resampleIn([input], 48_000, 16_000)
  const loudest = output.subarray(100).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  assert.ok(loudest < 30, String(loudest))
})

test('pieces of any length join without a seam', () => {
  const input = tone({ hz: 440, rateHz: 22_050, samples: 22_050 })
  const whole = resampleIn([input], 22_050, 24_000)
  const pieces: Int16Array[] = []
  for (let at = 0, length = 1; at < input.length; at += length, length = (length * 7 + 3) % 601)
    pieces.push(input.subarray(at, at + length))
  assert.deepEqual(resampleIn(pieces, 22_050, 24_000), whole)
  assert.ok(Math.abs(whole.length - 24_000) <= 1)
})

test('flush gives the end of the sound, and nothing of it stays behind', () => {
  const resampler = new Resampler({ fromHz: 8000, toHz: 16_000 })
  const loud = new Int16Array(160).fill(8000)
  resampler.process(loud)
  assert.ok(resampler.flush().some((sample) => sample > 7000))
  assert.ok(resampler.process(new Int16Array(160)).every((sample) => sample === 0))
})

test('loud sound is limited, not wrapped', () => {
  const square = Int16Array.from({ length: 800 }, (_, i) => (i % 80 < 40 ? 32_767 : -32_768))
  const output = resampleIn([square], 8000, 24_000)
  for (const [i, sample] of output.entries()) {
    const phase = (i - 48) % 240
    if (phase > 20 && phase < 100) assert.ok(sample > 20_000, `${i}: ${sample}`)
  }
})
