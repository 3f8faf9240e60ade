import assert from 'node:assert/strict'
import { test } from 'node:test'
import { play } from './play.ts'

const world = { reply: (question: string) => `You said ${question}.`, replyDelayMs: 300 }
const speculative = { isSpeculative: true, silenceMs: 800 }

const firstWord = (story: readonly string[]): number =>
  Number.parseInt(story.find((line) => line.includes('agent 1')) ?? '', 10)

test('a speculative start shortens the wait by the silence that is left', () => {
  const happenings = [{ atMs: 0, say: 'what time is it now', forMs: 1000 }]
  const patient = play({ silenceMs: 800 }, happenings, world)
  const ahead = play(speculative, happenings, world)
  assert.equal(firstWord(patient.story), 2100)
  assert.equal(firstWord(ahead.story), 1800)
  const asked = ahead.log.flatMap(({ action }) => (action.type === 'reply-start' ? [action] : []))
  assert.deepEqual(
    asked.map(({ isSpeculative }) => isSpeculative),
    [true],
  )
  assert.deepEqual(ahead.state.history, patient.state.history)
})

test('nothing is told before the turn is over, and a wrong guess leaves no trace', () => {
  const happenings = [
    { atMs: 0, say: 'I would like two pizzas', forMs: 1000 },
    { atMs: 1700, say: 'and a salad please', forMs: 1000 },
  ]
  const patient = play({ silenceMs: 800 }, happenings, { ...world, replyDelayMs: 100 })
  const ahead = play(speculative, happenings, { ...world, replyDelayMs: 100 })
  const seen = (story: readonly string[]): string[] =>
    story.filter((line) => !line.includes('ask:')).map((line) => line.replace(/^\d+ /, ''))
  assert.deepEqual(seen(ahead.story), seen(patient.story))
  assert.deepEqual(ahead.state.history, patient.state.history)
  const told = ahead.log.filter(({ action }) => /^(?:note-turn|note-first)/.test(action.type))
  assert.equal(told.length, 2)
  assert.equal(ahead.log.filter(({ action }) => action.type === 'reply-start').length, 2)
  assert.equal(ahead.state.speculation, undefined)
})

test('an unfinished sentence is no reason to guess; a model that fails ahead is asked anew', () => {
  const unfinished = play(speculative, [{ atMs: 0, say: 'I would like the', forMs: 900 }], world)
  const asked = unfinished.log.flatMap(({ action }) =>
    action.type === 'reply-start' ? [action] : [],
  )
  assert.deepEqual(
    asked.map(({ isSpeculative }) => isSpeculative),
    [undefined],
  )
  const failing = play(speculative, [{ atMs: 0, say: 'what time is it now', forMs: 900 }], {
    ...world,
    failures: 1,
  })
  assert.ok(failing.story.some((line) => line.endsWith('agent 1: You said what time is it now.')))
})

test('functions that the model asks for ahead run when the turn is over, once', () => {
  const { log, story } = play(
    { ...speculative, tools: [{ name: 'order', filler: '' }] },
    [{ atMs: 0, say: 'please order two pizzas', forMs: 1000 }],
    { ...world, toolCall: 'order', replyDelayMs: 50 },
  )
  const runs = log.filter(({ action }) => action.type === 'tool-run')
  assert.equal(runs.length, 1)
  const over = story.findIndex((line) => line.includes('thinking'))
  assert.ok(over >= 0)
  const runAt = log.findIndex(({ action }) => action.type === 'tool-run')
  const overAt = log.findIndex(
    ({ action }) => action.type === 'tell-phase' && action.phase === 'thinking',
  )
  assert.ok(overAt < runAt)
})
