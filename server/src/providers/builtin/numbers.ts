const SMALL = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen ' +
  'sixteen seventeen eighteen nineteen'
).split(' ')
const TENS = '_ _ twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
const SCALES: Readonly<Record<string, number>> = {
  hundred: 100,
  thousand: 1000,
  million: 1e6,
  billion: 1e9,
}

export interface ReadNumber {
  readonly value: number
  /** Index of the first word after it. */
  readonly next: number
}

/** Reads the number that begins at `words[from]`: digits, or English words, with a sign or decimals. */
export function readNumber(words: readonly string[], from: number): ReadNumber | undefined {
  const first = words[from]
  if (first === 'minus' || first === 'negative') {
    const rest = readNumber(words, from + 1)
    return rest && { value: -rest.value, next: rest.next }
  }
  const whole = readWhole(words, from)
  if (whole === undefined || words[whole.next] !== 'point') return whole
  let next = whole.next + 1
  let decimals = ''
  for (let digit = digitOf(words[next]); digit !== undefined; digit = digitOf(words[next])) {
    decimals += digit
    next += 1
  }
  if (decimals === '') return whole
  return { value: Number(`${whole.value}.${decimals}`), next }
}

/** `two hundred and five thousand`, `a hundred`, `12 thousand`. */
function readWhole(words: readonly string[], from: number): ReadNumber | undefined {
  let total = 0
  let part: number | undefined
  let next = from
  for (; next < words.length; next++) {
    const word = words[next] ?? ''
    const value = unitOf(word)
    if (value !== undefined) {
      if (part !== undefined && !isContinued(part, value)) break
      part = (part ?? 0) + value
    } else if (Object.hasOwn(SCALES, word) && part !== undefined) {
      const scale = SCALES[word] ?? 1
      if (scale === 100) part *= scale
      else {
        total += part * scale
        part = 0
      }
    } else if (word === 'a' && words[next + 1] !== undefined && part === undefined) {
      if (!Object.hasOwn(SCALES, words[next + 1] ?? '')) break
      part = 1
    } else if (word !== 'and' || !isInside(words, next, part)) break
  }
  return part === undefined ? undefined : { value: total + part, next }
}

/** Whether `value` may follow: twenty-three, hundred-five, thousand-twelve; but not three-four. */
const isContinued = (part: number, value: number): boolean =>
  part === 0 ||
  (part % 100 === 0 && value < 100) ||
  (part % 10 === 0 && part % 100 >= 20 && value < 10)

/** The "and" of "two hundred and five". */
const isInside = (words: readonly string[], at: number, part: number | undefined): boolean =>
  part !== undefined &&
  Object.hasOwn(SCALES, words[at - 1] ?? '') &&
  unitOf(words[at + 1] ?? '') !== undefined

function unitOf(word: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(word)) return Number(word)
  const small = SMALL.indexOf(word)
  if (small !== -1) return small
  const tens = TENS.indexOf(word, 2)
  return tens === -1 ? undefined : tens * 10
}

function digitOf(word: string | undefined): string | undefined {
  const value = word === undefined ? undefined : unitOf(word)
  return value === undefined || value > 9 ? undefined : String(value)
}
