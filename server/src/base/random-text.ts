import type { Ids } from './ids.ts'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Letters and digits, all equally likely: bytes past the last full round of the alphabet are skipped. */
export function randomText(
  ids: Pick<Ids, 'hex32'>,
  length: number,
  letters: string = LETTERS,
): string {
  const limit = 256 - (256 % letters.length)
  let text = ''
  while (text.length < length) {
    for (const byte of Buffer.from(ids.hex32(), 'hex')) {
      if (byte < limit) text += letters[byte % letters.length] ?? ''
    }
  }
  return text.slice(0, length)
}
