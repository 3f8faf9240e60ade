import OpenApi, * as openApi from '@alicloud/openapi-client'
import PopCore from '@alicloud/pop-core'
import * as teaUtil from '@alicloud/tea-util'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { OPERATIONS } from '../../src/operations/table.ts'
import { makeChannelToken } from '../../src/schema/channel-token.ts'
import { apiUnderTest, clockAt, RTC_APP, type ApiUnderTest } from './api-under-test.ts'
import { openHttpPort, type HttpPort } from './http-port.ts'

export type Parameters = Readonly<Record<string, string>>

/** A parameter or a member as the vendor's description has it. */
export interface Field {
  readonly name: string
  readonly type: string
  readonly required?: boolean
  readonly default?: unknown
  readonly min?: number | null
  readonly max?: number | null
  readonly maxLength?: number
  readonly enum?: readonly string[] | null
  readonly fields?: readonly Field[]
}

export interface Described {
  readonly request: readonly Field[]
  readonly response: readonly Field[]
  readonly errors: readonly { readonly code: string }[]
}

const file = new URL('../data/operations.json', import.meta.url)
/** The vendor's description, by the names of the operations. */
export const { operations: DESCRIBED } = JSON.parse(readFileSync(file, 'utf8')) as {
  operations: Readonly<Record<string, Described>>
}

const KEY = { accessKeyId: 'key', accessKeySecret: 'secret' }
export const AGENT_ID = 'a'.repeat(32)

interface Refused {
  readonly code: string
  readonly status: number
  readonly message: string
}

const operationOf = (action: string) => OPERATIONS.find(({ name }) => name === action)
const versionOf = (action: string): string => operationOf(action)?.version ?? '2020-11-09'

/** The API behind a real port, met through the vendor's clients. It has one agent. */
export class VendorPort {
  readonly api: ApiUnderTest
  readonly #http: HttpPort
  #channels = 0

  private constructor(api: ApiUnderTest, http: HttpPort) {
    this.api = api
    this.#http = http
  }

  static async open(): Promise<VendorPort> {
    const principal = { type: 'Account', id: '1', accountId: '1' } as const
    const api = apiUnderTest({
      // The client stamps its requests with the machine's time.
      clock: clockAt(Date.now()),
      findKey: () => ({ secret: KEY.accessKeySecret, status: 'Active', principal }),
    })
    const nowMs = api.clock.wallMs()
    await api.store.putAgent({
      agentId: AGENT_ID,
      name: 'Zoë',
      type: 'VoiceChat',
      agentConfig: '{"Greeting":"Hello","TtsConfig":{"VoiceId":"v"}}',
      providers: '{}',
      createdMs: nowMs,
      modifiedMs: nowMs,
    })
    return new VendorPort(api, await openHttpPort(api.api.handle))
  }

  async close(): Promise<void> {
    await this.#http.close()
    await this.api.api.close()
  }

  /** What the client throws becomes a value. */
  async call(action: string, query: Parameters): Promise<Record<string, unknown> | Refused> {
    const endpoint = `127.0.0.1:${this.#http.port}`
    const client = new OpenApi.default(new openApi.Config({ ...KEY, endpoint, protocol: 'HTTP' }))
    const params = new openApi.Params({
      action,
      version: versionOf(action),
      protocol: 'HTTP',
      pathname: '/',
      method: 'POST',
      authType: 'AK',
      style: 'RPC',
      reqBodyType: 'json',
      // The client reads one JSON value or text: lines are text to it.
      bodyType: operationOf(action)?.form === 'lines' ? 'string' : 'json',
    })
    const request = new openApi.OpenApiRequest({ query })
    try {
      const answer = await client.callApi(params, request, new teaUtil.RuntimeOptions({}))
      const { body } = answer as { readonly body: Record<string, unknown> | string }
      return typeof body === 'string' ? { lines: body } : body
    } catch (error) {
      const { code, message, data } = error as Error & {
        code: string
        data: { statusCode: number }
      }
      return { code, message, status: data.statusCode }
    }
  }

  async succeeds(action: string, query: Parameters): Promise<Record<string, unknown>> {
    const answer = await this.call(action, query)
    const given = `${action} ${JSON.stringify(query).slice(0, 300)}`
    assert.ok(!isRefused(answer), `${given}: ${textOf(answer)}`)
    return answer
  }

  /** The same through pop-core, which signs in the older way. */
  async callOld(action: string, query: Parameters): Promise<Record<string, unknown>> {
    const endpoint = `http://127.0.0.1:${this.#http.port}`
    const client = new PopCore({ ...KEY, endpoint, apiVersion: versionOf(action) })
    return await client.request(action, query, { method: 'POST' })
  }

  /** The answer as XML, asked for as a page of the console does: no client of the vendor's reads it. */
  async xml(action: string, query: Parameters): Promise<{ readonly type: string; text: string }> {
    const parameters = { ...query, Format: 'XML' }
    const { headers, body } = await this.api.call(action, parameters, versionOf(action))
    return { type: headers['content-type'] ?? '', text: Buffer.from(body).toString('utf8') }
  }

  /** Status, code and message, one after the other, must be as expected. */
  async fails(action: string, query: Parameters, expected: RegExp): Promise<void> {
    const given = `${action} ${JSON.stringify(query).slice(0, 300)}`
    assert.match(textOf(await this.call(action, query)), expected, given)
  }

  /** A new call, as it is after its start. */
  async startCall(query: Parameters = {}): Promise<string> {
    const answer = await this.succeeds('GenerateAIAgentCall', { AIAgentId: AGENT_ID, ...query })
    return String(answer['InstanceId'])
  }

  async finishedCall(): Promise<string> {
    const instanceId = await this.startCall({ UserData: '{"order":7}' })
    const atMs = this.api.clock.wallMs()
    await this.api.store.recordCall(instanceId, [{ type: 'finished', atMs, reason: 'client-stop' }])
    return instanceId
  }

  /** A channel of the caller's own, for an agent of that name. */
  joining(userId = 'agent'): Record<'ChannelId' | 'AgentUserId' | 'AuthToken', string> {
    const channelId = `channel-${++this.#channels}`
    const expiresS = Math.floor(this.api.clock.wallMs() / 1000) + 600
    const AuthToken = makeChannelToken({ ...RTC_APP, channelId, userId, expiresS })
    return { ChannelId: channelId, AgentUserId: userId, AuthToken }
  }

  /** The same as the older operations want it. */
  robot(): Record<'RobotId' | 'ChannelId' | 'UserId' | 'AuthToken', string> {
    const { ChannelId, AgentUserId: UserId, AuthToken } = this.joining()
    return { RobotId: AGENT_ID, ChannelId, UserId, AuthToken }
  }
}

const isRefused = (answer: object): answer is Refused => 'code' in answer && 'status' in answer

const textOf = (answer: object): string =>
  isRefused(answer) ? `${answer.status} ${answer.code} ${answer.message}` : 'success'
