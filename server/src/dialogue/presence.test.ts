import assert from 'node:assert/strict'
import { test } from 'node:test'
import { play } from './play.ts'

const echo = { reply: (question: string) => `You said ${question}.` }

const PROMPTS = [
  { text: 'Are you still there?', probability: 1 },
  { text: 'Never said.', probability: 0 },
]

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

test('the end of a call interrupts nobody: what the agent was saying is cut, not interrupted', () => {
  const { log } = play(
    {},
    [
      { atMs: 0, say: 'go', forMs: 600 },
      { atMs: 1500, type: 'stop', reason: 'stopped' },
    ],
    { reply: () => 'A sentence that takes some time to be said in full.' },
  )
  const turns = log.flatMap(({ action }) => (action.type === 'note-turn' ? [action.turn] : []))
  assert.ok(turns.at(-1)?.firstAudioMs !== undefined)
  assert.ok(turns.every(({ interruptedMs }) => interruptedMs === undefined))
})

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

test('somebody outside has the agent speak: at once, or when it is free', () => {
  const long = { reply: () => 'A rather long answer that takes a while to be said.' }
  const story = (interrupts: boolean): readonly string[] =>
    play(
      {},
      [
        { atMs: 0, say: 'go', forMs: 600 },
        { atMs: 2000, type: 'agent-speech', text: 'Your taxi is here.', interrupts },
      ],
      long,
    ).story
  assert.ok(story(true).includes('2000 interrupted 4'))
  assert.ok(story(true).includes('2000 agent 2: Your taxi is here.'), story(true).join('\n'))
  assert.ok(!story(false).some((line) => line.includes('interrupted')))
  assert.ok(story(false).includes('4260 agent 2: Your taxi is here.'), story(false).join('\n'))
})

test('what is to be said waits for the end of what the user says, and goes before the answer', () => {
  const { story } = play(
    {},
    [
      { atMs: 0, say: 'I would like', forMs: 1000 },
      // Into a pause that is not the end.
      { atMs: 1150, type: 'agent-speech', text: 'A notice.', interrupts: true },
      { atMs: 1300, say: 'a pizza please', forMs: 1000 },
    ],
    echo,
  )
  const about = story.filter((line) => / (ask|agent \d|interrupted)/.test(line))
  assert.deepEqual(
    about.map((line) => line.replace(/^(\d+).*?(ask|agent|interrupted).*$/, '$1 $2')),
    ['2700 agent', '3220 ask', '3420 agent'],
    story.join('\n'),
  )
})

test('a back-channel after a short pause of a long turn, one in four seconds, and never in the answer', () => {
  const backchannels = [
    { probability: 0.1, words: [{ text: 'never', probability: 1 }] },
    { probability: 1, words: [{ text: 'uh-huh', probability: 1 }] },
  ]
  const { story } = play(
    { backchannels, silenceMs: 1200 },
    [
      { atMs: 0, say: 'so yesterday', forMs: 1000 },
      { atMs: 1400, say: 'I went to the market', forMs: 1600 },
      { atMs: 3400, say: 'and bought some apples', forMs: 1200 },
    ],
    echo,
  )
  assert.deepEqual(
    story.filter((line) => line.includes('softly')),
    ['3460 softly: uh-huh'],
  )
  assert.equal(story.filter((line) => line.includes('ask')).length, 1)
})
