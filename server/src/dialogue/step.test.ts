import assert from 'node:assert/strict'
import { test } from 'node:test'
import { play } from './play.ts'

const echo = { reply: (question: string) => `You said ${question}.` }

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

test('a pause shorter than the silence does not end the turn', () => {
  const happenings = [
    { atMs: 0, say: 'I would like', forMs: 900 },
    { atMs: 1800, say: 'two pizzas', forMs: 900 },
  ]
  const patient = play({ silenceMs: 1200 }, happenings, echo).story
  assert.deepEqual(
    patient.filter((line) => line.includes('ask')),
    ['3900 ask: I would like two pizzas'],
  )
  const quick = play({ silenceMs: 400, mergesSentences: false }, happenings, echo).story
  assert.equal(quick.filter((line) => line.includes('ask')).length, 2)
})

test('speech that resumes before the answer sounds belongs to the same turn', () => {
  const happenings = [
    { atMs: 0, say: 'I would like', forMs: 900 },
    { atMs: 1500, say: 'two pizzas', forMs: 900 },
  ]
  const { story, state } = play({}, happenings, { ...echo, replyDelayMs: 1500 })
  assert.ok(story.includes('2800 user 1: I would like two pizzas'), story.join('\n'))
  assert.ok(!story.some((line) => line.includes('interrupted')))
  assert.equal(story.filter((line) => line.includes('agent 1')).length, 1)
  assert.deepEqual(
    state.history.flat().map((message) => message.content),
    ['I would like two pizzas', 'You said I would like two pizzas.'],
  )
})

test('a continuation that comes to nothing is answered as it was', () => {
  const happenings = [
    { atMs: 0, say: 'I would like', forMs: 900 },
    { atMs: 1400, noiseForMs: 900 },
  ]
  const { story } = play({}, happenings, { ...echo, replyDelayMs: 800 })
  assert.ok(
    story.some((line) => line.endsWith('agent 1: You said I would like.')),
    story.join('\n'),
  )
})

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
    ['2060 sound ducked', '2160 sound held', '2480 sound full'],
  )
  const endOf = (story: readonly string[]): number => Number.parseInt(story.at(-1) ?? '', 10)
  assert.equal(endOf(disturbed.story) - endOf(undisturbed.story), 2480 - 2160)
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

