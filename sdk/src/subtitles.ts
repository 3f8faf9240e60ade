import type { Subtitle } from './agent-message.ts'

/** One turn of one side, as it is shown. */
export interface SubtitleLine {
  readonly speaker: 'agent' | 'user'
  readonly sentenceId: number
  readonly text: string
  /** False while the text may still change or grow. */
  readonly isEnd: boolean
  /** The agent was cut off in this line. */
  readonly isInterrupted: boolean
}

/** Lines kept; past it the oldest go. */
export const SUBTITLE_LIMIT_LINES = 500

/**
 * The lines after one more subtitle: the user's text replaces what the line said, the agent's is appended
 * to it. A reply that was cut off because the user had not finished is followed by another to the same
 * turn, which takes its place. Lines stand in the order in which they began; one that ends without a word
 * is taken away.
 */
export function withSubtitle(
  lines: readonly SubtitleLine[],
  subtitle: Subtitle,
): readonly SubtitleLine[] {
  const { speaker, sentenceId } = subtitle
  const index = lines.findLastIndex(
    (line) => line.speaker === speaker && line.sentenceId === sentenceId,
  )
  const before = lines[index]
  const isInterrupted = before?.isInterrupted === true && subtitle.text === ''
  const isContinued = before?.isInterrupted === isInterrupted
  const text =
    speaker === 'user'
      ? subtitle.text
      : ((isContinued ? before.text : '') + subtitle.text).trimStart()
  const isGone = subtitle.isHidden || (subtitle.isEnd && text.trim() === '')
  if (before === undefined) {
    if (isGone || text === '') return lines
    const line = { speaker, sentenceId, text, isEnd: subtitle.isEnd, isInterrupted: false }
    return [...lines, line].slice(-SUBTITLE_LIMIT_LINES)
  }
  if (isGone) return lines.toSpliced(index, 1)
  const line = { ...before, text, isEnd: subtitle.isEnd || isInterrupted, isInterrupted }
  return lines.with(index, line)
}

/** The lines after the agent was cut off: what it was saying has ended there. */
export function withInterruption(lines: readonly SubtitleLine[]): readonly SubtitleLine[] {
  const index = lines.findLastIndex((line) => line.speaker === 'agent')
  const line = lines[index]
  if (line === undefined || line.isEnd) return lines
  return lines.with(index, { ...line, isEnd: true, isInterrupted: true })
}

/** The lines when the connection has ended: nothing grows, unless it is made anew and more comes. */
export function withAllEnded(lines: readonly SubtitleLine[]): readonly SubtitleLine[] {
  if (lines.every(({ isEnd }) => isEnd)) return lines
  return lines.map((line) => (line.isEnd ? line : { ...line, isEnd: true }))
}
