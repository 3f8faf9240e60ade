/** No English speaker says more in a second. Moonshine's own guard is 6.5 tokens, about as much. */
const CHARS_PER_SECOND = 28
const FREE_CHARS = 12
/** A phrase said more often than this in a row was not said. */
const REPEAT_LIMIT = 3
const PHRASE_WORDS = 6

/**
 * What is left of a recogniser's text when its well-known inventions are taken out: text without a letter,
 * more text than the sound can hold, and phrases repeated without end.
 */
export function plausibleText(text: string, seconds: number): string {
  const trimmed = text.replaceAll(/\s+/g, ' ').trim()
  if (!/[\p{L}\p{N}]/u.test(trimmed)) return ''
  const kept = withoutLoops(trimmed.split(' ')).join(' ')
  return kept.length > FREE_CHARS + seconds * CHARS_PER_SECOND ? '' : kept
}

/** Cuts after the first of a phrase that comes more than `REPEAT_LIMIT` times in a row. */
function withoutLoops(words: readonly string[]): readonly string[] {
  const plain = words.map((word) => word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ''))
  for (let from = 0; from < plain.length; from++) {
    for (let size = 1; size <= PHRASE_WORDS; size++) {
      let count = 1
      while (isSame(plain, { from, to: from + count * size, size })) count += 1
      if (count > REPEAT_LIMIT) return words.slice(0, from + size)
    }
  }
  return words
}

function isSame(
  words: readonly string[],
  at: { readonly from: number; readonly to: number; readonly size: number },
): boolean {
  if (at.to + at.size > words.length) return false
  for (let offset = 0; offset < at.size; offset++)
    if (words[at.from + offset] !== words[at.to + offset]) return false
  return true
}
