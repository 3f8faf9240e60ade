/** `AsrLanguageId`s that are not the codes of ISO 639 which models know, and the codes they stand for. */
const WIRE_LANGUAGES: Readonly<Record<string, readonly string[]>> = {
  zh_mandarin: ['zh'],
  zh_en: ['zh', 'en'],
  jp: ['ja'],
}

/** The languages of a model, as codes, as the values of `AsrConfig.AsrLanguageId` that it can recognise. */
export function languageIds(codes: readonly string[]): readonly string[] {
  const aliases = Object.entries(WIRE_LANGUAGES)
    .filter(([, needed]) => needed.every((code) => codes.includes(code)))
    .map(([alias]) => alias)
  return [...codes, ...aliases]
}

/** The codes that an `AsrLanguageId` stands for; several where languages are mixed. */
export const languageCodes = (languageId: string): readonly string[] =>
  WIRE_LANGUAGES[languageId] ?? [languageId]

/** What OpenAI lists for its transcription models. */
export const OPENAI_LANGUAGES: readonly string[] = (
  'af ar hy az be bs bg ca zh hr cs da nl en et fi fr gl de el he hi hu is id it ja kn kk ko lv lt mk ms mr ' +
  'mi ne no fa pl pt ro ru sr sk sl es sw sv tl ta th tr uk ur vi cy'
).split(' ')

/** A self-developed recogniser takes Chinese and English, mixed, if nothing else is said. */
export const SELF_DEVELOPED_LANGUAGES: readonly string[] = ['zh', 'en']

export const DASHSCOPE_ASR_MODEL = 'paraformer-realtime-v2'

const FUN_ASR_LANGUAGES =
  'zh en ja ko vi th id ms tl hi ar fr de es pt ru it nl sv da fi no el pl cs hu ro bg hr sk'

/** As the vendor's documentation lists them; the 8 kHz models are left out, for the sound here has 16. */
const DASHSCOPE_LANGUAGES: Readonly<Record<string, string>> = {
  [DASHSCOPE_ASR_MODEL]: 'zh en ja yue ko de fr ru',
  'paraformer-realtime-v1': 'zh',
  'fun-asr-realtime': FUN_ASR_LANGUAGES,
  'fun-asr-realtime-2025-11-07': FUN_ASR_LANGUAGES,
  'fun-asr-realtime-2026-02-28': 'zh en ja',
  'fun-asr-realtime-2025-09-15': 'zh en',
}

/** Codes of the languages of one of DashScope's models; none for a model that is not known here. */
export const dashScopeLanguages = (model: string): readonly string[] =>
  DASHSCOPE_LANGUAGES[model]?.split(' ') ?? []
