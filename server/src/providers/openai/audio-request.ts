export const STRICT_HOST = 'api.openai.com'

/** `/audio/<what>` after the base, whose query is kept. */
export function audioUrl(baseUrl: string, what: 'speech' | 'transcriptions'): URL {
  const url = new URL(baseUrl)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/audio/${what}`
  return url
}

export const bearer = (apiKey: string | undefined): Readonly<Record<string, string>> =>
  apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
