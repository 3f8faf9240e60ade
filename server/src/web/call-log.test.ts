import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { callDecision } from '../schema/call-decision.ts'
import { callLog } from '../schema/call-log.ts'
import { callTrace } from '../schema/call-trace.ts'
import { InterruptReason } from '../schema/messages.ts'
import { callLogPieces, renderCallLog } from './call-log.ts'
import { storedCall } from './loopback.ts'

const START_MS = 1_772_366_400_250

test('a call log has the documented form, and our own beside it', () => {
  const call = storedCall({ executingMs: START_MS, finishedMs: START_MS + 9000 })
  const log = renderCallLog({
    ...call,
    sentences: [
      {
        entryId: 1,
        turnId: 1,
        role: 'agent',
        kind: 'greeting',
        text: 'Hello.',
        beginMs: START_MS,
        isFinal: true,
      },
      {
        entryId: 2,
        turnId: 2,
        role: 'user',
        kind: 'normal',
        text: 'What time is it?',
        beginMs: START_MS + 1234.4,
        isFinal: true,
      },
      {
        entryId: 3,
        turnId: 2,
        role: 'agent',
        kind: 'normal',
        text: 'It is noon and sunny.',
        beginMs: START_MS + 3000,
        isFinal: true,
        spokenText: 'It is noon',
        saidBy: 'jo',
      },
    ],
    turns: [
      {
        turnId: 2,
        history: [{ role: 'user', content: 'What time is it?' }],
        speechEndMs: START_MS + 2000,
        firstAudioMs: START_MS + 3000,
        interruptedMs: START_MS + 3500,
        interruptReason: InterruptReason.voice,
        endpointReason: 'silence',
      },
    ],
  })
  assert.ok(Value.Check(callLog, log))
  assert.deepEqual(JSON.parse(JSON.stringify(log)), {
    instanceId: call.instance.instanceId,
    startTime: 1_772_366_400.25,
    dialog: [
      { id: 1, begin: 0, role: 'agent', type: 'greeting', text: 'Hello.' },
      { id: 2, begin: 1.234, role: 'user', type: 'normal', text: 'What time is it?' },
      { id: 3, begin: 3, role: 'agent', type: 'normal', text: 'It is noon and sunny.' },
    ],
    antiphon: {
      endTime: 1_772_366_409.25,
      endReason: 'client-stop',
      sentences: [
        { id: 1, turnId: 1 },
        { id: 2, turnId: 2 },
        { id: 3, turnId: 2, spokenText: 'It is noon', saidBy: 'jo' },
      ],
      turns: [
        {
          turnId: 2,
          speechEndMs: 2000,
          firstAudioMs: 3000,
          interruptedMs: 3500,
          interruptReason: 'voice',
          endpointReason: 'silence',
        },
      ],
      decisions: [],
    },
  })
})

test('a call log holds why the engine did what it did, and all that it was told', () => {
  const call = storedCall({ executingMs: START_MS, finishedMs: START_MS + 9000 })
  const decision = {
    kind: 'turn-end',
    turnId: 1,
    words: 'silence 400 ms',
    figures: { silenceMs: 400 },
  }
  const stretch = { version: 1, wallOffsetMs: START_MS, settings: {}, config: {} }
  const pieces = callLogPieces(
    { ...call, sentences: [], turns: [] },
    {
      decisions: [{ ...decision, atMs: START_MS + 1600 }],
      stretches: [
        {
          stretchMs: START_MS,
          pieces: [
            `${JSON.stringify(stretch)}\n{"type":"agent-ready","atMs":0}\n`,
            '{"type":"transcript-partial","atMs":1.25,"text":"line\\nbreak 你好","digest":"x"}\n',
          ],
        },
        { stretchMs: START_MS + 5000, pieces: [`${JSON.stringify(stretch)}\n`] },
      ],
    },
  )
  const log = parsed(pieces)
  assert.ok(Value.Check(callLog, log))
  assert.deepEqual(log.antiphon.decisions, [{ ...decision, atMs: 1600 }])
  assert.ok(Value.Check(callDecision, log.antiphon.decisions[0]))
  assert.ok(Value.Check(callTrace, log.antiphon.trace))
  assert.deepEqual(log.antiphon.trace?.stretches, [
    {
      head: stretch,
      events: [
        { type: 'agent-ready', atMs: 0 },
        { type: 'transcript-partial', atMs: 1.25, text: 'line\nbreak 你好', digest: 'x' },
      ],
    },
    { head: stretch, events: [] },
  ])
})

const parsed = (pieces: Iterable<Uint8Array>): ReturnType<typeof renderCallLog> =>
  JSON.parse(Buffer.concat([...pieces]).toString()) as ReturnType<typeof renderCallLog>

test('the log of a long call comes in pieces, none of which holds much of it', () => {
  const call = storedCall({ executingMs: START_MS, finishedMs: START_MS + 9000 })
  const line = `{"type":"agent-ready","atMs":0,"digest":"${'长'.repeat(50)}"}\n`
  const stretch = { stretchMs: START_MS, pieces: ['{}\n', ...Array<string>(10_000).fill(line)] }
  const log = { decisions: [], stretches: [stretch, stretch] }
  const pieces = [...callLogPieces({ ...call, sentences: [], turns: [] }, log)]
  const sizes = pieces.map(({ length }) => length)
  assert.ok(pieces.length > 10 && Math.max(...sizes) < 250_000, sizes.join())
  const stretches = parsed(pieces).antiphon.trace?.stretches ?? []
  assert.deepEqual(
    stretches.map(({ events }) => events.length),
    [10_000, 10_000],
  )
})

test('a call that nobody joined has an empty dialogue and starts when it was made', () => {
  const { executingMs: _executingMs, ...instance } = storedCall({ finishedMs: 5000 }).instance
  const log = renderCallLog({ instance, sentences: [], turns: [] })
  assert.deepEqual([log.startTime, log.dialog], [instance.createdMs / 1000, []])
})
