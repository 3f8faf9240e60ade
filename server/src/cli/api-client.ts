import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { canonicalPairs, type Pair } from '../api/percent-encoding.ts'
import {
  canonicalRequestV3,
  sha256Hex,
  signV3,
  stringToSignV3,
  V3_ALGORITHM,
} from '../api/signature-v3.ts'
import { systemClock } from '../base/system-clock.ts'
import { systemIds } from '../base/system-ids.ts'
import type { Environment } from '../config/readers.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { CommandError } from './command.ts'

const DEFAULT_URL = 'http://127.0.0.1:8090'

/** Settings of every command that talks to a running server, for their `usage`. */
export const SERVER_SETTINGS = `
The server is found by these environment variables:
  ANTIPHON_URL                where it is (default ${DEFAULT_URL},
                              or the port that ANTIPHON_PORT names)
  ANTIPHON_ACCESS_KEY_ID      access key; without it, the one that the server
  ANTIPHON_ACCESS_KEY_SECRET  keeps in its data folder is used
  ANTIPHON_DATA               the data folder (default ./data)
`

export type Answer = Readonly<Record<string, unknown>>

/** Calls operations of a running server, signed with the operator's key. */
export interface ApiClient {
  /** Members that are objects are sent as JSON text. Throws {@link CommandError} with the server's own words. */
  call(
    action: string,
    parameters: Readonly<Record<string, unknown>>,
    version?: string,
  ): Promise<Answer>
  /** The answer's body as it comes, for operations that stream. */
  stream(
    action: string,
    parameters: Readonly<Record<string, unknown>>,
    version?: string,
  ): Promise<AsyncIterable<Uint8Array>>
}

export function apiClient(environment: Environment): ApiClient {
  const port = environment['ANTIPHON_PORT']
  const own = port ? `http://127.0.0.1:${port}` : DEFAULT_URL
  const origin = (environment['ANTIPHON_URL'] || own).replace(/\/+$/, '')
  if (!/^https?:\/\//.test(origin) || !URL.canParse(origin)) {
    throw new CommandError(`ANTIPHON_URL must be an address as ${DEFAULT_URL}; it is ${origin}.`)
  }
  const key = accessKey(environment)
  const send = async (
    action: string,
    parameters: Readonly<Record<string, unknown>>,
    version: string,
  ): Promise<Response> => {
    const request = signed({ origin, key, action, version, parameters })
    const response = await fetch(origin, request).catch((error: unknown) => {
      throw new CommandError(
        `No answer from ${origin} (${reasonOf(error)}). Does the server run? ` +
          'ANTIPHON_URL says where it is.',
      )
    })
    if (!response.ok) throw await refusal(response)
    return response
  }
  return {
    call: async (action, parameters, version = OWN_VERSION) =>
      (await (await send(action, parameters, version)).json()) as Answer,
    stream: async (action, parameters, version = OWN_VERSION) => {
      const { body } = await send(action, parameters, version)
      if (body === null) throw new CommandError('The answer has no body.')
      return body
    },
  }
}

interface AccessKey {
  readonly accessKeyId: string
  readonly accessKeySecret: string
}

function accessKey(environment: Environment): AccessKey {
  const accessKeyId = environment['ANTIPHON_ACCESS_KEY_ID']
  const accessKeySecret = environment['ANTIPHON_ACCESS_KEY_SECRET']
  if (accessKeyId && accessKeySecret) return { accessKeyId, accessKeySecret }
  const file = join(resolve(environment['ANTIPHON_DATA'] || './data'), 'access-key.json')
  try {
    const { accessKeyId: id, accessKeySecret: secret } = JSON.parse(
      readFileSync(file, 'utf8'),
    ) as AccessKey
    if (typeof id === 'string' && typeof secret === 'string') {
      return { accessKeyId: id, accessKeySecret: secret }
    }
  } catch {
    // Told below, whatever is wrong with the file.
  }
  throw new CommandError(
    `No access key: set ANTIPHON_ACCESS_KEY_ID and ANTIPHON_ACCESS_KEY_SECRET, or ANTIPHON_DATA to the ` +
      `server's data folder (there is no key in ${file}).`,
  )
}

function signed(call: {
  readonly origin: string
  readonly key: AccessKey
  readonly action: string
  readonly version: string
  readonly parameters: Readonly<Record<string, unknown>>
}): RequestInit {
  const pairs = Object.entries(call.parameters).flatMap(([name, value]): Pair[] =>
    value === undefined ? [] : [[name, wireText(value)]],
  )
  const body = canonicalPairs(pairs)
  const headers: Record<string, string> = {
    host: new URL(call.origin).host,
    'x-acs-action': call.action,
    'x-acs-version': call.version,
    'x-acs-date': new Date(systemClock.wallMs()).toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': systemIds.requestId(),
    'x-acs-content-sha256': sha256Hex(body),
  }
  const signedHeaders = Object.keys(headers).toSorted()
  const canonical = canonicalRequestV3({
    method: 'POST',
    query: [],
    headerValues: (name) => [headers[name] ?? ''],
    signedHeaders,
    bodyHash: sha256Hex(body),
  })
  const signature = signV3(call.key.accessKeySecret, stringToSignV3(canonical))
  headers['authorization'] =
    `${V3_ALGORITHM} Credential=${call.key.accessKeyId},` +
    `SignedHeaders=${signedHeaders.join(';')},Signature=${signature}`
  headers['content-type'] = 'application/x-www-form-urlencoded'
  return { method: 'POST', headers, body }
}

const wireText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '')

async function refusal(response: Response): Promise<CommandError> {
  const body = await response.text()
  try {
    const { Code, Message } = JSON.parse(body) as { Code?: string; Message?: string }
    if (Code !== undefined) return new CommandError(`${Code}: ${Message ?? ''}`)
  } catch {
    // Not ours; its status is all there is to tell.
  }
  return new CommandError(`The server answered ${response.status}.`)
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}
