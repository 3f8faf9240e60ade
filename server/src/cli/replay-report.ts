import { pairsOf } from '../replay/differences.ts'
import type { OutlineTurn } from '../replay/outline.ts'
import type { Recording } from '../replay/recording.ts'
import type { Replay } from '../replay/rerun.ts'
import type { WhatIf } from '../replay/what-if.ts'

/** The first differences tell the story; the others follow from them. */
const SHOWN_LIMIT = 5
const TEXT_WIDTH = 44

/** What a person reads of a replay. */
export function replayReport(recording: Recording, { events, differences }: Replay): string {
  const count = recording.stretches.length
  const stretches = count === 1 ? '' : ` in ${count} stretches`
  const what = `The engine has decided the whole call again: ${events} events${stretches}.`
  if (differences.length === 0) return `${what}\nIt decided the same, byte for byte.\n`
  const lines = differences.slice(0, SHOWN_LIMIT).map(({ atMs, event, actions }) => {
    const decided = actions.length === 0 ? 'nothing' : JSON.stringify(actions)
    const indent = ' '.repeat(14)
    return `  ${seconds(atMs)}  ${JSON.stringify(event)}\n${indent}is now answered by: ${decided}`
  })
  const more = differences.length - lines.length
  return [
    what,
    `To ${differences.length} of them it answers otherwise than in the record. The first tell why:`,
    ...lines,
    ...(more > 0 ? [`  … and ${more} more`] : []),
    '',
  ].join('\n')
}

/** What a person reads of a call played with other settings. */
export function whatIfReport(result: WhatIf): string {
  const { changes, differences, unexplained } = result
  const settings = changes.map(({ path, from, to }) => {
    const before = from === undefined ? 'its default' : JSON.stringify(from)
    return `What if ${path} were ${JSON.stringify(to)} instead of ${before}?`
  })
  const told = differences.map(({ atMs, words }) => `  ${seconds(atMs)}  ${words}`)
  const caution =
    unexplained === 0
      ? []
      : [
          '',
          `Take care: ${unexplained} differences come up without any change, since the record does not tell enough.`,
        ]
  return [
    ...settings,
    '',
    'Delays are from the end of what the user says to the first sound of the answer.',
    '',
    ...table(result),
    '',
    differences.length === 0
      ? 'Nothing would have gone otherwise.'
      : 'What would have gone otherwise:',
    ...told,
    ...caution,
    '',
  ].join('\n')
}

/** Every turn of both runs, with the time from the user's last sound to the answer's first. */
function table(result: WhatIf): readonly string[] {
  const { recorded, other } = result
  const pairs = new Map(pairsOf(recorded.turns, other.turns).map(([one, two]) => [two, one]))
  const paired = new Set(pairs.values())
  const rows = [
    ...other.turns.map((turn) => row(result, pairs.get(turn), turn)),
    ...recorded.turns.filter((turn) => !paired.has(turn)).map((turn) => row(result, turn)),
  ]
  const head = { atMs: 0, cells: ['at', 'the user says', 'in the call', 'would have been', ''] }
  const sorted = [head, ...rows.toSorted((one, two) => one.atMs - two.atMs)]
  return sorted.map(({ cells: [at = '', text = '', before = '', after = '', mark = ''] }) =>
    `  ${at.padEnd(8)}  ${padded(cut(text))}  ${before.padEnd(14)}  ${after.padEnd(15)}  ${mark}`.trimEnd(),
  )
}

interface Row {
  readonly atMs: number
  readonly cells: readonly string[]
}

function row(result: WhatIf, one: OutlineTurn | undefined, two?: OutlineTurn): Row {
  const turn = two ?? one
  const atMs = turn?.speechStartMs ?? turn?.turnEndMs ?? 0
  const isScripted = two !== undefined && result.scriptedTurns.includes(two.turnId)
  const isShort = two !== undefined && result.shortenedTurns.includes(two.turnId)
  const mark = isScripted
    ? '(the answer is made up: nobody asked this in the record)'
    : isShort
      ? '(the answer ends where the record has it end)'
      : ''
  return {
    atMs,
    cells: [seconds(atMs).trim(), turn?.userText ?? '', delay(one), delay(two), mark],
  }
}

function delay(turn: OutlineTurn | undefined): string {
  if (turn === undefined) return 'no such turn'
  return turn.answerDelayMs === undefined ? 'not answered' : `${Math.round(turn.answerDelayMs)} ms`
}

/** Chinese characters are two columns wide. */
const padded = (text: string): string => {
  const wide =
    text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，。！？；：]/gu) ?? []
  return text.padEnd(TEXT_WIDTH - wide.length)
}

const cut = (text: string): string =>
  text.length <= TEXT_WIDTH ? text : `${text.slice(0, TEXT_WIDTH - 1)}…`

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`.padStart(10)
