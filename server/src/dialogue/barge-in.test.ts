import assert from 'node:assert/strict'
import { test } from 'node:test'
import { play } from './play.ts'

const echo = { reply: (question: string) => `You said ${question}.` }

test('barge-in lowers the sound at once, stops it after 160 ms, and ends the answer on the first text', () => {
  const long = {
    reply: () => 'This is a long answer that goes on and on and on and on until it ends.',
  }
  const happenings = [
    { atMs: 0, say: 'tell me', forMs: 600 },
    { atMs: 2000, say: 'stop it', forMs: 1000 },
  ]
  const { story, state } = play({}, happenings, { ...long, untilMs: 2700 })
  const after = story.filter((line) => Number.parseInt(line, 10) >= 2000)
  assert.deepEqual(after, [
    '2060 sound ducked',
    '2160 sound held',
    '2500 interrupted 2',
    '2500 sound full',
    '2500 listening',
  ])
  assert.equal(state.history.flat().at(-1)?.content, long.reply())
})

test('after a false interruption the agent goes on where it was', () => {
  const long = {
    reply: () => 'This is a long answer that goes on and on and on and on until it ends.',
  }
  const undisturbed = play({}, [{ atMs: 0, say: 'tell me', forMs: 600 }], long)
  const disturbed = play(
    {},
    [
      { atMs: 0, say: 'tell me', forMs: 600 },
      { atMs: 2000, noiseForMs: 300 },
    ],
    long,
  )
  assert.ok(!disturbed.story.some((line) => line.includes('interrupted')))
  assert.deepEqual(
    disturbed.story.filter((line) => line.includes('sound')),
    ['2060 sound ducked', '2160 sound held', '2900 sound full'],
  )
  const words = disturbed.log.flatMap(({ action }) =>
    action.type === 'note-decision' && action.decision.kind === 'no-interruption'
      ? [action.decision.words]
      : [],
  )
  assert.match(words.join(), /^heard 300 ms of sound; no words were recognised in 600 ms after it/)
  const endOf = (story: readonly string[]): number => Number.parseInt(story.at(-1) ?? '', 10)
  assert.equal(endOf(disturbed.story) - endOf(undisturbed.story), 2900 - 2160)
})

test('the agent does not go on while the user does, after a short pause and before any text', () => {
  const long = {
    reply: () => 'This is a long answer that goes on and on and on and on until it ends.',
    partialDelayMs: 1000,
  }
  const happenings = [
    { atMs: 0, say: 'tell me', forMs: 600 },
    { atMs: 2000, noiseForMs: 100 },
    { atMs: 2300, say: 'wait a moment', forMs: 1500 },
  ]
  const { story } = play({}, happenings, { ...long, untilMs: 3500 })
  assert.deepEqual(
    story.filter((line) => /^2.*sound|^3/.test(line)),
    [
      '2060 sound ducked',
      '2160 sound held',
      '3300 interrupted 2',
      '3300 sound full',
      '3300 listening',
    ],
  )
})

test('a sound that never becomes text does not silence the agent for ever', () => {
  const long = {
    reply: () => 'This is a long answer that goes on and on and on and on until it ends.',
  }
  const { story } = play(
    {},
    [
      { atMs: 0, say: 'tell me', forMs: 600 },
      { atMs: 2000, noiseForMs: 9000 },
    ],
    long,
  )
  assert.ok(story.includes('5000 sound full'), story.join('\n'))
})

test('the history keeps only what was heard, marked where it was cut', () => {
  const long = { reply: () => 'One two three four five six. Seven eight nine ten. Eleven twelve.' }
  const { state } = play(
    { isHistorySynced: true },
    [
      { atMs: 0, say: 'count', forMs: 600 },
      { atMs: 2000, say: 'stop', forMs: 800 },
    ],
    { ...long, untilMs: 3000 },
  )
  assert.match(
    state.history.flat().at(-1)?.content ?? '',
    /^One two .*<ims_agent_interrupted>.*six\. $/,
  )
})

test('with voice interruption off the agent finishes, then answers what was said meanwhile', () => {
  const world = {
    reply: (question: string) => (question === 'go' ? 'A rather long answer here.' : 'Yes.'),
  }
  const happenings = [
    { atMs: 0, say: 'go', forMs: 600 },
    { atMs: 1300, say: 'and then', forMs: 600 },
  ]
  const cached = play({ isVoiceInterruptOn: false }, happenings, world).story
  assert.ok(!cached.some((line) => /interrupted|sound/.test(line)))
  assert.ok(
    cached.some((line) => line.endsWith('ask: and then')),
    cached.join('\n'),
  )
  const discarded = play(
    { isVoiceInterruptOn: false, uninterruptedSpeech: 'discard' },
    happenings,
    world,
  ).story
  assert.ok(discarded.some((line) => line.endsWith('user 2: and then')))
  assert.ok(!discarded.some((line) => line.endsWith('ask: and then')))
})

