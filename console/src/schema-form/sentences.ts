import type { Language } from '../base/words.ts'
import chinese from './sentences-zh.json' with { type: 'json' }

/**
 * A sentence of the API's description in the language of the console: of what an AgentConfig holds all are there in
 * Chinese; the rest (parameters of operations) stays English.
 */
export function sentenceIn(sentence: string, tongue: Language): string {
  const sentences: Readonly<Record<string, string>> = chinese
  return tongue === 'zh' && Object.hasOwn(sentences, sentence)
    ? (sentences[sentence] ?? sentence)
    : sentence
}
