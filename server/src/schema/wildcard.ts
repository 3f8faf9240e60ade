/**
 * Whether a text fits a pattern: `*` stands for any run of characters, also none, `?` for exactly one. The work
 * is bounded by the product of both lengths, whatever the pattern.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let [at, place] = [0, 0]
  let star = -1
  let resumeAt = 0
  while (at < text.length) {
    if (pattern[place] === '*') {
      star = place
      resumeAt = at
      place += 1
    } else if (place < pattern.length && (pattern[place] === '?' || pattern[place] === text[at])) {
      at += 1
      place += 1
    } else if (star >= 0) {
      // The last star takes one character more.
      resumeAt += 1
      at = resumeAt
      place = star + 1
    } else return false
  }
  while (pattern[place] === '*') place += 1
  return place === pattern.length
}
