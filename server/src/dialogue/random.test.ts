import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulatedIds } from '../base/simulated-ids.ts'
import { digestOf } from './digest.ts'
import { INTERRUPTED_TAG } from './history.ts'
import { FILLERS, randomConversation, type Conversation } from './random-conversation.ts'
import { RandomOutside } from './random-outside.ts'
import { initialState } from './state.ts'
import { step } from './step.ts'

const SEEDS = 10_000
/** So long after the last deed everything is at rest: a model may fail late, twice, and apologise. */
const AFTERWARDS_MS = 120_000
const LONGEST_SILENCE_MS = 1500

function play(conversation: Conversation): RandomOutside {
  const outside = new RandomOutside(conversation.settings, conversation.providers())
  outside.run(conversation.deeds, AFTERWARDS_MS)
  return outside
}

/** For a failure: what happened, a line each. */
function storyOf(seed: number, outside: RandomOutside): string {
  const lines = outside.steps.map(({ atMs, event, actions }) => {
    const told = actions.filter(({ type }) => !type.startsWith('timer'))
    return `${atMs} ${JSON.stringify(event)} → ${JSON.stringify(told)}`
  })
  return `seed ${seed}\n${lines.join('\n')}`
}

const digestsOf = (outside: RandomOutside): string =>
  outside.steps.map(({ actions }) => digestOf(actions)).join()

/** Everything that is wrong with a conversation. */
function faultsOf(conversation: Conversation, outside: RandomOutside): readonly string[] {
  return [
    ...(outside.broken === undefined ? [] : [outside.broken]),
    ...restFaults(outside),
    ...silenceFaults(outside),
    ...tellingFaults(outside),
    ...lostWords(conversation, outside),
    ...historyFaults(conversation, outside),
  ]
}

/** Long after the last event everything is at rest; after the end nothing runs. */
function restFaults({ state, leftovers }: RandomOutside): readonly string[] {
  const faults: string[] = []
  if (state.isOver) return leftovers.map((what) => `${what} left over after the end`)
  if (state.phase !== 'listening') faults.push(`still ${state.phase}`)
  for (const name of ['speech', 'cut', 'sentence', 'waiting', 'suspicion'] as const) {
    if (state[name] !== undefined) faults.push(`${name} left over`)
  }
  if (state.toSay.length > 0) faults.push('something was never said')
  const level = state.users.length === 0 ? 'held' : 'full'
  if (state.playoutLevel !== level) faults.push(`sound ${state.playoutLevel}`)
  return faults
}

function silenceFaults({ worstSilence: { ms, atMs } }: RandomOutside): readonly string[] {
  return ms <= LONGEST_SILENCE_MS ? [] : [`silence for ${ms} ms without a reason, until ${atMs}`]
}

/** Phases alternate; what is told has been noted before; the end is the last. */
function tellingFaults({ steps }: RandomOutside): readonly string[] {
  const faults: string[] = []
  const noted = new Map<number, string>()
  let phase = ''
  let hasEnded = false
  for (const { event, actions } of steps) {
    const isAsked = event.type === 'user-join' || event.type === 'state-query'
    for (const action of actions) {
      if (hasEnded) faults.push(`${action.type} after the end`)
      if (action.type === 'end') hasEnded = true
      if (action.type === 'note-sentence') noted.set(action.sentence.turnId, action.sentence.text)
      if (action.type === 'tell-user-subtitle' && noted.get(action.turnId) !== action.text) {
        faults.push(`told before it was noted: ${action.text}`)
      }
      if (action.type !== 'tell-phase') continue
      if (!isAsked && action.phase === phase) faults.push(`${phase} told twice`)
      phase = action.phase
    }
  }
  return faults
}

/** Whatever the user said is in a final line of the record, if the recogniser heard it. */
function lostWords(
  { deeds, isHeardWhole }: Conversation,
  outside: RandomOutside,
): readonly string[] {
  if (!isHeardWhole || outside.state.isOver) return []
  const finals = new Map<number, string>()
  for (const { actions } of outside.steps) {
    for (const action of actions) {
      if (action.type !== 'note-sentence') continue
      const { role, isFinal, entryId, text } = action.sentence
      if (role === 'user' && isFinal) finals.set(entryId, text)
    }
  }
  const said = [...finals.values()].join(' | ')
  return deeds.flatMap((deed) =>
    deed.type === 'speak' && deed.isMeant && deed.words !== '' && !said.includes(deed.words)
      ? [`lost: ${deed.words}`]
      : [],
  )
}

