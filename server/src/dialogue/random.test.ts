import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulatedIds } from '../base/simulated-ids.ts'
import { play, type Happening, type World } from './play.ts'
import type { DialogueSettings } from './settings.ts'

/** A detector of speech does not tell shorter pauses. */
const GAP_MS = 200

const FILLERS = [
  { text: 'One moment.', probability: 0.5 },
  { text: 'Let me see.', probability: 0.5 },
]

interface Conversation {
  readonly settings: Partial<DialogueSettings>
  readonly happenings: readonly Happening[]
  readonly world: World
}

/** A user who talks, pauses, coughs, interrupts, types, vanishes and comes back; a model that may fail. */
function conversation(seed: number): Conversation {
  const { chance } = simulatedIds(seed)
  const pick = <T>(...choices: readonly [T, ...T[]]): T =>
    choices[Math.floor(chance() * choices.length)] ?? choices[0]
  const happenings: Happening[] = []
  let atMs = 500
  let isAway = false
  for (let index = 0; index < 25; index += 1) {
    atMs += Math.round(chance() * 3000)
    const kind = chance()
    const forMs = 150 + Math.round(chance() * 2500)
    if (isAway) {
      happenings.push({ atMs, type: 'user-join', userId: 'u' })
      isAway = false
    } else if (kind < 0.55) {
      happenings.push({ atMs, say: `words number ${index} of seed ${seed}`, forMs })
      atMs += forMs + GAP_MS
    } else if (kind < 0.7) {
      happenings.push({ atMs, noiseForMs: forMs })
      atMs += forMs + GAP_MS
    } else if (kind < 0.78) {
      happenings.push({ atMs, type: 'interrupt' })
    } else if (kind < 0.88) {
      happenings.push({
        atMs,
        type: 'text-input',
        text: `typed ${index}`,
        interrupts: chance() < 0.5,
      })
    } else if (kind < 0.91) {
      const text = `announcement ${index}`
      happenings.push({ atMs, type: 'agent-speech', text, interrupts: chance() < 0.5 })
    } else if (kind < 0.95) {
      happenings.push({ atMs, type: 'user-leave', userId: 'u' })
      isAway = true
    } else {
      const settings = { ...baseSettings(seed), silenceMs: pick(200, 600, 1200) }
      happenings.push({ atMs, type: 'settings-change', settings })
    }
  }
  const sentences = Math.ceil(chance() * 4)
  const world: World = {
    reply: (question) =>
      Array.from({ length: sentences }, (_, index) => `Answer ${index} to ${question}.`).join(' '),
    replyDelayMs: Math.round(chance() * 2500),
    failures: pick(0, 0, 1, 2, 3),
    msPerChar: pick(20, 40, 60),
    partialDelayMs: pick(120, 400, 800),
    finalDelayMs: pick(20, 120, 600),
    untilMs: atMs + 120_000,
  }
  return { settings: baseSettings(seed), happenings, world }
}

function baseSettings(seed: number): DialogueSettings {
  const { chance } = simulatedIds(seed + 1_000_000)
  return {
    silenceMs: chance() < 0.5 ? 400 : 800,
    mergesSentences: chance() < 0.6,
    isPushToTalk: false,
    turnDetection: { isSemantic: chance() < 0.4, endWords: chance() < 0.2 ? ['seed 7'] : [] },
    isVoiceInterruptOn: chance() < 0.75,
    acknowledgements: ['words'],
    interruptWords: chance() < 0.3 ? ['number 7'] : [],
    keepsInterruptWords: chance() < 0.5,
    uninterruptedSpeech: chance() < 0.5 ? 'cache' : 'discard',
    bargeInMs: 160,
    stopsOnTextOnly: chance() < 0.2,
    greeting: chance() < 0.5 ? 'Welcome to the random line.' : '',
    greetingDelayMs: chance() < 0.2 ? 900 : 0,
    wakeUpQuery: chance() < 0.2 ? 'who are you' : '',
    systemPrompt: '',
    initialHistory: [],
    historyLimitTurns: 1000,
    isHistorySynced: chance() < 0.5,
    tellsCompleteReply: chance() < 0.5,
    outputMinChars: chance() < 0.3 ? 40 : 0,
    outputMaxDelayMs: chance() < 0.3 ? 1000 : 0,
    backchannels: chance() < 0.5 ? [{ probability: 0.7, words: FILLERS }] : [],
    breaksAnywhere: chance() < 0.3,
    ...(chance() < 0.4
      ? { fillers: { waitMs: 700, isSequence: chance() < 0.5, messages: FILLERS } }
      : {}),
    hangUpFunctions: [],
    apology: chance() < 0.5 ? 'Sorry.' : '',
    userOnlineTimeoutMs: 60_000,
    userOfflineTimeoutMs: 10_000,
    isGracefulShutdown: chance() < 0.5,
  }
}

test('random conversations: nothing hangs, nobody talks twice, nothing said is lost', () => {
  for (let seed = 1; seed <= 1000; seed += 1) {
    const { settings, happenings, world } = conversation(seed)
    const { story, state, log } = play(settings, happenings, world)
    const context = (): string => `seed ${seed}\n${story.join('\n')}`

    // Long after the last event everything is at rest, whatever happened.
    if (!state.isOver) assert.equal(state.phase, 'listening', context())
    assert.equal(state.speech, undefined, context())
    assert.equal(state.cut, undefined, context())
    assert.equal(state.sentence, undefined, context())
    assert.equal(state.waiting, undefined, context())
    if (!state.isOver) assert.deepEqual(state.toSay, [], context())
    assert.equal(state.suspicion, undefined, context())
    assert.equal(state.playoutLevel, state.users.length === 0 ? 'held' : 'full', context())

    // Phases alternate, and what is told is a change.
    const phases = log.filter(({ action }) => action.type === 'tell-phase')
    let last = ''
    for (const { action, isJoin } of phases) {
      if (action.type !== 'tell-phase') continue
      if (!isJoin) assert.notEqual(action.phase, last, context())
      last = action.phase
    }

    // Every line is noted before it is told, each of its numbers once, in order of beginning.
    const noted = new Map<number, string>()
    for (const { action } of log) {
      if (action.type === 'note-sentence') noted.set(action.sentence.turnId, action.sentence.text)
      if (action.type === 'tell-user-subtitle') {
        assert.equal(noted.get(action.turnId), action.text, context())
      }
    }

    // Whatever the user said is in a final line of the record.
    const finals = new Map<number, string>()
    for (const { action } of log)
      if (
        action.type === 'note-sentence' &&
        action.sentence.role === 'user' &&
        action.sentence.isFinal
      )
        finals.set(action.sentence.entryId, action.sentence.text)
    const said = [...finals.values()].join(' | ')
    if (!state.isOver)
      for (const happening of happenings)
        if ('say' in happening)
          assert.ok(said.includes(happening.say), `${happening.say}: ${context()}`)

    // The same seed, the same story.
    if (seed % 40 === 0) assert.deepEqual(play(settings, happenings, world).story, story)
  }
})
