import { keep, recall, shared, useShared } from './value.ts'

export type Language = 'en' | 'zh'

export const LANGUAGES: Readonly<Record<Language, string>> = { en: 'English', zh: '中文' }

type Word = string | ((...parts: never[]) => string)

/** What a part of the page says, in each language: texts, and functions that put a text together. */
export interface Words<Of extends Readonly<Record<string, Word>>> {
  readonly en: Of
  readonly zh: Of
}

type Loose<Of> = {
  readonly [Name in keyof Of]: Of[Name] extends string ? string : Of[Name]
}

/** Each part of the page keeps its words beside it; a text that one language lacks is a type error. */
export const words = <const Of extends Readonly<Record<string, Word>>>(
  en: Of,
  zh: Loose<Of>,
): Words<Loose<Of>> => ({ en: en as Loose<Of>, zh })

function firstLanguage(): Language {
  const kept = recall('language')
  if (kept === 'en' || kept === 'zh') return kept
  return globalThis.navigator?.language?.startsWith('zh') ? 'zh' : 'en'
}

export const language = shared<Language>(firstLanguage())

export function chooseLanguage(choice: Language): void {
  keep('language', choice)
  language.set(choice)
}

/** The words of a part in the language that is chosen. */
export function useWords<Of extends Readonly<Record<string, Word>>>(all: Words<Of>): Of {
  return all[useShared(language)]
}
