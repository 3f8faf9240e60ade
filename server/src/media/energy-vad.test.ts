import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { EnergyVad } from './energy-vad.ts'
import { INPUT_FRAME_SAMPLES } from './pcm.ts'
import { readWav } from './wav.ts'

function recording(name: string): Int16Array {
  const wav = readWav(readFileSync(new URL(`../../test/audio/${name}.wav`, import.meta.url)))
  assert.ok(wav.ok, `${name}: ${wav.ok ? '' : wav.error}`)
  return wav.value.samples
}

/** What the detector says of a sound: start and end of each stretch, in ms. */
function stretchesIn(samples: Int16Array, vad = new EnergyVad()): number[][] {
  const stretches: number[][] = []
  for (let at = 0; at + INPUT_FRAME_SAMPLES <= samples.length; at += INPUT_FRAME_SAMPLES) {
    const change = vad.write(samples.subarray(at, at + INPUT_FRAME_SAMPLES), at / 16 + 20)
    if (change === 'start') stretches.push([vad.onsetMs])
    if (change === 'end') stretches.at(-1)?.push(vad.endMs)
  }
  return stretches
}

test('silence, noise and a tone that are there from the beginning do not open it', () => {
  for (const name of ['silence_2s', 'noise_pink_3s', 'tone_1khz_1s'])
    assert.deepEqual(stretchesIn(recording(name)), [], name)
})

test('a sentence is one stretch, its ends within 100 ms', () => {
  const [first, ...rest] = stretchesIn(recording('en_01'), new EnergyVad({ endMs: 400 }))
  assert.deepEqual(rest, [])
  const [startMs = 0, endMs = 0] = first ?? []
  assert.ok(startMs >= 400 && startMs <= 520, String(startMs))
  assert.ok(endMs >= 2380 && endMs <= 2520, String(endMs))
})

test('two turns are two stretches', () => {
  const stretches = stretchesIn(recording('en_two_turns'), new EnergyVad({ endMs: 400 }))
  assert.equal(stretches.length, 2, JSON.stringify(stretches))
})

test('speech 10 dB above noise is found', () => {
  const stretches = stretchesIn(recording('en_03_pink_10db'), new EnergyVad({ endMs: 400 }))
  assert.ok(stretches.length >= 1)
  const [startMs = 0] = stretches[0] ?? []
  assert.ok(Math.abs(startMs - 500) < 120, JSON.stringify(stretches))
})

test('noise that sets in later is taken for speech at first, then becomes the floor', () => {
  const noise = recording('noise_pink_3s')
  const sound = new Int16Array(16_000 + 2 * noise.length)
  sound.set(noise, 16_000)
  sound.set(noise, 16_000 + noise.length)
  const [first, ...rest] = stretchesIn(sound)
  assert.deepEqual(rest, [])
  assert.equal(first?.[0], 1000)
  assert.ok((first?.[1] ?? Infinity) < 3500, JSON.stringify(first))
})

test('a click is not speech', () => {
  const sound = new Int16Array(16_000)
  sound.fill(20_000, 8000, 8200)
  assert.deepEqual(stretchesIn(sound), [])
})