/** What the history keeps of the agent's speech is what was heard of it, to the word. */
function historyFaults({ settings }: Conversation, outside: RandomOutside): readonly string[] {
  if (!settings.isHistorySynced) return []
  const faults: string[] = []
  const spoken = new Map<number, string>()
  for (const { actions } of outside.steps) {
    for (const action of actions) {
      if (action.type === 'segment-speak' && !FILLERS.has(action.text)) {
        spoken.set(action.segmentId, action.text)
      }
      if (action.type !== 'note-turn' || action.turn.interruptedMs === undefined) continue
      const said = action.turn.history.filter(({ role }) => role === 'assistant')
      const [kept = ''] = said
        .map(({ content }) => content)
        .join('')
        .split(INTERRUPTED_TAG)
      if (kept === '') continue
      const heard = heardOf(kept, spoken, outside.heardChars)
      if (heard === undefined) faults.push(`never heard: ${kept}`)
    }
  }
  return faults
}

/** The pieces that the kept text is made of: whole ones, and of the last one no more than a word too much. */
function heardOf(
  kept: string,
  spoken: ReadonlyMap<number, string>,
  heardChars: ReadonlyMap<number, number>,
): true | undefined {
  const ids = [...spoken.keys()]
  return ids.some((_, from) => {
    let rest = kept
    for (const id of ids.slice(from)) {
      const text = spoken.get(id) ?? ''
      const chars = heardChars.get(id) ?? 0
      // It could not be synthesised.
      if (chars === 0 && rest !== kept) continue
      if (!rest.startsWith(text)) {
        return text.startsWith(rest) && rest.length >= chars && !/\S\s+\S/.test(rest.slice(chars))
      }
      // Only what was heard whole has more after it.
      if (rest.length > text.length && chars < text.length) return false
      rest = rest.slice(text.length)
      if (rest === '') return chars >= text.length || !/\S\s+\S/.test(text.slice(chars))
    }
    return false
  })
    ? true
    : undefined
}

test(`${SEEDS} random conversations: nothing hangs, nobody talks twice, nothing said is lost`, () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const conversation = randomConversation(seed)
    const outside = play(conversation)
    const faults = faultsOf(conversation, outside)
    if (faults.length > 0) assert.fail(`${faults.join('\n')}\n${storyOf(seed, outside)}`)
    if (seed % 50 !== 0) continue
    // The same seed, the same trace; and the same events, the same decisions.
    assert.equal(digestsOf(play(conversation)), digestsOf(outside), `seed ${seed}`)
    let state = initialState(conversation.settings)
    for (const { event, actions } of outside.steps) {
      const again = step(state, event)
      state = again.state
      assert.equal(digestOf(again.actions), digestOf(actions), `seed ${seed}`)
    }
  }
})

test('random conversations do what they are made for', () => {
  const seen = new Map<string, number>()
  for (let seed = 1; seed <= 200; seed += 1) {
    for (const { actions } of play(randomConversation(seed)).steps) {
      for (const action of actions) {
        const name = action.type === 'note-decision' ? action.decision.kind : action.type
        seen.set(name, (seen.get(name) ?? 0) + 1)
      }
    }
  }
  const wanted = ['answer', 'interruption', 'no-interruption', 'turn-continued', 'turn-waits']
  const more = ['turn-dropped', 'nothing-heard', 'acknowledgement', 'reply-failed', 'filler', 'end']
  const others = ['tell-push-to-talk', 'tell-takeover-connected', 'human-asr-flush', 'tool-run']
  for (const name of [...wanted, ...more, ...others, 'backchannel-say', 'judge-start']) {
    assert.ok((seen.get(name) ?? 0) >= 5, `${name}: ${seen.get(name) ?? 0}`)
  }
  assert.ok(simulatedIds(1).chance() !== simulatedIds(2).chance())
})
