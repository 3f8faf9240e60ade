/** A sentence in lower case, without punctuation, short forms written out. */
export function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[’‘]/g, "'")
    .replaceAll(/\b(what|who|that|it|there|today|how)'s\b/g, '$1 is')
    .replaceAll(/\bi'm\b/g, 'i am')
    .replaceAll(/\b(you|they|we)'re\b/g, '$1 are')
    .replaceAll(/[^\p{L}\p{N}' ]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
