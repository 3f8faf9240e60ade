import { OUTPUT_RATE_HZ } from './pcm.ts'

/** The backgrounds that come along, by their ids on the wire. */
export const AMBIENT_IDS = [
  'public_conversation',
  'public_customer_service',
  'public_park',
] as const
export type AmbientId = (typeof AMBIENT_IDS)[number]

/** Loudness of a built-in background at `Volume` 100, as RMS of full scale: -30 dB, some 10 dB below speech. */
export const AMBIENT_RMS = 32_768 * 10 ** (-30 / 20)

const LOOP_S = 24
const LENGTH = LOOP_S * OUTPUT_RATE_HZ
/** Filters run in over so much of the loop's end, so that its beginning follows on from it. */
const RUN_IN = OUTPUT_RATE_HZ
const TAU = 2 * Math.PI

/** A loop of 24 s at 24 kHz without a seam; the same every time. Takes about a second of computing. */
export function makeAmbience(id: AmbientId): Int16Array {
  const random = randomFrom(AMBIENT_IDS.indexOf(id) + 1)
  switch (id) {
    case 'public_conversation':
      return levelled(babble(random, 9))
    case 'public_customer_service':
      return levelled(office(random))
    case 'public_park':
      return levelled(park(random))
  }
}

type Random = () => number

