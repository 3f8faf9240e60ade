import type { RawRequest } from '../api/raw-http.ts'

/** The first header of that name (lower case), or `undefined`. */
export function header(request: Pick<RawRequest, 'headers'>, name: string): string | undefined {
  return request.headers.find(([candidate]) => candidate.toLowerCase() === name)?.[1]
}

export interface Target {
  /** As sent, percent-encoding included; `*` of `OPTIONS *` stays. */
  readonly path: string
  /** After the `?`; '' when there is none. */
  readonly query: string
}

/** Splits a request target, also one in absolute form, as clients of a proxy send it. */
export function parseTarget(target: string): Target {
  const local = target.replace(/^https?:\/\/[^/?]*/i, '')
  const cut = local.indexOf('?')
  if (cut < 0) return { path: local || '/', query: '' }
  return { path: local.slice(0, cut) || '/', query: local.slice(cut + 1) }
}

/** A host name or address with or without a port, fit to stand in a header or an address. */
export const isHost = (text: string): boolean =>
  /^([\w.-]+|\[[\da-fA-F:.]+\])(:\d{1,5})?$/.test(text)
