import { pairsOf, type Difference } from '../../../../server/src/replay/differences.ts'
import type { OutlineTurn } from '../../../../server/src/replay/outline.ts'
import type { WhatIf } from '../../../../server/src/replay/what-if.ts'
import { spanText } from '../../base/format.ts'
import type { WhatIfWords } from './what-if-words.ts'

/** One turn, as it was and as it would have been; one of them is absent where turns were cut otherwise. */
export interface TurnPair {
  readonly atMs: number
  readonly was?: OutlineTurn
  readonly would?: OutlineTurn
  /** What the changed answer is worth: made up, or ending where it was given up in the record. */
  readonly caution?: 'madeUp' | 'asFarAs'
}

/** The turns of both runs, in their order. */
export function turnPairs(result: WhatIf): readonly TurnPair[] {
  const { recorded, other, scriptedTurns, shortenedTurns } = result
  const pairs = new Map(pairsOf(recorded.turns, other.turns).map(([was, would]) => [would, was]))
  const paired = new Set(pairs.values())
  const changed = other.turns.map((would): TurnPair => {
    const was = pairs.get(would)
    const caution = scriptedTurns.includes(would.turnId)
      ? ('madeUp' as const)
      : shortenedTurns.includes(would.turnId)
        ? ('asFarAs' as const)
        : undefined
    return {
      atMs: startOf(would),
      would,
      ...(was === undefined ? {} : { was }),
      ...(caution === undefined ? {} : { caution }),
    }
  })
  const gone = recorded.turns
    .filter((was) => !paired.has(was))
    .map((was): TurnPair => ({ atMs: startOf(was), was }))
  return [...changed, ...gone].toSorted((one, two) => one.atMs - two.atMs)
}

const startOf = ({ speechStartMs, turnEndMs }: OutlineTurn): number =>
  speechStartMs ?? turnEndMs ?? 0

/** `+400 ms`; '' when there is nothing to compare, or no difference that counts. */
export function changeText({ was, would }: TurnPair): string {
  const [before, after] = [was?.answerDelayMs, would?.answerDelayMs]
  if (before === undefined || after === undefined) return ''
  const changeMs = Math.round(after - before)
  if (Math.abs(changeMs) < NOTABLE_MS) return ''
  return `${changeMs > 0 ? '+' : '−'}${spanText(Math.abs(changeMs))}`
}

/** As with the differences: recorded timers fire a little late. */
const NOTABLE_MS = 40

/** A difference, in a sentence. */
export function differenceText(
  difference: Difference,
  { recorded, other }: WhatIf,
  say: WhatIfWords,
  reasonText: (reason: string) => string,
): string {
  const { kind, atMs, recordedTurns, otherTurns } = difference
  const was = recorded.turns.filter(({ turnId }) => recordedTurns.includes(turnId))
  const would = other.turns.filter(({ turnId }) => otherTurns.includes(turnId))
  const said = (turns: readonly OutlineTurn[]): string =>
    turns.map(({ userText }) => `“${userText}”`).join(' + ')
  switch (kind) {
    case 'turns-merged':
      return say[kind](String(was.length), said(was))
    case 'turn-split':
      return say[kind](String(would.length), said(would))
    case 'turn-new':
      return say[kind](said(would))
    case 'turn-gone':
    case 'answer-missing':
    case 'answer-new':
      return say[kind](said(was))
    case 'answer-delay':
      return say[kind](
        said(was),
        spanText(was[0]?.answerDelayMs),
        spanText(would[0]?.answerDelayMs),
      )
    case 'interruption-gone':
    case 'interruption-new': {
      const { interruptions } = kind === 'interruption-gone' ? recorded : other
      const by = interruptions.find((one) => one.atMs === atMs)?.by ?? ''
      return say[kind](isMeans(by) ? say[`by_${by}`] : by)
    }
    case 'end': {
      const told = (end: WhatIf['recorded']['end']): string =>
        end === undefined
          ? say.noEnd
          : say.endAt(reasonText(end.reason), (end.atMs / 1000).toFixed(1))
      return say.end(told(recorded.end), told(other.end))
    }
  }
}

const MEANS = ['voice', 'words', 'command', 'speech', 'query', 'takeover'] as const
const isMeans = (by: string): by is (typeof MEANS)[number] =>
  (MEANS as readonly string[]).includes(by)
