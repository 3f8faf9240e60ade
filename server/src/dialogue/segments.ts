/** Cutting a stream of text into pieces that are synthesised one after the other. */

/** No piece is longer, in UTF-16 units; a longer sentence is cut at its last blank before that. */
export const SEGMENT_LIMIT_CHARS = 220
/** The first piece of a reply may end at a comma once it is this long, so that sound starts early. */
export const FIRST_CLAUSE_CHARS = 24
/** Chinese and Japanese: as long to say as a first clause, and with no blank to end it at. */
const WITHOUT_BLANKS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]{8}\p{P}*/u

/** In Chinese nothing follows the mark but the next sentence; "1.苹果" is no end. */
const SENTENCE_END =
  /[.!?…]+["'”’)\]]*\s+|[!?…]+["'”’）」』]*(?=\p{Script=Han})|[。！？；]+["'”’）」』]*\s*|\n+/gu
const CLAUSE_END = /[,;:]\s+|[，、：；]\s*/g
const ABBREVIATION = /(?:^|[\s("'])(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|no|approx|[a-z])\.\s+$/i

/**
 * Cuts what can be cut off the front of `text`. Joined together, pieces and rest are `text` again; blanks
 * stay at the end of the piece before them. A piece never ends in the middle of a number like "3.5", nor
 * after an abbreviation like "Dr.".
 */
export function cutSegments(
  text: string,
  options: {
    readonly isFirst: boolean
    readonly isEnd: boolean
    readonly breaksAnywhere?: boolean
  },
): { readonly pieces: readonly string[]; readonly rest: string } {
  const pieces: string[] = []
  let rest = text
  let isFirst = options.isFirst
  for (;;) {
    const early = isFirst && options.breaksAnywhere === true ? wordEnd(rest) : undefined
    const end = earlier(early, naturalEnd(rest, isFirst)) ?? forcedEnd(rest)
    if (end === undefined) break
    pieces.push(rest.slice(0, end))
    rest = rest.slice(end)
    isFirst = false
  }
  if (options.isEnd && rest !== '') {
    pieces.push(rest)
    rest = ''
  }
  return { pieces: joinMute(pieces), rest }
}

/** True when there is something in the text that can be spoken. */
export const isSpeakable = (text: string): boolean => /[\p{L}\p{N}]/u.test(text)

function naturalEnd(text: string, isFirst: boolean): number | undefined {
  return earlier(sentenceEnd(text), isFirst ? clauseEnd(text) : undefined)
}

const earlier = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)

function sentenceEnd(text: string): number | undefined {
  for (const match of text.matchAll(SENTENCE_END)) {
    const end = match.index + match[0].length
    const piece = text.slice(0, end)
    if (end > SEGMENT_LIMIT_CHARS) return undefined
    if (ABBREVIATION.test(piece)) continue
    if (isSpeakable(piece)) return end
  }
  return undefined
}

function clauseEnd(text: string): number | undefined {
  for (const match of text.matchAll(CLAUSE_END)) {
    const end = match.index + match[0].length
    const isLong = spokenLength(text.slice(0, end)) >= FIRST_CLAUSE_CHARS
    if (isLong && end <= SEGMENT_LIMIT_CHARS) return end
  }
  return undefined
}

/** In letters; a Chinese character takes as long to say as three. */
const spokenLength = (text: string): number =>
  text.length +
  2 * (text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu) ?? []).length

/** The first blank past the length of a first clause; in scripts without blanks, after so many characters. */
function wordEnd(text: string): number | undefined {
  const blank = text.indexOf(' ', FIRST_CLAUSE_CHARS - 1)
  const run = WITHOUT_BLANKS.exec(text)
  const runEnd = run === null ? undefined : run.index + run[0].length
  return earlier(blank < 0 ? undefined : blank + 1, runEnd)
}

function forcedEnd(text: string): number | undefined {
  if (text.length <= SEGMENT_LIMIT_CHARS) return undefined
  const blank = text.lastIndexOf(' ', SEGMENT_LIMIT_CHARS - 1)
  if (blank > 0) return blank + 1
  // Not between the two halves of a character outside the basic plane.
  const last = text.charCodeAt(SEGMENT_LIMIT_CHARS - 1)
  return last >= 0xd800 && last < 0xdc00 ? SEGMENT_LIMIT_CHARS - 1 : SEGMENT_LIMIT_CHARS
}

/** Pieces with nothing to speak in them go along with the piece before. */
function joinMute(pieces: readonly string[]): readonly string[] {
  const joined: string[] = []
  for (const piece of pieces) {
    const last = joined.at(-1)
    const fits = (last?.length ?? 0) + piece.length <= SEGMENT_LIMIT_CHARS
    if (last !== undefined && fits && !isSpeakable(piece)) joined[joined.length - 1] = last + piece
    else joined.push(piece)
  }
  return joined
}
