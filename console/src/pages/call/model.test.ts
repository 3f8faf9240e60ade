import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { answersOf, summaryOf } from './answers.ts'
import { withAddition, type CallLog } from './log.ts'
import { sourceOf, type Source } from './source.ts'
import { timelineOf, type Span } from './timeline.ts'
import { partsOf, transcriptOf } from './transcript-lines.ts'

/** A real call: five turns, one interruption, one hum that was none, one user who went on after a pause. */
const log = JSON.parse(
  readFileSync(new URL('fixture/shop-call.json', import.meta.url), 'utf8'),
) as CallLog
const source = sourceOf(log)
const timeline = timelineOf(source)

const told = (spans: readonly Span[]): readonly string[] =>
  spans.map(({ kind, startMs, endMs }) => `${kind} ${Math.round(startMs)}–${Math.round(endMs)}`)

test('a turn shows speech, silence, recognition, model, synthesis and playout, one after the other', () => {
  assert.deepEqual(told(timeline.spans.filter(({ turnId }) => turnId === 2)), [
    'speech 4431–6510',
    'silence 6510–7010',
    'hearing 6672–6848',
    'model 7010–7339',
    'text 7339–7748',
    'synthesis 7748–7834',
    'playout 7833–12373',
    'playout 12394–16093',
  ])
  const silence = timeline.spans.find(({ kind }) => kind === 'silence')
  assert.equal(silence?.reason, 'silence 500 ms')
})

test('an interruption cuts the sound, a false one only holds it', () => {
  const agent = timeline.spans.filter(({ lane }) => lane === 'agent')
  assert.deepEqual(told(agent.filter(({ turnId }) => turnId === 3)), [
    'playout 21039–23512',
    'held 23512–23784',
  ])
  const falseOne = agent.filter(({ turnId }) => turnId === 5)
  assert.deepEqual(told(falseOne).slice(0, 3), [
    'playout 33674–35690',
    'held 35690–36450',
    'playout 36450–37633',
  ])
  assert.match(falseOne[1]?.reason ?? '', /^sound for 160 ms.* → heard 920 ms; no text came/)
  assert.deepEqual(
    timeline.marks.map(({ kind, tone }) => `${kind} ${tone}`),
    [
      'interruption bad',
      'nothing-heard false',
      'no-interruption false',
      'turn-continued plain',
      'call-end plain',
    ],
  )
})

test('without the record for replay the same is drawn from the times of the turns', () => {
  const { events, ...bare } = source
  assert.ok((events?.length ?? 0) > 100)
  const spans = timelineOf(bare).spans.filter(({ turnId }) => turnId === 2)
  assert.deepEqual(
    told(spans).filter((text) => !/^(text|synthesis)/.test(text)),
    [
      'speech 4431–6510',
      'silence 6510–7010',
      'hearing 6672–6848',
      'model 7010–7339',
      'playout 7833–16093',
    ],
  )
})

test('a turn that is being thought about reaches to the present', () => {
  const running: Source = {
    lines: [],
    turns: [{ turnId: 1, speechStartMs: 0, speechEndMs: 800, turnEndMs: 1300 }],
    decisions: [],
    endMs: 2000,
  }
  assert.deepEqual(told(timelineOf(running).spans), ['speech 0–800', 'model 1300–2000'])
})

test('the waterfall of a turn adds up, and a forgotten answer does not count', () => {
  const answers = answersOf(source.decisions)
  for (const { parts, totalMs } of answers) {
    const sum = Object.values(parts).reduce((whole, part) => whole + part, 0)
    assert.ok(Math.abs(sum - totalMs) <= 3, `${sum} of ${totalMs}`)
  }
  assert.deepEqual(
    answers.filter(({ isForgotten }) => isForgotten).map(({ totalMs }) => totalMs),
    [972],
  )
  const summary = summaryOf(answers)
  assert.deepEqual(
    [summary?.count, summary?.p50Ms, summary?.p95Ms, summary?.slowest.turnId],
    [5, 1083, 1323, 2],
  )
  // Its first piece of text was long in coming: the wait for silence was the same in all of them.
  assert.deepEqual([summary?.slowestCause, summary?.slowestExtraMs], ['model', 212])
  const shares = Object.values(summary?.shares ?? {})
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 0.01)
  assert.equal(summaryOf([]), undefined)
})

test('the transcript tells what was heard and what was cut', () => {
  const lines = transcriptOf(source, answersOf(source.decisions))
  const cut = lines.find(({ id }) => id === 11)
  assert.deepEqual([cut?.heard, cut?.cut], ['Thank', ' you for calling. '])
  assert.match(cut?.cutReason ?? '', /^the user went on/)
  assert.deepEqual(
    lines.filter(({ turnId }) => turnId === 6).map(({ delayMs }) => delayMs),
    [undefined, 972, 1242],
  )
  assert.deepEqual(partsOf({ text: 'It is 5.', spokenText: 'It is five' }), {
    heard: 'It is five',
    cut: '',
  })
})

test('what comes of a running call is laid over what is there', () => {
  const [first, ...others] = log.antiphon.decisions
  assert.ok(first !== undefined)
  const more = withAddition(log, {
    dialog: [{ id: 12, begin: 49.3, role: 'agent', type: 'normal', text: 'The shop' }],
    sentences: [{ id: 13, turnId: 7 }],
    turns: [{ turnId: 6, turnEndMs: 1 }],
    decisions: [first, { ...first, atMs: 99_999 }],
  })
  assert.equal(more.dialog.length, log.dialog.length)
  assert.equal(more.dialog.at(-1)?.text, 'The shop')
  assert.equal(more.antiphon.sentences.length, log.antiphon.sentences.length + 1)
  assert.deepEqual(more.antiphon.turns.at(-1), { turnId: 6, turnEndMs: 1 })
  assert.equal(more.antiphon.decisions.length, others.length + 2)
})
