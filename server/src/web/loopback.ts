import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import type { RawRequest } from '../api/raw-http.ts'
import { silentLog } from '../base/log.ts'
import { fail, ok } from '../base/result.ts'
import { SimulatedClock } from '../base/simulated-clock.ts'
import { simulatedIds } from '../base/simulated-ids.ts'
import type { InstanceRecord, StoredCall } from '../ports/store.ts'
import { makeChannelToken } from '../schema/channel-token.ts'
import { LiveReaders } from './live-route.ts'
import { createLogUrls } from './log-url.ts'
import { createRecordingUrls } from './recording-url.ts'
import { createWebServer, type WebServer, type WebServerDeps } from './server.ts'
import { pageFile } from './page-files.ts'
import { createSessions } from './session.ts'

/** A web server on a free loopback port with simple insides, for tests. */
export interface Loopback {
  readonly port: number
  readonly server: WebServer
  readonly deps: WebServerDeps
  readonly clock: SimulatedClock
  /** What reached the API. */
  readonly calls: RawRequest[]
}

const secret = new Uint8Array(32).fill(1)
const rtcApp = { appId: 'app', appKey: 'key' }
const WALL_MS = 1_772_366_400_000

/** When the tokens below end, s since 1970: a minute from the start. */
export const TOKEN_EXPIRES_S = WALL_MS / 1000 + 60

/** A token of the user `alice` for a channel. The nonce makes its Base64 hold a `+`. */
export const tokenFor = (channelId: string, expiresS = TOKEN_EXPIRES_S): string =>
  makeChannelToken({ ...rtcApp, channelId, userId: 'alice', expiresS, nonce: '~~~~' })

/** The API answers 200 with what it was asked. */
export async function openLoopback(change: Partial<WebServerDeps> = {}): Promise<Loopback> {
  const clock = new SimulatedClock({ wallMs: WALL_MS })
  const ids = simulatedIds(7)
  const calls: RawRequest[] = []
  const deps: WebServerDeps = {
    clock,
    ids,
    log: silentLog,
    api: (request) => {
      calls.push(request)
      const { method, target, isSecure } = request
      const body = JSON.stringify({ api: true, method, target, isSecure })
      return Promise.resolve({ status: 200, headers: { 'x-answered-by': 'api' }, body })
    },
    startByToken: (request, { channelId, userId }) => {
      calls.push(request)
      const body = JSON.stringify({ channelId, userId })
      return Promise.resolve({ status: 200, headers: { 'x-answered-by': 'api' }, body })
    },
    store: {
      getCall: () => Promise.resolve(undefined),
      getTrace: () => Promise.resolve({ decisions: [], stretches: [] }),
    },
    logUrls: createLogUrls({ secret, clock }),
    recordings: { read: () => Promise.resolve(undefined) },
    recordingUrls: createRecordingUrls({ secret, clock }),
    sessions: createSessions({ secret, clock, ids }),
    live: { count: 0, running: () => [], watch: () => () => {} },
    liveReaders: new LiveReaders(),
    page: { assets: new Map() },
    openApi: pageFile('openapi.json', Buffer.from('{"openapi":"3.1.0"}')),
    readiness: () => ok(undefined),
    rtcApp,
    signalling: {
      offer: () => Promise.resolve(ok({ connectionId: 'c1', sdp: 'v=0\r\nanswer' })),
      hangUp: () => Promise.resolve(true),
      adoptSocket: () => Promise.resolve(fail({ code: 'unavailable', message: 'Nobody.' })),
    },
    ...change,
  }
  const server = createWebServer(deps)
  const listening = await server.listen('127.0.0.1', 0)
  if (!listening.ok) throw new Error(listening.error)
  return { port: listening.value.port, server, deps, clock, calls }
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly text: string
}

/** One request on a connection of its own. Nothing is added to the headers but `Host`. */
export function ask(
  { port }: { readonly port: number },
  method: string,
  path: string,
  options: {
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string | Uint8Array
  } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      method,
      path,
      agent: false,
      headers: { ...options.headers },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const body = Buffer.concat(chunks)
        const { statusCode: status = 0, headers } = response
        resolve({ status, headers, body, text: body.toString() })
      })
    })
    request.end(options.body)
  })
}

/** Writes bytes as they are and gives what came back when the server has closed the connection. */
export function askRaw({ port }: { readonly port: number }, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
    socket.write(bytes, 'latin1')
  })
}

/** A finished call without a word. */
export function storedCall(change: Partial<InstanceRecord> = {}): StoredCall {
  const instance: InstanceRecord = {
    instanceId: '019ca0b3d000aaaaaaaaaaaaaaaaaaaa',
    agentId: 'a'.repeat(32),
    type: 'VoiceChat',
    channelId: 'channel',
    agentUserId: 'agent',
    runtimeConfig: '{}',
    agentConfig: '{}',
    templateConfig: '{}',
    providers: '{}',
    createdMs: 1000,
    tokenLifeS: 3600,
    status: 'Finished',
    modifiedMs: 2000,
    executingMs: 1500,
    finishedMs: 2000,
    endReason: 'client-stop',
    ...change,
  }
  return { instance, sentences: [], turns: [] }
}
