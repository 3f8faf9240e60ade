import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aWhile, type Pump } from './pump.contract.ts'
import type { VadProvider } from './vad.ts'

export interface VadContract {
  readonly name: string
  readonly provider: () => VadProvider
  readonly pump: Pump
  /** Frames with one stretch of speech, quiet before and after. */
  readonly speech: readonly Int16Array[]
  /** Where it begins and ends, by ear; may be off by 150 ms. */
  readonly onsetMs: number
  readonly endMs: number
}

export interface Verdict {
  readonly type: 'start' | 'end'
  readonly atMs: number
  /** `atMs` of the frame last written when it came. */
  readonly knownMs: number
}

/** Writes frames, letting the detector keep up, and gives back what it said. */
export async function watch(
  provider: VadProvider,
  frames: readonly Int16Array[],
  options: { readonly pump: Pump; readonly level?: number; readonly startMs?: number },
): Promise<{ readonly verdicts: Verdict[]; readonly errors: string[] }> {
  const verdicts: Verdict[] = []
  const errors: string[] = []
  let nowMs = options.startMs ?? 0
  const stream = provider.open(
    { level: options.level ?? 11 },
    {
      onSpeechStart: (atMs) => verdicts.push({ type: 'start', atMs, knownMs: nowMs }),
      onSpeechEnd: (atMs) => verdicts.push({ type: 'end', atMs, knownMs: nowMs }),
      onError: (error) => errors.push(error.message),
    },
  )
  for (const frame of frames) {
    nowMs += 20
    stream.write(frame, nowMs)
    await options.pump()
  }
  await aWhile(options.pump, 10)
  stream.close()
  return { verdicts, errors }
}

const quiet = (ms: number): Int16Array[] =>
  Array.from({ length: ms / 20 }, () => new Int16Array(320))

/** What every detector must do; see `vad.ts`. */
export function vadContract(contract: VadContract): void {
  const { name, pump, speech } = contract

  test(`${name}: speech has a start and an end, at their true times`, async () => {
    const startMs = 10_000
    const frames = [...speech, ...quiet(600)]
    const { verdicts, errors } = await watch(contract.provider(), frames, { pump, startMs })
    assert.deepEqual(errors, [])
    assert.deepEqual(
      verdicts.map(({ type }) => type),
      ['start', 'end'],
    )
    const [start, end] = verdicts
    assert.ok(start !== undefined && end !== undefined)
    assert.ok(Math.abs(start.atMs - startMs - contract.onsetMs) <= 150, `onset ${start.atMs}`)
    assert.ok(Math.abs(end.atMs - startMs - contract.endMs) <= 150, `end ${end.atMs}`)
    assert.ok(start.knownMs >= start.atMs && end.knownMs >= end.atMs)
  })

  test(`${name}: silence is not speech`, async () => {
    const { verdicts } = await watch(contract.provider(), quiet(2000), { pump })
    assert.deepEqual(verdicts, [])
  })

  test(`${name}: streams of one provider do not mix`, async () => {
    const provider = contract.provider()
    const [speaking, silent] = await Promise.all([
      watch(provider, [...speech, ...quiet(600)], { pump }),
      watch(provider, quiet(speech.length * 20), { pump }),
    ])
    assert.equal(speaking.verdicts.length, 2)
    assert.deepEqual(silent.verdicts, [])
  })

  test(`${name}: nothing comes after close, which may be called twice`, async () => {
    let events = 0
    const count = (): void => {
      events += 1
    }
    const stream = contract
      .provider()
      .open({ level: 11 }, { onSpeechStart: count, onSpeechEnd: count, onError: count })
    for (const [index, frame] of speech.entries()) stream.write(frame, index * 20)
    stream.close()
    stream.close()
    const seen = events
    for (const [index, frame] of speech.entries()) stream.write(frame, index * 20)
    await aWhile(pump)
    assert.equal(events, seen)
  })

  test(`${name}: speech twice is told twice`, async () => {
    const frames = [...speech, ...quiet(800), ...speech, ...quiet(800)]
    const { verdicts } = await watch(contract.provider(), frames, { pump })
    assert.deepEqual(
      verdicts.map(({ type }) => type),
      ['start', 'end', 'start', 'end'],
    )
  })
}
