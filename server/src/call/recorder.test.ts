import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SentenceNote } from '../dialogue/events.ts'
import type { RecordedSentence, RecordingWriter } from '../ports/recordings.ts'
import { Recorder } from './recorder.ts'

const WALL_MS = 1_790_000_000_000

/** A frame of so much of one value. */
const frame = (samples: number, value: number): Int16Array => new Int16Array(samples).fill(value)

class Sink implements RecordingWriter {
  readonly pieces: { readonly atMs: number; readonly sound: Int16Array }[] = []
  readonly sentences: RecordedSentence[] = []
  writeCall(atMs: number, interleaved: Int16Array): void {
    this.pieces.push({ atMs, sound: interleaved.slice() })
  }
  writeSentence(sentence: RecordedSentence): void {
    this.sentences.push(sentence)
  }
  close(): Promise<void> {
    return Promise.resolve()
  }
  /** What a side's sound is at a time of the call, in ms. */
  at(ms: number, side: 0 | 1): number | undefined {
    const piece = this.pieces.findLast(({ atMs }) => atMs <= WALL_MS + ms)
    return piece?.sound[Math.round((WALL_MS + ms - piece.atMs) * 16) * 2 + side]
  }
}

function recorder(sink: Sink): Recorder {
  const settings = { call: true, sentences: true }
  return new Recorder({ settings, writer: sink, wallOffsetMs: WALL_MS, hasBegun: false })
}

const note = (sentence: Partial<SentenceNote>) => ({
  type: 'note-sentence' as const,
  sentence: {
    entryId: 1,
    turnId: 1,
    role: 'user' as const,
    kind: 'normal' as const,
    text: 'x',
    beginMs: 0,
    isFinal: true,
    ...sentence,
  },
})

/** Ticks from one time to another; late by a few ms now and then, as timers are. */
function run(
  tape: Recorder,
  span: { readonly fromMs: number; readonly untilMs: number },
  sound: (ms: number) => { readonly user?: number; readonly agent?: number },
): void {
  for (let ms = span.fromMs; ms < span.untilMs; ms += 20) {
    const { user, agent } = sound(ms)
    tape.hear(user === undefined ? undefined : frame(320, user), ms + (ms % 60) / 10)
    const said = agent === undefined ? undefined : frame(480, agent)
    tape.speak(said, frame(480, (agent ?? 0) + 50))
  }
}

test('both sides lie on the time of the call, from the first user on', () => {
  const sink = new Sink()
  const tape = recorder(sink)
  run(tape, { fromMs: 0, untilMs: 1000 }, () => ({ user: 9999 }))
  tape.note([{ type: 'note-executing', atMs: 1000 }], 1000)
  run(tape, { fromMs: 1000, untilMs: 4000 }, (ms) => ({
    ...(ms > 1500 && ms <= 1700 ? { user: 1000 } : {}),
    ...(ms >= 2000 && ms < 2400 ? { agent: 8000 } : {}),
  }))
  tape.close()
  assert.equal(sink.pieces[0]?.atMs, WALL_MS + 980)
  const edges = (side: 0 | 1, level: number): number[] => {
    const loud: number[] = []
    for (let ms = 1000; ms < 3990; ms += 1) if ((sink.at(ms, side) ?? 0) > level) loud.push(ms)
    return [loud[0] ?? 0, loud.at(-1) ?? 0]
  }
  const [userFrom = 0, userUntil = 0] = edges(0, 500)
  assert.ok(
    Math.abs(userFrom - 1500) <= 1 && Math.abs(userUntil - 1700) <= 1,
    `${userFrom} ${userUntil}`,
  )
  const [agentFrom = 0, agentUntil = 0] = edges(1, 4000)
  assert.ok(
    Math.abs(agentFrom - 2000) <= 3 && Math.abs(agentUntil - 2400) <= 3,
    `${agentFrom} ${agentUntil}`,
  )
  assert.ok(Math.abs((sink.at(3000, 1) ?? 0) - 50) <= 2, 'the background is part of what was heard')
})

test('what was lost in a stall is a gap, and what comes after it is in its place', () => {
  const sink = new Sink()
  const tape = recorder(sink)
  tape.note([{ type: 'note-executing', atMs: 0 }], 0)
  run(tape, { fromMs: 20, untilMs: 1000 }, () => ({ user: 100 }))
  run(tape, { fromMs: 3000, untilMs: 4000 }, () => ({ user: 200 }))
  tape.close()
  assert.equal(sink.at(900, 0), 100)
  assert.equal(sink.at(3500, 0), 200)
  const covered = sink.pieces.map(({ atMs, sound }) => [atMs - WALL_MS, sound.length / 32])
  const last = covered.at(-1) ?? []
  assert.ok(Math.abs((last[0] ?? 0) + (last[1] ?? 0) - 3980) <= 20, JSON.stringify(covered))
})

test('a sentence is cut out of its side, without the background; said on, it is replaced', () => {
  const sink = new Sink()
  const tape = recorder(sink)
  tape.note([{ type: 'note-executing', atMs: 0 }], 0)
  run(tape, { fromMs: 20, untilMs: 2000 }, (ms) => ({ user: ms, agent: 3000 }))
  tape.note([note({ beginMs: 1000, isFinal: false })], 1500)
  run(tape, { fromMs: 2000, untilMs: 3000 }, (ms) => ({ user: ms, agent: 3000 }))
  tape.note([note({ beginMs: 1000 })], 2900)
  tape.note([note({ entryId: 2, role: 'agent', beginMs: 500 })], 2500)
  tape.note([note({ entryId: 3, role: 'agent', saidBy: 'human' })], 2500)
  const [user, agent, ...others] = sink.sentences
  assert.deepEqual(others, [])
  assert.equal(user?.startMs, WALL_MS + 1000)
  assert.ok(Math.abs(user.samples.length / 16 - 1900) <= 20)
  assert.equal(user.samples[0], 1020, 'the frame that was read at 1020 began at 1000')
  assert.equal(agent?.role, 'agent')
  assert.ok(agent.samples.slice(100).every((sample) => Math.abs(sample - 3000) <= 3))
})
