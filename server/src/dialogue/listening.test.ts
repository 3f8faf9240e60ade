import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PLAIN, play } from './play.ts'

const echo = { reply: (question: string) => `You said ${question}.` }

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

test('an acknowledgement is an answer like any other when the agent is silent', () => {
  const { story } = play({}, [{ atMs: 0, say: 'okay', forMs: 600 }], echo)
  assert.ok(story.some((line) => line.endsWith('ask: okay')))
})

const semantic = { turnDetection: { isSemantic: true, endWords: [] } }

test('"mhm" that sounds like the beginning of more does not wait for it: the agent goes on at once', () => {
  const world = { reply: () => 'A long answer that takes some seconds to be said to its end.' }
  const { story, log } = play(
    semantic,
    [
      { atMs: 0, say: 'what is new?', forMs: 1000 },
      { atMs: 2600, say: 'hmm', forMs: 400 },
      { atMs: 4200, say: 'and tomorrow?', forMs: 800 },
    ],
    world,
  )
  assert.ok(story.includes('3180 sound full'), story.join('\n'))
  assert.ok(story.includes('3400 user 2: hmm'), story.join('\n'))
  assert.ok(story.some((line) => line.endsWith('ask: and tomorrow?')))
  const words = log.flatMap(({ action }) =>
    action.type === 'note-decision' && action.decision.kind === 'no-interruption'
      ? [action.decision.words]
      : [],
  )
  assert.deepEqual(words, [
    'heard 400 ms of sound; “hmm” only shows that the user listens: the agent goes on',
  ])
})

const pressed = { isPushToTalk: true }

test('push-to-talk: a second press before the text of the first is there goes on with it', () => {
  const { story } = play(
    pressed,
    [
      { atMs: 1000, type: 'talk-start' },
      { atMs: 1000, say: 'the first', forMs: 900 },
      { atMs: 2010, type: 'talk-finish' },
      { atMs: 2050, type: 'talk-start' },
      { atMs: 2100, say: 'and the second', forMs: 800 },
      { atMs: 3010, type: 'talk-finish' },
    ],
    echo,
  )
  const asked = story.filter((line) => line.includes('ask'))
  assert.deepEqual(asked, ['3100 ask: the first and the second'])
})

test('push-to-talk: who loses the connection with the button held has released it', () => {
  const { story, state } = play(
    pressed,
    [
      { atMs: 1000, type: 'talk-start' },
      { atMs: 1000, say: 'are you', forMs: 500 },
      { atMs: 1700, type: 'user-leave', userId: 'u' },
      { atMs: 3000, type: 'user-join', userId: 'u' },
    ],
    echo,
  )
  assert.ok(story.includes('1780 ask: are you'), story.join('\n'))
  // It waits for somebody to hear it.
  assert.ok(story.includes('3000 agent 1: You said are you.'), story.join('\n'))
  assert.equal(state.earMode, 'closed')
})

test('push-to-talk switched in the middle of a sentence: what was said is answered', () => {
  for (const isPushToTalk of [true, false]) {
    const settings = { ...PLAIN, ...semantic, isPushToTalk: !isPushToTalk }
    const { story } = play(
      { ...semantic, isPushToTalk },
      [
        { atMs: 500, type: 'talk-start' },
        { atMs: 1000, say: 'I want the', forMs: 900 },
        { atMs: 2020, type: 'settings-change', settings },
      ],
      echo,
    )
    const isAsked = story.some((line) => /^2(?:080|100) ask: I want the$/.test(line))
    assert.ok(isAsked, `${isPushToTalk}\n${story.join('\n')}`)
  }
})
