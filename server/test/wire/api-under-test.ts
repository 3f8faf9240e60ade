import { AccessDirectory } from '../../src/access/directory.ts'
import { consolePrincipal } from '../../src/api/caller.ts'
import { createApi, type Api, type ApiDeps } from '../../src/api/handler.ts'
import type { RawResponse } from '../../src/api/raw-http.ts'
import { PUBLIC_ONLY } from '../../src/base/outbound-address.ts'
import { silentLog } from '../../src/base/log.ts'
import { ok, type Result } from '../../src/base/result.ts'
import { SimulatedClock } from '../../src/base/simulated-clock.ts'
import { simulatedIds } from '../../src/base/simulated-ids.ts'
import type {
  CallCommand,
  Calls,
  CallsError,
  CallSpec,
  CommandRefusal,
  SoundRefusal,
} from '../../src/ports/calls.ts'
import { createProviderDesk } from '../../src/providers/desk/desk.ts'
import { decodeSound } from '../../src/providers/sounds/decode.ts'
import { memoryAmbientStore } from '../../src/store/memory-ambient.ts'
import { memoryRecordings } from '../../src/store/memory-recordings.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'

export const NOW_MS = Date.parse('2026-03-01T12:00:05Z')
export const RTC_APP = { appId: 'test-app', appKey: 'test-app-key' }

/** Calls that only remember what they were told. */
export class ToldCalls implements Calls {
  readonly started: CallSpec[] = []
  readonly updated: {
    readonly instanceId: string
    readonly change: { readonly agentConfig?: string; readonly userData?: string }
  }[] = []
  readonly stopped: string[] = []
  /** What the next start says. */
  outcome: () => Promise<Result<void, CallsError>> = () => Promise.resolve(ok(undefined))

  isTaken(channelId: string, agentUserId: string): boolean {
    return this.started.some(
      (spec) => spec.channelId === channelId && spec.agentUserId === agentUserId,
    )
  }

  async start(spec: CallSpec): Promise<Result<void, CallsError>> {
    this.started.push(spec)
    const outcome = await this.outcome()
    if (!outcome.ok) this.started.pop()
    return outcome
  }

  update(
    instanceId: string,
    change: { readonly agentConfig?: string; readonly userData?: string },
  ): Promise<void> {
    this.updated.push({ instanceId, change })
    return Promise.resolve()
  }

  readonly commanded: { readonly instanceId: string; readonly command: CallCommand }[] = []
  commandOutcome: Result<void, CommandRefusal> = ok(undefined)

  command(instanceId: string, command: CallCommand): Promise<Result<void, CommandRefusal>> {
    this.commanded.push({ instanceId, command })
    return Promise.resolve(this.commandOutcome)
  }

  readonly played: { readonly instanceId: string; readonly url: string }[] = []
  playOutcome: Result<void, SoundRefusal> = ok(undefined)

  play(instanceId: string, { url }: { readonly url: string }): Promise<Result<void, SoundRefusal>> {
    this.played.push({ instanceId, url })
    return Promise.resolve(this.playOutcome)
  }

  activeCount(agentId: string): number {
    return this.started.filter((spec) => spec.agentId === agentId).length
  }

  activeCounts(): ReadonlyMap<string, number> {
    const agents = new Set(this.started.map(({ agentId }) => agentId))
    return new Map([...agents].map((agentId) => [agentId, this.activeCount(agentId)]))
  }

  stop(instanceId: string): Promise<void> {
    this.stopped.push(instanceId)
    return Promise.resolve()
  }
}

export interface ApiUnderTest {
  readonly api: Api
  readonly clock: SimulatedClock
  readonly store: MemoryStore
  readonly access: AccessDirectory
  readonly calls: ToldCalls
  /** Calls an operation as a signed-in page of the console. */
  call(
    action: string,
    parameters?: Readonly<Record<string, string>>,
    version?: string,
  ): Promise<RawResponse & { readonly json: Record<string, unknown> }>
}

export function apiUnderTest(
  change: Partial<ApiDeps> & { readonly store?: MemoryStore } = {},
): ApiUnderTest {
  const clock = change.clock instanceof SimulatedClock ? change.clock : clockAt(NOW_MS)
  const store = change.store ?? new MemoryStore({ clock })
  const calls = new ToldCalls()
  const access = change.access ?? new AccessDirectory(store)
  const api = createApi({
    clock,
    ids: simulatedIds(7),
    log: silentLog,
    calls,
    access,
    findKey: () => undefined,
    signedInAs: (request) =>
      request.headers.some(([name]) => name === 'cookie')
        ? consolePrincipal(access.accountId)
        : undefined,
    rtcApp: RTC_APP,
    logUrl: (instanceId, origin) => `${origin}/logs/${instanceId}.json?signature=x`,
    outboundRules: PUBLIC_ONLY,
    recordings: memoryRecordings(),
    recordingUrl: ({ instanceId, fileName }, origin) =>
      `${origin}/recordings/${instanceId}/${fileName}?signature=x`,
    ambientSounds: memoryAmbientStore(),
    soundDecoder: { decode: decodeSound },
    providerDesk: {
      list: () => desk.list(),
      test: () => Promise.resolve({ message: 'It works.', warnings: [], firstMs: 5, totalMs: 9 }),
    },
    defaultProviders: { asr: 'moonshine', llm: 'builtin', tts: 'flite', vad: 'silero' },
    ...change,
    store,
  })
  const call: ApiUnderTest['call'] = async (action, parameters = {}, version = '2020-11-09') => {
    const form = new URLSearchParams({ ...parameters, Action: action, Version: version })
    const answer = await api.handle({
      method: 'POST',
      target: '/',
      headers: [
        ['Host', '127.0.0.1:8090'],
        ['cookie', 'session=1'],
        ['X-Antiphon-Console', '1'],
        ['Content-Type', 'application/x-www-form-urlencoded'],
      ],
      body: Buffer.from(form.toString()),
      isSecure: false,
      remoteAddress: '127.0.0.1',
    })
    const text = Buffer.from(answer.body).toString('utf8')
    const isJson = answer.headers['content-type']?.startsWith('application/json') ?? false
    return { ...answer, json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {} }
  }
  return { api, clock, store, access, calls, call }
}

/** Lists what there is; nobody is asked. */
const desk = createProviderDesk({
  clock: new SimulatedClock(),
  ids: simulatedIds(8),
  log: silentLog,
  cacheFolder: '/nowhere',
  environment: () => undefined,
})

export const clockAt = (wallMs: number): SimulatedClock => new SimulatedClock({ wallMs })