/** Uniform in [0, 1) (mulberry32): what is heard must not depend on the machine or the day. */
function randomFrom(seed: number): Random {
  let state = seed * 0x9e3779b9
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const between = (random: Random, least: number, most: number): number =>
  least + (most - least) * random()

/** Many voices at once, of which no word can be made out. */
function babble(random: Random, voices: number): Float64Array {
  const sound = new Float64Array(LENGTH)
  for (let index = 0; index < voices; index += 1) {
    const far = lowPass(voice(random), between(random, 1500, 3200))
    mix(sound, far, { gain: between(random, 0.5, 1) })
  }
  const room = sound.slice()
  for (const delayMs of [31, 47, 73]) mix(sound, room, { gain: 0.3, delayMs })
  return sound
}

/** Vowels without meaning: a buzz at a wandering pitch, in syllables, through two moving resonances. */
function voice(random: Random): Float64Array {
  const sound = new Float64Array(LENGTH)
  const pitchHz = between(random, 95, 220)
  let at = 0
  while (at < LENGTH) {
    const pause = random() < 0.14 ? between(random, 0.5, 2) : between(random, 0.01, 0.09)
    at += Math.round(pause * OUTPUT_RATE_HZ)
    const length = Math.round(between(random, 0.1, 0.28) * OUTPUT_RATE_HZ)
    addSyllable(sound, at, length, { pitchHz: pitchHz * between(random, 0.85, 1.2), random })
    at += length
  }
  return sound
}

function addSyllable(
  sound: Float64Array,
  at: number,
  length: number,
  { pitchHz, random }: { readonly pitchHz: number; readonly random: Random },
): void {
  const syllable = new Float64Array(length)
  let phase = 0
  for (let index = 0; index < length; index += 1) {
    phase += (pitchHz * (1 - (0.12 * index) / length)) / OUTPUT_RATE_HZ
    if (phase >= 1) {
      phase -= 1
      syllable[index] = 1
    }
    syllable[index] = (syllable[index] ?? 0) + (random() - 0.5) * 0.05
  }
  const low = resonate(syllable, between(random, 300, 800), 90)
  const high = resonate(syllable, between(random, 900, 2200), 140)
  for (let index = 0; index < length; index += 1) {
    const shape = Math.sin((Math.PI * index) / length) ** 2
    add(sound, at + index, ((low[index] ?? 0) + (high[index] ?? 0) * 0.5) * shape)
  }
}

/** A call centre: murmur, somebody typing, two telephones far away, air conditioning. */
function office(random: Random): Float64Array {
  const sound = babble(random, 4)
  scaleTo(sound, 0.6)
  const air = lowPass(noise(random), 400)
  scaleTo(air, 0.35)
  mix(sound, air, { gain: 1 })
  const keys = new Float64Array(LENGTH)
  for (let at = 0.4; at < LOOP_S - 0.3;) {
    addKey(keys, Math.round(at * OUTPUT_RATE_HZ), random)
    at += random() < 0.09 ? between(random, 0.8, 2.6) : between(random, 0.08, 0.24)
  }
  mix(sound, lowPass(keys, 4000), { gain: 1.6 })
  const phones = new Float64Array(LENGTH)
  for (const [startS, hz] of [
    [4, 720],
    [7, 720],
    [15.5, 930],
  ] as const) {
    addRing(phones, Math.round(startS * OUTPUT_RATE_HZ), hz)
  }
  mix(sound, lowPass(phones, 1800), { gain: 0.5 })
  return sound
}

function addKey(sound: Float64Array, at: number, random: Random): void {
  const loud = between(random, 0.4, 1)
  for (let index = 0; index < 480; index += 1) {
    const knock = Math.exp(-index / 60) + 0.5 * Math.exp(-((index - 250) ** 2) / 900)
    add(sound, at + index, (random() - 0.5) * loud * knock * 4)
  }
}

/** A second of an electronic bell: two notes in quick turn. */
function addRing(sound: Float64Array, at: number, hz: number): void {
  for (let index = 0; index < OUTPUT_RATE_HZ; index += 1) {
    const t = index / OUTPUT_RATE_HZ
    const note = Math.floor(t * 20) % 2 === 0 ? hz : hz * 1.25
    const shape = Math.min(1, t * 40, (1 - t) * 40)
    add(sound, at + index, Math.sin(TAU * note * t) * shape)
  }
}

/** Wind in leaves, and birds. */
function park(random: Random): Float64Array {
  const sound = new Float64Array(LENGTH)
  const wind = lowPass(noise(random), 500)
  const leaves = highPass(lowPass(noise(random), 5000), 1500)
  scaleTo(wind, 1)
  scaleTo(leaves, 0.35)
  // Whole numbers of waves in the loop, so that its ends meet.
  const gusts = [1, 2, 3, 5].map((waves) => ({ waves, phase: random() * TAU }))
  for (let index = 0; index < LENGTH; index += 1) {
    const at = (index / LENGTH) * TAU
    const gust = gusts.reduce((sum, { waves, phase }) => sum + Math.sin(waves * at + phase), 0)
    const force = 1 + gust / 6
    sound[index] = (wind[index] ?? 0) * force + (leaves[index] ?? 0) * force * force
  }
  for (let at = 0.5; at < LOOP_S - 1.5; at += between(random, 0.7, 2.4)) addSong(sound, at, random)
  return sound
}

function addSong(sound: Float64Array, startS: number, random: Random): void {
  const [baseHz, sweepHz] = [between(random, 2600, 4800), between(random, -900, 1300)]
  const [loud, noteS] = [between(random, 0.3, 1.3), between(random, 0.06, 0.14)]
  const notes = 2 + Math.floor(random() * 5)
  for (let note = 0; note < notes; note += 1) {
    const start = Math.round((startS + note * noteS * 1.4) * OUTPUT_RATE_HZ)
    const length = Math.round(noteS * OUTPUT_RATE_HZ)
    let phase = 0
    for (let index = 0; index < length; index += 1) {
      phase += (TAU * (baseHz + (sweepHz * index) / length)) / OUTPUT_RATE_HZ
      add(sound, start + index, Math.sin(phase) * loud * Math.sin((Math.PI * index) / length) ** 2)
    }
  }
}

function noise(random: Random): Float64Array {
  return Float64Array.from({ length: LENGTH }, () => random() * 2 - 1)
}

function lowPass(sound: Float64Array, cutoffHz: number): Float64Array {
  const share = 1 - Math.exp((-TAU * cutoffHz) / OUTPUT_RATE_HZ)
  let [first, second] = [0, 0]
  return around(sound, (sample) => {
    first += (sample - first) * share
    second += (first - second) * share
    return second
  })
}

function highPass(sound: Float64Array, cutoffHz: number): Float64Array {
  const low = lowPass(sound, cutoffHz)
  return sound.map((sample, index) => sample - (low[index] ?? 0))
}

/** Filters the loop as if it had been going round for ever. */
function around(sound: Float64Array, filter: (sample: number) => number): Float64Array {
  for (const sample of sound.subarray(-RUN_IN)) filter(sample)
  return sound.map(filter)
}

function resonate(sound: Float64Array, hz: number, widthHz: number): Float64Array {
  const radius = Math.exp((-Math.PI * widthHz) / OUTPUT_RATE_HZ)
  const turn = 2 * radius * Math.cos((TAU * hz) / OUTPUT_RATE_HZ)
  let [before, older] = [0, 0]
  return sound.map((sample) => {
    const next = sample * (1 - radius) + turn * before - radius * radius * older
    older = before
    before = next
    return next
  })
}

/** What runs over the end of the loop goes on at its beginning. */
function add(sound: Float64Array, at: number, value: number): void {
  const index = at % LENGTH
  sound[index] = (sound[index] ?? 0) + value
}

function mix(
  sound: Float64Array,
  other: Float64Array,
  { gain, delayMs = 0 }: { readonly gain: number; readonly delayMs?: number },
): void {
  const delay = Math.round((delayMs * OUTPUT_RATE_HZ) / 1000)
  for (const [index, value] of other.entries()) add(sound, index + delay, value * gain)
}

const rmsOf = (sound: Float64Array): number =>
  Math.sqrt(sound.reduce((sum, sample) => sum + sample * sample, 0) / sound.length)

function scaleTo(sound: Float64Array, rms: number): void {
  const gain = rms / Math.max(1e-9, rmsOf(sound))
  for (const [index, sample] of sound.entries()) sound[index] = sample * gain
}

function levelled(sound: Float64Array): Int16Array {
  scaleTo(sound, AMBIENT_RMS)
  return Int16Array.from(sound, (sample) => Math.max(-24_000, Math.min(24_000, Math.round(sample))))
}
