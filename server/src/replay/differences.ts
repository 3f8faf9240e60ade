import type { Outline, OutlineInterruption, OutlineTurn } from './outline.ts'

/** Something that would have gone otherwise, in words and for programs. Times are ms since the call's start. */
export interface Difference {
  readonly kind:
    | 'turns-merged'
    | 'turn-split'
    | 'turn-gone'
    | 'turn-new'
    | 'interruption-gone'
    | 'interruption-new'
    | 'answer-delay'
    | 'answer-missing'
    | 'answer-new'
    | 'end'
  readonly atMs: number
  readonly words: string
  /** Turns of the record, and of the other run, that it is about. */
  readonly recordedTurns: readonly number[]
  readonly otherTurns: readonly number[]
}

/** Delays that differ by less count as the same: recorded timers fire a little late. */
export const SAME_DELAY_MS = 40
/** Ends that differ by less count as the same. */
const SAME_END_MS = 500

export function differencesOf(recorded: Outline, other: Outline): readonly Difference[] {
  return [
    ...regroupings(recorded.turns, other.turns),
    ...pairsOf(recorded.turns, other.turns).flatMap(([one, two]) => answerDifference(one, two)),
    ...interruptionDifferences(recorded.interruptions, other.interruptions),
    ...endDifference(recorded, other),
  ].toSorted((one, two) => one.atMs - two.atMs)
}

const startOf = (turn: OutlineTurn): number => turn.speechStartMs ?? turn.turnEndMs ?? 0
const quoted = (turns: readonly OutlineTurn[]): string =>
  turns.map(({ userText }) => `“${userText}”`).join(' + ')
const idsOf = (turns: readonly OutlineTurn[]): readonly number[] =>
  turns.map(({ turnId }) => turnId)

/** The turns that share stretches of speech with this one. Typed ones share their text. */
const kinOf = (turn: OutlineTurn, turns: readonly OutlineTurn[]): readonly OutlineTurn[] =>
  turns.filter((one) =>
    turn.utterances.length === 0
      ? one.utterances.length === 0 && one.userText === turn.userText
      : one.utterances.some((utterance) => turn.utterances.includes(utterance)),
  )

function regroupings(
  recorded: readonly OutlineTurn[],
  other: readonly OutlineTurn[],
): readonly Difference[] {
  const merged = other.flatMap((turn): readonly Difference[] => {
    const kin = kinOf(turn, recorded)
    const ids = { recordedTurns: idsOf(kin), otherTurns: [turn.turnId] }
    const atMs = startOf(turn)
    if (kin.length === 0) {
      return [{ kind: 'turn-new', atMs, words: `a new turn: “${turn.userText}”`, ...ids }]
    }
    if (kin.length === 1) return []
    const words = `${kin.length} turns become one: ${quoted(kin)}`
    return [{ kind: 'turns-merged', atMs, words, ...ids }]
  })
  const split = recorded.flatMap((turn): readonly Difference[] => {
    const kin = kinOf(turn, other)
    const ids = { recordedTurns: [turn.turnId], otherTurns: idsOf(kin) }
    const atMs = startOf(turn)
    if (kin.length === 0) {
      return [{ kind: 'turn-gone', atMs, words: `no turn any more: “${turn.userText}”`, ...ids }]
    }
    if (kin.length === 1) return []
    const words = `one turn becomes ${kin.length}: ${quoted(kin)}`
    return [{ kind: 'turn-split', atMs, words, ...ids }]
  })
  return [...merged, ...split]
}

/** Turns that are made of the same stretches of speech in both runs. */
export function pairsOf(
  recorded: readonly OutlineTurn[],
  other: readonly OutlineTurn[],
): readonly (readonly [OutlineTurn, OutlineTurn])[] {
  return recorded.flatMap((turn) => {
    const [kin, ...more] = kinOf(turn, other)
    if (kin === undefined || more.length > 0 || kinOf(kin, recorded).length > 1) return []
    return [[turn, kin] as const]
  })
}

function answerDifference(one: OutlineTurn, two: OutlineTurn): readonly Difference[] {
  const about = { recordedTurns: [one.turnId], otherTurns: [two.turnId], atMs: startOf(one) }
  const name = `“${one.userText}”`
  if ((one.firstAudioMs === undefined) !== (two.firstAudioMs === undefined)) {
    return two.firstAudioMs === undefined
      ? [{ kind: 'answer-missing', words: `${name} is not answered any more`, ...about }]
      : [{ kind: 'answer-new', words: `${name} is answered, and was not`, ...about }]
  }
  const [before, after] = [one.answerDelayMs, two.answerDelayMs]
  if (before === undefined || after === undefined) return []
  if (Math.abs(after - before) < SAME_DELAY_MS) return []
  const change = `${Math.round(after)} ms instead of ${Math.round(before)} ms`
  return [{ kind: 'answer-delay', words: `${name} is answered after ${change}`, ...about }]
}

/** One interruption in both runs: by the same stretch of speech, or by the same means at the same time. */
const keyOf = ({ by, utterance, atMs }: OutlineInterruption): string =>
  utterance === undefined ? `${by} ${Math.round(atMs / SAME_END_MS)}` : `speech ${utterance}`

function interruptionDifferences(
  recorded: readonly OutlineInterruption[],
  other: readonly OutlineInterruption[],
): readonly Difference[] {
  const has = (list: readonly OutlineInterruption[], one: OutlineInterruption): boolean =>
    list.some((candidate) => keyOf(candidate) === keyOf(one))
  const turns = ({ turnId }: OutlineInterruption): readonly number[] =>
    turnId === undefined ? [] : [turnId]
  const gone = recorded
    .filter((one) => !has(other, one))
    .map((one) => ({
      kind: 'interruption-gone' as const,
      atMs: one.atMs,
      words: `no interruption by ${one.by} any more`,
      recordedTurns: turns(one),
      otherTurns: [],
    }))
  const added = other
    .filter((one) => !has(recorded, one))
    .map((one) => ({
      kind: 'interruption-new' as const,
      atMs: one.atMs,
      words: `a new interruption by ${one.by}`,
      recordedTurns: [],
      otherTurns: turns(one),
    }))
  return [...gone, ...added]
}

function endDifference({ end: one }: Outline, { end: two }: Outline): readonly Difference[] {
  const isSame =
    one?.reason === two?.reason && Math.abs((one?.atMs ?? 0) - (two?.atMs ?? 0)) < SAME_END_MS
  if (isSame) return []
  const tell = (end: Outline['end']): string =>
    end === undefined ? 'none' : `${end.reason} at ${(end.atMs / 1000).toFixed(1)} s`
  const words = `the call ends otherwise: ${tell(two)} instead of ${tell(one)}`
  const atMs = one?.atMs ?? two?.atMs ?? 0
  return [{ kind: 'end', atMs, words, recordedTurns: [], otherTurns: [] }]
}
