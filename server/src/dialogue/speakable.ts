/** `TtsConfig.PronunciationRules`: replacements made before synthesis, in order. */
export interface PronunciationRule {
  readonly word: string
  readonly pronunciation: string
}

const STEPS: readonly (readonly [RegExp, string])[] = [
  [/```[^\n]*\n?/g, ' '],
  // Pictures and links keep their words.
  [/!?\[([^\]]*)\]\([^)]*\)/g, '$1'],
  [/\bhttps?:\/\/(?:www\.)?([^\s/?#]+)[^\s]*/g, '$1'],
  [/^\s{0,3}#{1,6}\s+/gm, ''],
  [/^\s*(?:[-*+•]|\d+[.)])\s+(?=\S)/gm, ''],
  [/^\s*>+\s?/gm, ''],
  [/^\s*\|?(?:\s*:?-{3,}:?\s*\|)+\s*:?-*:?\s*$/gm, ''],
  [/\s*\|\s*/g, ', '],
  [/(\*\*|__|~~|`)(?=\S)([^]*?\S)\1/g, '$2'],
  [/(^|[\s(])[*_](?=\S)([^*_\n]*?\S)[*_](?=$|[\s).,;:!?])/g, '$1$2'],
  [/[*`~]{2,}/g, ' '],
  // Emoji with their joiners, skin tones and flags; signs and digits stay.
  [/(?:\p{Extended_Pictographic}|\p{RI}|\p{Emoji_Modifier}|\p{VS}|\u200d|\u20e3)+/gu, ' '],
  [/[ \t]{2,}/g, ' '],
]

/**
 * The text as it is to be synthesised: without markdown and emoji, which nobody can hear, and with the
 * caller's pronunciations. Subtitles and history keep the original.
 */
export function speakable(text: string, rules: readonly PronunciationRule[] = []): string {
  let spoken = text
  for (const [pattern, replacement] of STEPS) spoken = spoken.replace(pattern, replacement)
  for (const { word, pronunciation } of rules) spoken = spoken.replaceAll(word, pronunciation)
  return spoken.trim()
}
