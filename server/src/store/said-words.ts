/**
 * How words are found in what was said. Text becomes a row of words: runs of letters and digits, without regard to
 * case and accents; of scripts that put no blanks between words (Chinese, Japanese, Korean, Thai, …) every
 * character is a word, so that any part of a Chinese sentence is found. A search is a row of such words next to each other,
 * or several of them: `refund 退款 "wrong order"`.
 */

/** Every character is a word of its own. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const WORD = /[\p{L}\p{M}\p{N}\ue000]+/gu
const PIECES = new RegExp(`${UNSPACED.source}|(?:(?!${UNSPACED.source})[^])+`, 'gu')
const BEYOND_ASCII = /[^\0-\x7f]/
/** Accents of Latin, Greek and Cyrillic letters. */
const ACCENTS = /[\u0300-\u036f]/g
/** Stands between sentences, so that no phrase reaches from one into the next. A private character: nobody says it. */
const SENTENCE_END = '\ue000'

/** What divides sentences in the text that {@link wordsOf} gets. */
export const SENTENCE_GAP = ` ${SENTENCE_END} `

/** The words of a text, in order. */
export function wordsOf(text: string): string[] {
  if (!BEYOND_ASCII.test(text)) return text.toLowerCase().match(/[a-z0-9]+/g) ?? []
  const plain = text.normalize('NFKD').replace(ACCENTS, '').normalize('NFKC').toLowerCase()
  return [...plain.matchAll(WORD)].flatMap(([run]) => run.match(PIECES) ?? [])
}

/** Words that must stand next to each other. */
export interface Phrase {
  readonly words: readonly string[]
  /** The last one may go on: `refund*` finds "refunded". */
  readonly isPrefix: boolean
}

/** What a search text asks for: all of these phrases, each anywhere in the call. None: there are no words in it. */
export function phrasesOf(search: string): readonly Phrase[] {
  const pieces = search.replaceAll(SENTENCE_END, ' ').match(/"[^"]*"\*?|[^\s"]+/g) ?? []
  return pieces
    .map((piece) => ({ words: wordsOf(piece), isPrefix: piece.endsWith('*') }))
    .filter(({ words }) => words.length > 0)
}

/** Whether all phrases occur in the words. */
export const says = (words: readonly string[], phrases: readonly Phrase[]): boolean =>
  phrases.every((phrase) => words.some((_, at) => standsAt(words, at, phrase)))

const standsAt = (words: readonly string[], at: number, { words: wanted, isPrefix }: Phrase) =>
  wanted.every((word, index) => {
    const said = words[at + index]
    return isPrefix && index === wanted.length - 1 ? said?.startsWith(word) : said === word
  })

/** The query of the full-text table for an agent's calls, or all, in which one side or either said the phrases. */
export function textQuery(
  phrases: readonly Phrase[],
  where: { readonly agentId?: string; readonly by?: 'user' | 'agent' },
): string {
  const columns = where.by === undefined ? '{user_text agent_text}' : `${where.by}_text`
  const agent =
    where.agentId === undefined ? '' : `agent : "${wordsOf(where.agentId).join(' ')}" AND `
  const asked = phrases.map(({ words, isPrefix }) => `"${words.join(' ')}"${isPrefix ? '*' : ''}`)
  return `${agent}${columns} : (${asked.join(' AND ')})`
}