test('greeting first, then the wake-up query', () => {
  const { story } = play({ greeting: 'Hello there!', wakeUpQuery: 'who are you' }, [], echo)
  assert.deepEqual(
    story.filter((line) => /agent|user/.test(line)).map((line) => line.replace(/^\d+ /, '')),
    ['agent 1: Hello there!', 'user 2: who are you', 'agent 2: You said who are you.'],
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

test('nobody comes, everybody leaves, nothing happens: the call ends in its time', () => {
  const gone = play({}, [{ atMs: 1000, type: 'user-leave', userId: 'u' }])
  assert.equal(gone.story.at(-1), '6000 end user-left')
  const back = play({}, [
    { atMs: 1000, type: 'user-leave', userId: 'u' },
    { atMs: 4000, type: 'user-join', userId: 'u' },
  ])
  assert.ok(!back.state.isOver)
  const idle = play({ maxIdleMs: 10_000 }, [{ atMs: 2000, say: 'hello', forMs: 500 }], echo)
  assert.deepEqual(idle.story.slice(-3), ['3980 listening', '13760 leaving 2001', '13760 end idle'])
})

test('while nobody is connected the agent waits with what it was saying', () => {
  const { story } = play(
    {},
    [
      { atMs: 0, say: 'go', forMs: 600 },
      { atMs: 1500, type: 'user-leave', userId: 'u' },
      { atMs: 3500, type: 'user-join', userId: 'u' },
    ],
    echo,
  )
  assert.ok(
    story.includes('1500 sound held') && story.includes('3500 sound full'),
    story.join('\n'),
  )
  assert.ok(!story.some((line) => line.includes('interrupted')))
})

test('a graceful stop lets the agent finish, a plain one does not', () => {
  const world = { reply: () => 'A sentence that takes some time to be said in full.' }
  const happenings = [
    { atMs: 0, say: 'go', forMs: 600 },
    { atMs: 1500, type: 'stop' as const, reason: 'stopped' as const },
  ]
  const graceful = play({ isGracefulShutdown: true }, happenings, world).story
  assert.ok(Number.parseInt(graceful.at(-1) ?? '', 10) > 3000, graceful.join('\n'))
  assert.equal(play({}, happenings, world).story.at(-1), '1500 end stopped')
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

test('semantic turn end: an unfinished sentence is waited for, a finished one is answered at once', () => {
  const semantic = { isSemantic: true, endWords: [] }
  const ask = (settings: object, text: string): string[] =>
    play({ turnDetection: semantic, ...settings }, [{ atMs: 0, say: text, forMs: 1000 }], echo)
      .story.filter((line) => line.includes('ask'))
      .map((line) => line.split(' ')[0] ?? '')
  assert.deepEqual(ask({}, 'what time is it?'), ['1400'])
  assert.deepEqual(ask({}, 'I would like to order a'), ['5000'])
  assert.deepEqual(ask({ turnDetection: { ...semantic, waitMs: 2000 } }, 'I want the'), ['3000'])
  assert.deepEqual(ask({ turnDetection: { isSemantic: false, endWords: [] } }, 'I want the'), [
    '1400',
  ])
})

test('semantic turn end: the rest of the sentence is judged with what went before', () => {
  const { story } = play(
    { turnDetection: { isSemantic: true, endWords: [] } },
    [
      { atMs: 0, say: 'I would like to order the', forMs: 1000 },
      { atMs: 2500, say: 'two pizzas please', forMs: 1000 },
    ],
    echo,
  )
  assert.deepEqual(
    story.filter((line) => line.includes('ask')),
    ['3900 ask: I would like to order the two pizzas please'],
  )
})

test('a turn-end word closes the turn without any further silence, and stays in the text', () => {
  const { story, log } = play(
    { silenceMs: 1200, turnDetection: { isSemantic: true, endWords: ['over'] } },
    [{ atMs: 0, say: 'two pizzas, over', forMs: 1000 }],
    echo,
  )
  assert.ok(story.includes('1180 ask: two pizzas, over'), story.join('\n'))
  const turn = log.findLast(({ action }) => action.type === 'note-turn')?.action
  assert.equal(turn?.type === 'note-turn' && turn.turn.endpointReason, 'turn-end word “over”')
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

test('an acknowledgement is an answer like any other when the agent is silent', () => {
  const { story } = play({}, [{ atMs: 0, say: 'okay', forMs: 600 }], echo)
  assert.ok(story.some((line) => line.endsWith('ask: okay')))
})

const PROMPTS = [
  { text: 'Are you still there?', probability: 1 },
  { text: 'Never said.', probability: 0 },
]

test('a silent user is asked, a few times, then the agent says goodbye and hangs up', () => {
  const userIdle = { waitMs: 5000, maxRepeats: 2, messages: PROMPTS, farewell: 'Goodbye then.' }
  const { story } = play({ userIdle, maxIdleMs: undefined }, [], { untilMs: 60_000, msPerChar: 50 })
  assert.deepEqual(
    story.filter((line) => !line.endsWith('ing')),
    [
      '5000 agent 1: Are you still there?',
      '10980 agent 2: Are you still there?',
      '16960 agent 3: Goodbye then.',
      '17600 leaving 2001',
      '17600 end idle',
    ],
  )
})

test('prompts start over when the user speaks, and do not keep an idle call alive', () => {
  const userIdle = { waitMs: 5000, maxRepeats: 10, messages: PROMPTS, farewell: '' }
  const spoken = play({ userIdle }, [{ atMs: 8000, say: 'yes', forMs: 500 }], {
    ...echo,
    untilMs: 30_000,
  })
  assert.equal(spoken.state.idle.prompts, 3)
  const idle = play({ userIdle, maxIdleMs: 12_000 }, [], { untilMs: 60_000, msPerChar: 50 })
  assert.equal(idle.story.at(-1), '13960 end idle')
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
