import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulatedIds } from '../base/simulated-ids.ts'
import type { DialogueEvent } from './events.ts'
import { PLAIN, play, type Happening } from './play.ts'

const HUMAN = 'human'
type HumanHeard = Extract<DialogueEvent, { readonly type: 'human-heard' }>

/** The human speaks; the final transcript comes only sometimes (the one of a flush that nobody knows, never). */
function humanSays(text: string, fromMs: number, untilMs: number): readonly HumanHeard[] {
  const at = (atMs: number, heard: object): HumanHeard => ({
    atMs,
    type: 'human-heard',
    heard: { atMs, ...heard } as HumanHeard['heard'],
  })
  return [
    at(fromMs, { type: 'speech-start', onsetMs: fromMs }),
    at(fromMs + 100, { type: 'transcript-partial', text }),
    at(untilMs, { type: 'speech-end', endMs: untilMs }),
  ]
}

/** A user and a human who take turns, interrupt each other, vanish and come back, and whoever asked for it all. */
function happeningsOf(seed: number): readonly Happening[] {
  const { chance } = simulatedIds(seed)
  const happenings: Happening[] = []
  const away = new Set<string>([HUMAN])
  let atMs = 500
  const swap = (userId: string): void => {
    if (away.delete(userId)) happenings.push({ atMs, type: 'user-join', userId })
    else {
      away.add(userId)
      happenings.push({ atMs, type: 'user-leave', userId, isOnPurpose: chance() < 0.1 })
    }
  }
  for (let index = 0; index < 25; index += 1) {
    atMs += Math.round(chance() * 4000)
    const kind = chance()
    const forMs = 200 + Math.round(chance() * 2000)
    if (kind < 0.35) {
      happenings.push({ atMs, say: `words ${index}`, forMs })
      atMs += forMs + 200
    } else if (kind < 0.6) {
      happenings.push(...humanSays(`human words ${index}`, atMs, atMs + forMs))
      atMs += forMs + 50
    } else if (kind < 0.7) {
      const voice = chance() < 0.5 ? 'own' : 'agent'
      happenings.push({ atMs, type: 'takeover-start', userId: HUMAN, voice })
    } else if (kind < 0.82) swap(HUMAN)
    else if (kind < 0.88) swap('u')
    else if (kind < 0.93) {
      happenings.push({ atMs, type: 'text-input', text: `typed ${index}`, interrupts: true })
    } else if (kind < 0.97) {
      happenings.push({ atMs, type: 'agent-speech', text: `notice ${index}`, interrupts: true })
    } else atMs += 65_000
  }
  return happenings
}

test('a takeover leaves no opening, greeting or question of before the call to come', () => {
  const settings = {
    hasOpeningSound: true,
    greeting: 'Welcome.',
    wakeUpQuery: 'Who are you?',
    greetingDelayMs: 500,
  }
  const takeover = { type: 'takeover-start', userId: HUMAN, voice: 'own' } as const
  const sound = { type: 'opening-sound', soundId: 's1', text: 'a sound' } as const
  for (const happenings of [
    [
      { ...takeover, atMs: 100 },
      { ...sound, atMs: 300 },
    ],
    [
      { ...sound, atMs: 100 },
      { ...takeover, atMs: 300 },
    ],
  ]) {
    const { log, state } = play(settings, happenings, { untilMs: 50_000 })
    const late = log.filter(({ action }) => action.type === 'reply-start')
    assert.deepEqual(late, [])
    const said = log.flatMap(({ action }) => (action.type === 'segment-speak' ? [action.text] : []))
    assert.ok(!said.includes('Welcome.'), said.join())
    assert.equal(state.phase, 'listening')
  }
})

test('random takeovers: the model is not asked, every word is noted once, nothing is left over', () => {
  let [takeovers, ends, resumed] = [0, 0, 0]
  for (let seed = 1; seed <= 400; seed += 1) {
    const settings = { ...PLAIN, userOfflineTimeoutMs: 8000, maxIdleMs: 900_000 }
    const happenings = happeningsOf(seed)
    const { story, state, log } = play(settings, happenings, { untilMs: 400_000 })
    const context = (): string => `seed ${seed}\n${story.join('\n')}`

    let isTaken = false
    const human = new Map<number, string>()
    for (const { action } of log) {
      if (action.type === 'note-takeover') {
        isTaken = action.takeover.phase !== 'given-up'
        if (action.takeover.phase === 'awaited') takeovers += 1
        if (!isTaken) resumed += 1
      }
      assert.ok(!(isTaken && action.type === 'reply-start'), context())
      if (action.type === 'end' && action.reason === 'takeover-ended') ends += 1
      if (action.type !== 'note-sentence' || action.sentence.saidBy === undefined) continue
      const { entryId, text, role, saidBy } = action.sentence
      assert.deepEqual([role, saidBy], ['agent', HUMAN], context())
      human.set(entryId, text)
    }
    const said = [...human.values()]
    assert.equal(new Set(said).size, said.length, `said twice: ${context()}`)

    assert.equal(state.speech, undefined, context())
    assert.equal(state.cut, undefined, context())
    if (!state.isOver) assert.equal(state.sentence, undefined, context())
    if (!state.isOver) assert.equal(state.takeover?.sentence, undefined, context())
    if (!state.isOver && state.users.length > 0) {
      assert.equal(state.waiting, undefined, context())
      assert.deepEqual(state.takeover?.toSay ?? [], [], context())
    }
    if (!state.isOver) assert.notEqual(state.takeover?.phase, 'away', context())
  }
  // The stories are about what they are meant to be about.
  assert.ok(takeovers > 200 && ends > 20 && resumed > 20, `${takeovers} ${ends} ${resumed}`)
})
