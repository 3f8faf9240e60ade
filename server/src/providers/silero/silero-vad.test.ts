import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { framesOf, readWav } from '../../../test/audio/read-wav.ts'
import { silentLog } from '../../base/log.ts'
import { systemClock } from '../../base/system-clock.ts'
import type { Pump } from '../../ports/pump.contract.ts'
import { vadContract, watch, type Verdict } from '../../ports/vad.contract.ts'
import { SileroVad } from './silero-vad.ts'

const silero = new SileroVad({ log: silentLog })
after(() => silero.close())
const loaded = await silero.load()

/** Each frame waits for the answers about those before it, as it would in real time. */
const quick: Pump = async () => {
  do await new Promise<void>((resolve) => void systemClock.after(0, resolve))
  while (silero.pendingWindows > 0)
}

vadContract({
  name: 'silero',
  provider: () => silero,
  pump: quick,
  speech: framesOf(readWav('en_06')),
  onsetMs: 510,
  endMs: 2430,
})

const hear = async (file: string, level?: number): Promise<Verdict[]> => {
  const frames = [...framesOf(readWav(file)), ...framesOf(new Int16Array(16_000))]
  const { verdicts, errors } = await watch(silero, frames, { pump: quick, level })
  assert.deepEqual(errors, [])
  return verdicts
}

test('silero: the model loads', () => {
  assert.deepEqual(loaded, { ok: true, value: undefined })
})

test('silero: noise and a tone are not speech', async () => {
  for (const file of ['noise_pink_3s', 'tone_1khz_1s', 'silence_2s'])
    for (const level of [0, 11]) assert.deepEqual(await hear(file, level), [], file)
})

test('silero: a start is known within 220 ms of the first sound, an end within 200 ms', async () => {
  // Where the level of the recordings passes −45 dB, in ms.
  const truth = { en_01: [460, 2490], en_02: [550, 3490], en_05: [440, 3370], en_09: [450, 3650] }
  for (const [file, [onsetMs = 0, endMs = 0]] of Object.entries(truth)) {
    const verdicts = await hear(file)
    const [start, end] = verdicts
    assert.equal(verdicts.length, 2, file)
    assert.ok(start !== undefined && end !== undefined)
    assert.ok(Math.abs(start.atMs - onsetMs) <= 60, `${file} onset ${start.atMs}`)
    assert.ok(start.knownMs - onsetMs <= 220, `${file} known ${start.knownMs}`)
    assert.ok(Math.abs(end.atMs - endMs) <= 80, `${file} end ${end.atMs}`)
    assert.ok(end.knownMs - endMs <= 200, `${file} end known ${end.knownMs}`)
  }
})

test('silero: a hole of 0.9 s and two turns are two stretches of speech', async () => {
  for (const file of ['en_pause_700ms', 'en_two_turns']) {
    const verdicts = await hear(file)
    assert.deepEqual(
      verdicts.map(({ type }) => type),
      ['start', 'end', 'start', 'end'],
      file,
    )
  }
})

test('silero: a voice far softer than the user is background at level 11, not at level 5', async () => {
  const user = framesOf(readWav('en_06'))
  const other = user.map((frame) => frame.map((sample) => sample / 20))
  const frames = [...user, ...other, ...framesOf(new Int16Array(16_000))]
  const starts = async (level: number): Promise<number> => {
    const { verdicts } = await watch(silero, frames, { pump: quick, level })
    return verdicts.filter(({ type }) => type === 'start').length
  }
  assert.equal(await starts(11), 1)
  assert.equal(await starts(5), 2)
})

test('silero: speech at the very first frame is heard', async () => {
  const frames = framesOf(readWav('en_06')).slice(26)
  const { verdicts } = await watch(silero, frames, { pump: quick })
  assert.equal(verdicts[0]?.type, 'start')
  assert.ok((verdicts[0]?.knownMs ?? Infinity) < 300)
})
