import { CONSOLE_HEADERS } from '../../base/api.ts'
import type { Operation } from '../../base/open-api.ts'
import { signRequest, type Key } from './signing.ts'

/** A request as it went out, and what came back. */
export interface Exchange {
  readonly request: string
  readonly status: number
  readonly answer: string
  readonly tookMs: number
}

/** Sends an operation, by the session of the page or signed by a key; nothing when the server is gone. */
export async function send(
  operation: Operation,
  parameters: Readonly<Record<string, string>>,
  key: Key | undefined,
): Promise<Exchange | undefined> {
  const { name: action, version } = operation
  const { path, headers, body } = await outgoing({ action, version, parameters }, key)
  const startMs = performance.now()
  try {
    const response = await fetch(path, { method: 'POST', headers, body })
    const text = await response.text()
    return {
      request: requestText(path, headers, body),
      status: response.status,
      answer: pretty(text),
      tookMs: Math.round(performance.now() - startMs),
    }
  } catch {
    return undefined
  }
}

interface Outgoing {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

async function outgoing(
  call: {
    readonly action: string
    readonly version: string
    readonly parameters: Readonly<Record<string, string>>
  },
  key: Key | undefined,
): Promise<Outgoing> {
  if (key === undefined) {
    return {
      path: `/?${new URLSearchParams({ Action: call.action, Version: call.version })}`,
      headers: { ...CONSOLE_HEADERS, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(call.parameters).toString(),
    }
  }
  const now = { nowMs: Date.now(), nonce: crypto.randomUUID() }
  return { path: '/', ...(await signRequest({ ...call, endpoint: location.host }, key, now)) }
}

function requestText(
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [`POST ${path} HTTP/1.1`, `host: ${location.host}`, ...lines, '', body].join('\n')
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
