import type { Answer } from './answers.ts'
import type { Source, Line } from './source.ts'

/** A line of the transcript: what was heard of it, and what was cut off. */
export interface TranscriptLine extends Line {
  readonly endMs: number
  readonly heard: string
  /** '' when all of it was heard. */
  readonly cut: string
  /** Of an agent's line that was cut: why, in the engine's words. */
  readonly cutReason?: string
  /** Of an answer: how long the user waited for it. */
  readonly delayMs?: number
}

export function transcriptOf(
  source: Source,
  answers: readonly Answer[],
): readonly TranscriptLine[] {
  const { lines, turns, decisions, endMs } = source
  const used = new Set<Answer>()
  return lines.map((line, index): TranscriptLine => {
    const turn = turns.find(({ turnId }) => turnId === line.turnId)
    const next = lines.slice(index + 1).find(({ beginMs }) => beginMs > line.beginMs)
    const limitMs = next?.beginMs ?? endMs
    const isCut = line.spokenText !== undefined
    const { heard, cut } = partsOf(line)
    const answer = line.isUser
      ? undefined
      : answers.find((one) => one.turnId === line.turnId && !used.has(one))
    if (answer !== undefined) used.add(answer)
    const givenUp = decisions.find(
      (one) =>
        (one.kind === 'interruption' || one.kind === 'turn-continued') &&
        one.turnId === line.turnId &&
        one.atMs >= line.beginMs,
    )
    const ownMs = line.isUser ? turn?.speechEndMs : isCut ? givenUp?.atMs : turn?.playoutEndMs
    return {
      ...line,
      // A user's line may be overlapped by the answer that it goes on through.
      endMs: Math.max(line.beginMs, ownMs ?? limitMs),
      heard,
      cut,
      ...(isCut && givenUp !== undefined ? { cutReason: givenUp.words } : {}),
      ...(answer === undefined ? {} : { delayMs: answer.totalMs }),
    }
  })
}

/** What was played of an interrupted line stands at its beginning, up to spaces. */
export function partsOf({ text, spokenText }: Pick<Line, 'text' | 'spokenText'>): {
  readonly heard: string
  readonly cut: string
} {
  if (spokenText === undefined) return { heard: text, cut: '' }
  if (!text.startsWith(spokenText)) return { heard: spokenText, cut: '' }
  const cut = text.slice(spokenText.length)
  // A full stop makes no sound.
  return { heard: spokenText, cut: /[\p{L}\p{N}]/u.test(cut) ? cut : '' }
}
