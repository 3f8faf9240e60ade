import { Agent, request, type RequestOptions } from 'node:http'
import { canonicalPairs } from '../src/api/percent-encoding.ts'
import {
  canonicalRequestV3,
  sha256Hex,
  signV3,
  stringToSignV3,
  V3_ALGORITHM,
} from '../src/api/signature-v3.ts'
import type { Antiphon } from '../test/system/antiphon-process.ts'
import type { BenchData } from './list-data.ts'

export interface Key {
  readonly accessKeyId: string
  readonly accessKeySecret: string
}

export interface ListAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** From the request's first byte to the answer's last. */
  readonly tookMs: number
}

/** What the parts of the list's benchmark work with. */
export interface ListBench {
  readonly server: Antiphon
  readonly data: BenchData
  readonly client: ListClient
}

/** Sends signed requests over a few connections that stay open, parameters in the query as the vendor's client does. */
export class ListClient {
  readonly #host: string
  readonly #key: Key
  readonly #agent: Agent
  #nonce = 0
  readonly #run = `${process.pid}-${performance.now()}`

  constructor(origin: string, key: Key, connections = 4) {
    this.#host = new URL(origin).host
    this.#key = key
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections })
  }

  /** What `node:http` needs for one request. */
  signed(
    action: string,
    parameters: Readonly<Record<string, string>>,
    version = '2020-11-09',
  ): RequestOptions {
    const query = Object.entries(parameters)
    const [host = '', port = ''] = this.#host.split(':')
    const headers = this.#headers(action, version, query)
    return { host, port, method: 'POST', path: `/?${canonicalPairs(query)}`, headers }
  }

  ask(
    action: string,
    parameters: Readonly<Record<string, string>>,
    version?: string,
  ): Promise<ListAnswer> {
    const options = { agent: this.#agent, ...this.signed(action, parameters, version) }
    return new Promise((resolve, reject) => {
      const startMs = performance.now()
      const sent = request(options, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => {
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers as Record<string, string>,
            body: Buffer.concat(chunks),
            tookMs: performance.now() - startMs,
          })
        })
        answer.on('error', reject)
      })
      sent.on('error', reject)
      sent.end()
    })
  }

  close(): void {
    this.#agent.destroy()
  }

  #headers(
    action: string,
    version: string,
    query: readonly (readonly [string, string])[],
  ): Record<string, string> {
    this.#nonce += 1
    const bodyHash = sha256Hex('')
    const headers: Record<string, string> = {
      host: this.#host,
      'x-acs-action': action,
      'x-acs-version': version,
      'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      'x-acs-signature-nonce': `${this.#run}-${this.#nonce}`,
      'x-acs-content-sha256': bodyHash,
    }
    const signedHeaders = Object.keys(headers).toSorted()
    const canonical = canonicalRequestV3({
      method: 'POST',
      query,
      headerValues: (name) => [headers[name] ?? ''],
      signedHeaders,
      bodyHash,
    })
    const signature = signV3(this.#key.accessKeySecret, stringToSignV3(canonical))
    const { accessKeyId } = this.#key
    const credential = `Credential=${accessKeyId},SignedHeaders=${signedHeaders.join(';')}`
    return {
      ...headers,
      accept: 'application/json',
      'user-agent': 'antiphon-bench',
      'content-length': '0',
      authorization: `${V3_ALGORITHM} ${credential},Signature=${signature}`,
    }
  }
}

export const CONNECTIONS = 4

/** Sends requests over all connections at once; gives how long each took. */
export async function askOften(
  client: ListClient,
  parameters: Readonly<Record<string, string>>,
  count: number,
  lanes = CONNECTIONS,
): Promise<number[]> {
  const tookMs: number[] = []
  let left = count
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (left > 0) {
        left -= 1
        const answer = await client.ask('ListAIAgentInstance', parameters)
        if (answer.status !== 200) throw new Error(answer.body.toString('utf8'))
        tookMs.push(answer.tookMs)
      }
    }),
  )
  return tookMs
}
