/**
 * How an English word sounds, roughly: its consonants, those that are easily mistaken for one another made
 * equal; vowels count only at its beginning. Our own, in the manner of Metaphone.
 */
export function phoneticKey(word: string): string {
  const rest = respelled(word)
  const first = /^[aeiouy]/.test(rest) ? 'A' : ''
  const consonants = rest.slice(first.length).replace(/[aeiouwyh]/g, '')
  return (first + consonants.toUpperCase()).replace(/(.)\1+/g, '$1')
}

/** The word with one way of writing for each sound; its vowels stay. */
export function respelled(word: string): string {
  let rest = word
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z]/g, '')
  for (const [pattern, sound] of SOUNDS) rest = rest.replace(pattern, sound)
  return rest
}

const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/^[kgp]n/, 'n'],
  [/^wr/, 'r'],
  [/^x/, 's'],
  [/^wh/, 'w'],
  [/mb$/, 'm'],
  [/ph/g, 'f'],
  [/gh(?=[^aeiou]|$)/g, ''],
  [/gh/g, 'g'],
  [/sch/g, 'sk'],
  [/tch|ch|sh|[ct]i(?=[ao])|si(?=on)|j|dg(?=[eiy])/g, 'x'],
  [/th/g, 't'],
  [/c(?=[eiy])/g, 's'],
  [/ck|c|qu?|g/g, 'k'],
  [/d/g, 't'],
  [/b/g, 'p'],
  [/v/g, 'f'],
  [/z/g, 's'],
]

/** How many letters must be put in, left out or changed to get from one text to the other. */
export function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at]
    for (let to = 1; to <= other.length; to += 1) {
      const change = (row[to - 1] ?? 0) + (one[at - 1] === other[to - 1] ? 0 : 1)
      next.push(Math.min(change, (row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
