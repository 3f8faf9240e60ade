/** Text parts in a row: with a blank between them, but not between Chinese or Japanese characters. */
export function joinedText(parts: readonly string[]): string {
  let whole = ''
  for (const part of parts) {
    const next = part.trim()
    const needsBlank =
      whole !== '' && next !== '' && !(ENDS_CJK.test(whole) || STARTS_CJK.test(next))
    whole += needsBlank ? ` ${next}` : next
  }
  return whole
}

const CJK = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}。，！？、；：'
const ENDS_CJK = new RegExp(`[${CJK}]$`, 'u')
const STARTS_CJK = new RegExp(`^[${CJK}]`, 'u')

/** A frame whose mean square is above this (−54 dB) may hold speech. */
const LOUD_POWER = 65 ** 2

export function isLoud(frame: Int16Array): boolean {
  let sum = 0
  for (let index = 0; index < frame.length; index++) {
    const sample = frame[index] ?? 0
    sum += sample * sample
  }
  return sum > LOUD_POWER * frame.length
}