test('an interrupt word stops an agent that may not be interrupted, and the model does not see it', () => {
  const world = { reply: () => 'A rather long answer that nobody wants to hear to its end.' }
  const settings = { isVoiceInterruptOn: false, interruptWords: ['Hold on'] }
  const { story } = play(
    settings,
    [
      { atMs: 0, say: 'go', forMs: 600 },
      { atMs: 2000, say: 'hold on, is it raining', forMs: 1500 },
    ],
    { ...world, untilMs: 4600 },
  )
  assert.ok(
    story.some((line) => line.endsWith('interrupted 1')),
    story.join('\n'),
  )
  assert.ok(
    story.some((line) => line.endsWith('ask: is it raining')),
    story.join('\n'),
  )
})

test('push-to-talk: only the button counts, a press interrupts, a cancelled one leaves no trace', () => {
  const { story } = play(
    { isPushToTalk: true },
    [
      { atMs: 0, say: 'not meant for you', forMs: 500 },
      { atMs: 2000, type: 'talk-start' },
      { atMs: 2100, say: 'tell me a story', forMs: 700 },
      { atMs: 3000, type: 'talk-finish' },
      { atMs: 4000, type: 'talk-start' },
      { atMs: 4100, say: 'no never mind', forMs: 700 },
      { atMs: 5000, type: 'talk-cancel' },
    ],
    { reply: () => 'Once upon a time there was a very long story.', untilMs: 8000 },
  )
  assert.ok(
    story.some((line) => line.endsWith('ask: tell me a story')),
    story.join('\n'),
  )
  assert.ok(story.includes('4000 interrupted 2'), story.join('\n'))
  assert.equal(story.filter((line) => line.includes('ask')).length, 1)
  assert.ok(!story.some((line) => line.includes('not meant')))
})

test('words that were over before the agent began do not interrupt it, and are answered', () => {
  for (const uninterruptedSpeech of ['cache', 'discard'] as const) {
    const { story, log } = play(
      { uninterruptedSpeech, mergesSentences: false },
      [
        { atMs: 0, say: 'go', forMs: 600 },
        // Its text comes so late that it was taken for noise, and the answer has begun.
        { atMs: 1650, say: 'what is new', forMs: 200 },
      ],
      { reply: () => 'A rather long answer.', replyDelayMs: 300, finalDelayMs: 900 },
    )
    assert.ok(!story.some((line) => line.endsWith('interrupted 2')), story.join('\n'))
    assert.ok(
      story.some((line) => line.endsWith('ask: what is new')),
      story.join('\n'),
    )
    const words = log.flatMap(({ action }) =>
      action.type === 'note-decision' && action.decision.kind === 'turn-waits'
        ? [action.decision.words]
        : [],
    )
    assert.deepEqual(words, ['the agent had begun to speak: answered afterwards'])
  }
})

test('a typed text interrupts and is answered', () => {
  const { story } = play(
    {},
    [
      { atMs: 0, say: 'go', forMs: 600 },
      { atMs: 1500, type: 'text-input', text: 'wait', interrupts: true },
    ],
    echo,
  )
  assert.ok(story.includes('1500 interrupted 5'), story.join('\n'))
  assert.ok(story.includes('1500 ask: wait'), story.join('\n'))
})

test('"mhm" while the agent speaks: it goes on, nothing is asked; "mhm, stop" interrupts', () => {
  const long = {
    reply: () => 'This is a long answer that goes on and on and on and on until it ends.',
  }
  const say = (text: string): readonly string[] =>
    play(
      {},
      [
        { atMs: 0, say: 'tell me', forMs: 600 },
        { atMs: 2000, say: text, forMs: 700 },
      ],
      long,
    ).story
  const acknowledged = say('mhm')
  assert.ok(!acknowledged.some((line) => line.includes('interrupted')), acknowledged.join('\n'))
  assert.equal(acknowledged.filter((line) => line.includes('ask')).length, 1)
  assert.equal(acknowledged.at(-1)?.split(' ')[1], 'listening')
  assert.ok(acknowledged.some((line) => line.endsWith('user 2: mhm')))
  assert.ok(say('mhm stop').some((line) => line.includes('interrupted 2')))
})

test('a text typed while the user speaks is answered together with what was said', () => {
  const { story, state } = play(
    {},
    [
      { atMs: 0, say: 'and what day is it', forMs: 1500 },
      { atMs: 900, type: 'text-input', text: 'What is 3 times 3?', interrupts: true },
    ],
    { reply: () => 'Nine, on a Monday.' },
  )
  assert.deepEqual(
    story.filter((line) => line.includes('ask')),
    ['1900 ask: What is 3 times 3? and what day is it'],
  )
  assert.equal(state.waiting, undefined)
})
