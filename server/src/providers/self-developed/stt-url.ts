import { createHmac } from 'node:crypto'

export interface SttAddress {
  readonly url: string
  /** Signs the session; without one no token is sent. */
  readonly apiKey?: string
  readonly sessionId: string
  readonly languageId: string
  /** `AsrConfig.CustomParams`: `k=v&k=v`. */
  readonly customParams: string
}

/** How the interface calls the languages of `AsrLanguageId`; mixed Chinese and English is its default. */
const LANGUAGES: Readonly<Record<string, string | undefined>> = {
  zh_mandarin: 'cn',
  zh: 'cn',
  zh_en: undefined,
}

/** HMAC-SHA1 of the session's id with the key, in Base64: 28 characters. */
export const sessionToken = (sessionId: string, apiKey: string): string =>
  createHmac('sha1', apiKey).update(sessionId).digest('base64')

/** `<url>?session_id=…&token=…&language=…&<custom params>`; what the address has of its own stays. */
export function sttUrl({ url, apiKey, sessionId, languageId, customParams }: SttAddress): URL {
  const address = new URL(url)
  address.searchParams.set('session_id', sessionId)
  if (apiKey !== undefined) address.searchParams.set('token', sessionToken(sessionId, apiKey))
  const language = languageId in LANGUAGES ? LANGUAGES[languageId] : languageId
  if (language !== undefined) address.searchParams.set('language', language)
  for (const [name, value] of new URLSearchParams(customParams)) {
    // They add to the session; what tells who it is cannot be replaced by them.
    if (name !== 'session_id' && name !== 'token') address.searchParams.set(name, value)
  }
  return address
}
