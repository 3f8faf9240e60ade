import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AMBIENT_IDS, makeAmbience } from './ambience.ts'
import { OUTPUT_FRAME_SAMPLES } from './pcm.ts'
import { seamless, SoundLoop } from './sound-loop.ts'

/** The largest step between neighbours, which is what a click is. */
function steepest(sound: Int16Array): number {
  let most = 0
  for (let index = 1; index < sound.length; index += 1)
    most = Math.max(most, Math.abs((sound[index] ?? 0) - (sound[index - 1] ?? 0)))
  return most
}

const sine = (length: number, waveSamples: number): Int16Array =>
  Int16Array.from({ length }, (_, index) => 8000 * Math.sin((2 * Math.PI * index) / waveSamples))

function play(loop: SoundLoop, frames: number, gain = 1): Int16Array {
  const played = new Int16Array(frames * OUTPUT_FRAME_SAMPLES)
  for (let frame = 0; frame < frames; frame += 1)
    played.set(loop.mixInto(undefined, gain), frame * OUTPUT_FRAME_SAMPLES)
  return played
}

test('a sound that does not end as it begins goes round without a click', () => {
  const cut = sine(10_000, 237.7)
  const rough = play(new SoundLoop(cut, 1), 60)
  const smooth = play(new SoundLoop(seamless(cut), 1), 60)
  const own = steepest(cut)
  assert.ok(steepest(rough) > 4 * own, 'the sound was smooth by itself')
  assert.ok(steepest(smooth) < 1.5 * own, `${steepest(smooth)} against ${own}`)
})

test('it is never silent, whatever is said over it, and keeps its loudness under speech', () => {
  const loop = new SoundLoop(sine(4800, 48), 0.5)
  const speech = new Int16Array(OUTPUT_FRAME_SAMPLES).fill(1000)
  const under = loop.mixInto(speech, 0.5).slice()
  const alone = loop.mixInto(undefined, 0.5).slice()
  assert.ok(Math.abs(Math.max(...under) - 5000) < 20 && Math.abs(Math.max(...alone) - 4000) < 20)
  assert.ok(under.every((sample, index) => Math.abs(sample - 1000 - (alone[index] ?? 0)) < 2))
})

test('a change of volume is a ramp', () => {
  const loop = new SoundLoop(new Int16Array(48_000).fill(10_000), 0)
  const first = loop.mixInto(undefined, 1).slice()
  assert.ok(steepest(first) < 50 && first.at(-1) === 10_000)
  assert.equal(loop.mixInto(undefined, 1)[0], 10_000)
})

test('the built-in backgrounds differ, do not clip, and go round without a seam', () => {
  const sounds = AMBIENT_IDS.map(makeAmbience)
  for (const [index, sound] of sounds.entries()) {
    const turn = new Int16Array([...sound.subarray(-200), ...sound.subarray(0, 200)])
    assert.ok(steepest(turn) <= steepest(sound), AMBIENT_IDS[index])
    assert.ok(sound.every((sample) => Math.abs(sample) < 24_000))
  }
  assert.notDeepEqual(sounds[0]?.subarray(0, 100), sounds[1]?.subarray(0, 100))
})
