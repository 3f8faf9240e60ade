import assert from 'node:assert/strict'
import { test } from 'node:test'
import { play } from './play.ts'

const echo = { reply: (question: string) => `You said ${question}.` }

const PROMPTS = [
  { text: 'Are you still there?', probability: 1 },
  { text: 'Never said.', probability: 0 },
]

test('a question is answered after the silence that was set', () => {
  const { story } = play(
    { silenceMs: 400 },
    [{ atMs: 1000, say: 'what time is it', forMs: 1000 }],
    echo,
  )
  assert.deepEqual(story, [
    '0 listening',
    '2400 user 1: what time is it',
    '2400 thinking',
    '2400 ask: what time is it',
    '2600 speaking',
    '2600 agent 1: You said what time is it.',
    '4080 listening',
  ])
})

test('greeting first, then the wake-up query', () => {
  const { story } = play({ greeting: 'Hello there!', wakeUpQuery: 'who are you' }, [], echo)
  assert.deepEqual(
    story.filter((line) => /agent|user/.test(line)).map((line) => line.replace(/^\d+ /, '')),
    ['agent 1: Hello there!', 'user 2: who are you', 'agent 2: You said who are you.'],
  )
})

test('the model fails once: it is asked again; it fails twice: an apology instead of silence', () => {
  const question = [{ atMs: 0, say: 'hello', forMs: 600 }]
  const once = play({ apology: 'Sorry.' }, question, { ...echo, failures: 1 }).story
  assert.ok(once.some((line) => line.endsWith('You said hello.')))
  const twice = play({ apology: 'Sorry.' }, question, { ...echo, failures: 2 }).story
  assert.ok(
    twice.some((line) => line.endsWith('agent 2: Sorry.')),
    twice.join('\n'),
  )
})

test('the hang-up function ends the call after the farewell was heard', () => {
  const { story } = play({}, [{ atMs: 0, say: 'bye', forMs: 600 }], {
    reply: () => 'Goodbye!',
    toolCall: 'hangup',
  })
  assert.deepEqual(story.slice(-3), [
    '1200 agent 1: Goodbye!',
    '1660 leaving 0',
    '1660 end hangup-function',
  ])
})

test('the same events give the same story, and every phase change is a change', () => {
  const happenings = Array.from({ length: 20 }, (_, index) => ({
    atMs: index * 2900,
    say: `question number ${index}`,
    forMs: 700 + (index % 5) * 150,
  }))
  const world = { ...echo, untilMs: 70_000 }
  const { story } = play({}, happenings, world)
  assert.deepEqual(play({}, happenings, world).story, story)
  const phases = story
    .map((line) => line.split(' ')[1])
    .filter((word) => word?.endsWith('ing') === true)
  for (const [index, phase] of phases.entries()) assert.notEqual(phase, phases[index + 1])
  assert.equal(story.filter((line) => line.includes('user ')).length, 20)
})

test('a slow model: a filler is heard, as no part of the answer; it is not said when the model is quick', () => {
  const fillers = {
    waitMs: 800,
    isSequence: false,
    messages: [{ text: 'One moment.', probability: 1 }],
  }
  const question = [{ atMs: 0, say: 'hello', forMs: 600 }]
  const slow = play({ fillers }, question, { ...echo, replyDelayMs: 2000 })
  const spoken = (log: typeof slow.log): string[] =>
    log.flatMap(({ action }) => (action.type === 'segment-speak' ? [action.text] : []))
  assert.deepEqual(spoken(slow.log), ['One moment.', 'You said hello.'])
  assert.ok(!slow.story.some((line) => line.includes('One moment')))
  assert.deepEqual(spoken(play({ fillers }, question, echo).log), ['You said hello.'])
  const sequence = play(
    { fillers: { ...fillers, isSequence: true, messages: [...PROMPTS, ...PROMPTS] } },
    question,
    { ...echo, replyDelayMs: 2700 },
  )
  assert.deepEqual(spoken(sequence.log).slice(0, 3), [
    'Are you still there?',
    'Never said.',
    'Are you still there?',
  ])
})

test('OutputMinLength joins short sentences, LlmCompleteReply tells the whole reply once', () => {
  const world = { reply: () => 'Yes. No. Perhaps it is so. Fine.' }
  const question = [{ atMs: 0, say: 'hello', forMs: 600 }]
  const { log, story } = play({ outputMinChars: 12, tellsCompleteReply: true }, question, world)
  const spoken = log.flatMap(({ action }) => (action.type === 'segment-speak' ? [action.text] : []))
  assert.deepEqual(spoken, ['Yes. No. Perhaps it is so. ', 'Fine.'])
  assert.deepEqual(
    story.filter((line) => line.includes('complete')),
    ['1200 complete 1: Yes. No. Perhaps it is so. Fine.'],
  )
})
