/** A stretch of a text that is synthesised in one go. */
export interface Piece {
  /** What Flite gets: plain ASCII. */
  readonly spoken: string
  /** Where the piece ends in the text, in UTF-16 units. */
  readonly end: number
}

/** Longer sentences are cut between clauses, so that the first sound comes early and others get a turn. */
const CLAUSE_CHARS = 90
/** Past this a cut comes at a blank, past twice this anywhere. */
const PIECE_CHARS = 180

/** Cuts a text into sentences, long ones into clauses; pieces with nothing to say are joined to the next. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let start = 0
  while (start < text.length) {
    const end = start + pieceLength(text.slice(start))
    const spoken = spokenText(text.slice(start, end))
    if (isSpeakable(spoken)) pieces.push({ spoken, end })
    start = end
  }
  const last = pieces.at(-1)
  if (last !== undefined) pieces[pieces.length - 1] = { ...last, end: text.length }
  return pieces
}

const SENTENCE_END = /[.!?。！？]+["'”’)\]*_]*\s+|\n+/u
const CLAUSE_END = /[,;:—–，；：、]\s+/gu

function pieceLength(rest: string): number {
  const sentence = SENTENCE_END.exec(rest)
  const length = sentence === null ? rest.length : sentence.index + sentence[0].length
  if (length <= CLAUSE_CHARS) return length
  let clause: number | undefined
  for (const match of rest.slice(0, length).matchAll(CLAUSE_END)) {
    const end = match.index + match[0].length
    if (end >= 20 && end < length) clause ??= end
  }
  if (clause !== undefined && clause <= PIECE_CHARS) return clause
  if (length <= PIECE_CHARS) return length
  const blank = rest.lastIndexOf(' ', PIECE_CHARS)
  return blank > 0 ? blank + 1 : Math.min(length, PIECE_CHARS)
}

const isSpeakable = (text: string): boolean => /[A-Za-z0-9]/.test(text)

const WORDS: readonly (readonly [what: RegExp, instead: string])[] = [
  [/!?\[([^\]]*)\]\([^)]*\)/g, '$1'],
  [/https?:\/\/(?:www\.)?([^\s/?#]+)\S*/g, '$1'],
  [/<\/?[a-zA-Z][^>]*>/g, ' '],
  [/&amp;|&/g, ' and '],
  [/&[a-z]+;/g, ' '],
  [/[‘’‛′]/g, "'"],
  [/[“”„″«»]/g, '"'],
  [/…/g, '. '],
  [/\s[-–—]\s|[–—]/g, ', '],
  [/(?<![\w.])-(?=\d)/g, ' minus '],
  [/[−]/g, ' minus '],
  [/×/g, ' times '],
  [/÷/g, ' divided by '],
  [/(?<=\d)\s*\+\s*(?=\d)/g, ' plus '],
  [/(?<=\d)\s*\*\s*(?=\d)/g, ' times '],
  [/(?<=[\w)])\s*=\s*/g, ' equals '],
  [/(?<=\d)\s*%/g, ' percent'],
  [/°\s*C\b/g, ' degrees Celsius'],
  [/°\s*F\b/g, ' degrees Fahrenheit'],
  [/°/g, ' degrees '],
  [/€\s*(\d[\d.,]*)/g, '$1 euros'],
  [/£\s*(\d[\d.,]*)/g, '$1 pounds'],
  [/(?<=\d),(?=\d{3}\b)/g, ''],
  [/@/g, ' at '],
  [/[*_`#~|<>^\\{}[\]]+/g, ' '],
]
/** Longer words than this are no words; Flite would take its time over them. */
const WORD_CHARS = 40

/** What is read aloud: no markdown, no emoji, no accents, signs as words. */
export function spokenText(text: string): string {
  let spoken = text
  for (const [what, instead] of WORDS) spoken = spoken.replaceAll(what, instead)
  return spoken
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/ß/g, 'ss')
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .replaceAll(new RegExp(`(\\S{${WORD_CHARS}})(?=\\S)`, 'g'), '$1 ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
