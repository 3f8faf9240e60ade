/**
 * The text with every sensitive word as asterisks, one for each of its characters. Case does not matter. A
 * word of letters is found only where it stands alone; Chinese has no such ends.
 */
export function masked(text: string, words: readonly string[]): string {
  let shown = text
  for (const word of longestFirst(words)) {
    shown = shown.replace(patternOf(word), (found) => '*'.repeat([...found].length))
  }
  return shown
}

const longestFirst = (words: readonly string[]): readonly string[] =>
  words.filter((word) => word.trim() !== '').toSorted((one, other) => other.length - one.length)

function patternOf(word: string): RegExp {
  const literal = word.trim().replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  const before = SPACED.test(word.trim()[0] ?? '') ? String.raw`(?<![\p{L}\p{N}])` : ''
  const after = SPACED.test(word.trim().at(-1) ?? '') ? String.raw`(?![\p{L}\p{N}])` : ''
  return new RegExp(before + literal + after, 'giu')
}

/** Of a script that separates its words: letters and digits, but not Chinese, Japanese or Thai. */
const SPACED =
  /^(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{N}]$/u
