import assert from 'node:assert/strict'
import { test } from 'node:test'
import { play } from './play.ts'

const LABEL = 'https://sounds.example/jingle.wav'
const SETTINGS = { hasOpeningSound: true, greeting: 'Hello there, caller!' }
const sound = (atMs: number) =>
  ({ atMs, type: 'opening-sound', soundId: 's1', text: LABEL }) as const

test('the opening sound comes first, then the greeting, then what was asked before the call', () => {
  const { story, state } = play({ ...SETTINGS, wakeUpQuery: 'who are you' }, [sound(200)], {
    reply: () => 'Your assistant.',
  })
  const order = ['sound s1 wanted', 'agent 2: Hello there, caller!', 'agent 3: Your assistant.']
  const places = order.map((part) => story.findIndex((line) => line.includes(part)))
  assert.ok(
    places.every((place, index) => place > (places[index - 1] ?? -1)),
    story.join('\n'),
  )
  assert.ok(!story.some((line) => line.includes(`agent 1: `)), 'a sound has no subtitle')
  assert.ok(!JSON.stringify(state.history).includes('jingle'), 'a sound is not in the history')
})

test('a sound that is late or cannot be had is done without, and never comes in later', () => {
  const late = play(SETTINGS, [sound(3500)]).story
  assert.ok(late.includes('3000 agent 1: Hello there, caller!'), late.join('\n'))
  assert.ok(!late.some((line) => line.includes('sound s1')))
  const failed = { atMs: 700, type: 'opening-sound', text: '' } as const
  const none = play(SETTINGS, [failed]).story
  assert.ok(none.includes('700 agent 1: Hello there, caller!'), none.join('\n'))
})

test('a sound that somebody outside wants played is recorded, queued and interrupted like speech', () => {
  const speech = (atMs: number, interrupts: boolean) =>
    ({ atMs, type: 'agent-speech', text: LABEL, soundId: 's2', interrupts }) as const
  const talk = {
    atMs: 100,
    type: 'agent-speech',
    text: 'One moment please.',
    interrupts: true,
  } as const
  const queued = play({}, [talk, speech(300, false)]).story
  const after = queued.findIndex((line) => line.includes('sound s2 wanted'))
  assert.ok(after > queued.findIndex((line) => line.includes('One moment')), queued.join('\n'))
  assert.ok(!queued.some((line) => line.includes('interrupted')))
  const cut = play({ isHistorySynced: true }, [talk, speech(1000, true)])
  assert.ok(cut.story.includes('1000 interrupted 4'), cut.story.join('\n'))
  const both = play({ isHistorySynced: true }, [
    speech(100, true),
    { atMs: 400, type: 'interrupt' },
  ])
  assert.ok(both.story.includes('400 interrupted 3'), both.story.join('\n'))
  assert.deepEqual(both.state.history, [], 'nothing that the model could make anything of')
})

test('a greeting whose time comes while the user speaks waits for them, and the answer for it', () => {
  const question = { atMs: 500, say: 'is anybody there', forMs: 3000 }
  const told = (settings: Parameters<typeof play>[0], ...others: Parameters<typeof play>[1]) =>
    play(settings, [question, ...others], { reply: () => 'I am.', untilMs: 20_000 }).story.filter(
      (line) => / (agent|sound|ask)\b/.test(line),
    )
  const delayed = told({ greeting: 'Hello there, caller!', greetingDelayMs: 2000 })
  assert.equal(delayed[0], '3900 agent 2: Hello there, caller!')
  assert.match(delayed.slice(1).join(), /ask: is anybody there,\d+ agent 1: I am\.$/)
  const sounded = told(SETTINGS, sound(1000))
  assert.match(sounded[0] ?? '', /^3900 sound s1 wanted/)
  assert.match(sounded.slice(1).join(), /^\d+ agent 3: Hello there.*agent 1: I am\.$/)
})
