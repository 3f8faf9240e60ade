import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Volume } from './volume.ts'

const tone = (amplitude: number): Int16Array =>
  Int16Array.from({ length: 480 }, (_, at) => amplitude * Math.sin((2 * Math.PI * at) / 48))
const peakOf = (frame: Int16Array): number => Math.max(...frame.map(Math.abs))

function settled(percent: number, amplitude: number): number {
  const volume = new Volume()
  volume.setPercent(percent)
  let frame = tone(amplitude)
  for (let count = 0; count < 200; count += 1) {
    frame = tone(amplitude)
    volume.apply(frame)
    assert.ok(peakOf(frame) <= 32_010, 'it clipped')
  }
  return peakOf(frame)
}

test('percent of the sound as it was', () => {
  assert.equal(settled(100, 8000), peakOf(tone(8000)))
  assert.ok(Math.abs(settled(50, 8000) - 4000) < 30)
  assert.ok(Math.abs(settled(200, 8000) - 16_000) < 60)
  assert.equal(settled(0, 8000), 0)
})

test('too loud is limited, not clipped', () => {
  assert.ok(settled(400, 20_000) > 31_000)
})

test('a change is a ramp, not a click', () => {
  const volume = new Volume()
  volume.setPercent(0)
  const frame = new Int16Array(480).fill(10_000)
  volume.apply(frame)
  for (let at = 1; at < frame.length; at += 1)
    assert.ok(Math.abs((frame[at] ?? 0) - (frame[at - 1] ?? 0)) < 60)
  assert.equal(frame.at(-1), 0)
})
