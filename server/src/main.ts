/** The control process: `npm start`. Builds every part, hands each what it needs, closes them in reverse. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { AccessDirectory } from './access/directory.ts'
import type { Principal } from './access/principal.ts'
import { consolePrincipal, type KeyRing, type Permit } from './api/caller.ts'
import { createApi } from './api/handler.ts'
import { readCall } from './api/parameters.ts'
import { createPermit, policyContextOf } from './api/permission.ts'
import type { RawRequest } from './api/raw-http.ts'
import { createDelivery } from './callbacks/delivery.ts'
import { CallbackDispatcher } from './callbacks/dispatcher.ts'
import type { Log } from './base/log.ts'
import { systemClock } from './base/system-clock.ts'
import { systemIds } from './base/system-ids.ts'
import { systemLog } from './base/system-log.ts'
import { systemOutbound } from './base/system-outbound.ts'
import { watchVitals } from './base/system-vitals.ts'
import type { Result } from './base/result.ts'
import { readConfig, type Config } from './config/config.ts'
import { helpText, unknownSettings } from './config/settings.ts'
import type { InstanceRecord, Store } from './ports/store.ts'
import { ensureDemoAgent } from './operations/demo-agent.ts'
import { openApi } from './operations/open-api.ts'
import { OPERATIONS } from './operations/table.ts'
import packageFile from '../package.json' with { type: 'json' }
import { OWN_VERSION } from './schema/operation-names.ts'
import { defaultProviders } from './schema/providers.ts'
import { createSecretBox } from './store/secret-box.ts'
import { createProviderDesk } from './providers/desk/desk.ts'
import { startSoundThread } from './providers/sounds/sound-thread.ts'
import { openAmbientFolder } from './store/ambient-folder.ts'
import { openRecordingFolder } from './store/recording-folder.ts'
import { RecordingSweeper } from './store/recording-sweeper.ts'
import { openSqliteStore } from './store/sqlite-store.ts'
import { Sweeper } from './store/sweeper.ts'
import { openKeyFiles, type Keys } from './web/key-files.ts'
import { LiveReaders } from './web/live-route.ts'
import { createTelemetry, postByFetch } from './telemetry/telemetry.ts'
import { createLogUrls } from './web/log-url.ts'
import { createRecordingUrls, type RecordingFile } from './web/recording-url.ts'
import { pageFile, readPageFiles } from './web/page-files.ts'
import { endedSessions } from './web/ended-sessions.ts'
import { createWebServer } from './web/server.ts'
import { createSessions } from './web/session.ts'
import { WorkerPool } from './workers/worker-pool.ts'

/** Ctrl-C: calls have so long to end politely… */
const FAREWELL_MS = 10_000
/** …and the server to stop, whatever holds it up. */
const EXIT_LIMIT_MS = 11_500
/** Callbacks that are due then have so long; the rest is delivered after the next start. */
const LAST_CALLBACKS_MS = 600
/** Traces that wait then have so long. */
const LAST_TRACES_MS = 1000
const PARENT_CHECK_MS = 500

const clock = systemClock
const ids = systemIds
const print = (text: string): void => void process.stdout.write(`${text}\n`)

// Nobody may be left to read what is printed.
process.stdout.on('error', () => {})
const [argument] = process.argv.slice(2)
if (argument === '--help' || argument === '-h') {
  print(helpText())
  process.exit(0)
}
if (argument !== undefined) {
  stop(`There is no argument ${argument}; settings are environment variables, --help lists them.`)
}
const config = readConfig(process.env, { cores: availableParallelism() })
if (!config.ok) stop(config.error)
else await run(config.value)

function stop(reason: string): never {
  process.stderr.write(`${reason}\n`)
  process.exit(1)
}

async function run(settings: Config): Promise<void> {
  const log = systemLog({ level: settings.logLevel, content: settings.logContent })
  for (const name of unknownSettings(process.env)) log.warn('unknown setting', { name })
  const folder = settings.dataFolder
  const keys = openKeyFiles({
    folder,
    ids,
    accessKey: settings.accessKey,
    rtcApp: settings.rtcApp,
  })
  if (!keys.ok) stop(keys.error)
  const secrets = createSecretBox({ serverSecret: keys.value.serverSecret, ids })
  const opened = await openSqliteStore({ folder, log, secrets })
  if (!opened.ok) stop(opened.error)
  const store = opened.value
  const access = await AccessDirectory.open(store, settings.accountId)
  await ensureDemoAgent({ store, ids, clock })

  const telemetry = createTelemetry({
    version: packageFile.version,
    clock,
    log,
    traces: settings.traces,
    post: postByFetch,
  })
  const vitals = watchVitals()
  shrinkWorkers(folder)
  const pool = new WorkerPool({
    entry: new URL('./worker.ts', import.meta.url),
    count: settings.workers,
    setup: (index) => ({ index }),
    environment: {
      ...process.env,
      ANTIPHON_RTC_APP_ID: keys.value.rtcApp.appId,
      ANTIPHON_RTC_APP_KEY: keys.value.rtcApp.appKey,
    },
    store,
    clock,
    ids,
    log,
    observer: telemetry.observer,
  })
  const keyRing = credentials(keys.value.accessKey, access)
  const permit = createPermit(access)
  const sessions = createSessions({
    secret: keys.value.serverSecret,
    clock,
    ids,
    publicUrl: settings.publicUrl,
    findKey: keyRing.findKey,
    ...(await endedSessions({ store, wallMs: clock.wallMs(), log })),
  })
  const logUrls = createLogUrls({ secret: keys.value.serverSecret, clock })
  const recordingUrls = createRecordingUrls({ secret: keys.value.serverSecret, clock })
  const recordings = openRecordingFolder(join(folder, 'recordings'))
  const providers = defaultProviders({ hasOpenAi: settings.openAi !== undefined })
  const { rtcApp } = keys.value
  const api = createApi({
    clock,
    ids,
    log,
    store,
    access,
    calls: pool,
    rtcApp,
    logUrl: (instanceId, origin) => logUrls.logUrl(instanceId, origin),
    recordings,
    recordingUrl: (file, origin) => recordingUrls.recordingUrl(file, origin),
    ...(settings.publicUrl === undefined ? {} : { publicUrl: settings.publicUrl }),
    defaultProviders: providers,
    providerDesk: createProviderDesk({
      clock,
      ids,
      log,
      cacheFolder: folder,
      modelsFolder: settings.modelsFolder,
      ...(settings.espeak !== undefined && { espeak: settings.espeak }),
      openAi: settings.openAi,
      environment: (name) => process.env[name],
    }),
    outboundRules: settings.outbound,
    ambientSounds: openAmbientFolder(join(folder, 'ambient')),
    soundDecoder: startSoundThread(log),
    ...keyRing,
    permit,
    rateLimits: settings.rateLimits,
    onAnswered: telemetry.answered,
    signedInAs: (request) => {
      const signedIn = sessions.signedInAs(request)
      return signedIn && (signedIn.principal ?? consolePrincipal(access.accountId))
    },
  })
  const liveReaders = new LiveReaders()
  /** Begins once the server listens: addresses of recordings need its port. */
  const begun: { callbacks?: CallbackDispatcher } = {}
  const server = createWebServer({
    api: api.handle,
    store,
    logUrls,
    recordings,
    recordingUrls,
    page: readPageFiles(join(import.meta.dirname, '../../console/dist')),
    openApi: pageFile(
      'openapi.json',
      Buffer.from(JSON.stringify(openApi(OPERATIONS, packageFile.version))),
    ),
    sessions,
    mayCall: ({ principal }, action, request) =>
      principal === undefined || mayCall(permit, principal, { action, request }),
    metrics: {
      readers: settings.metrics,
      text: () =>
        telemetry.metricsText({
          callbacks: () =>
            begun.callbacks && {
              ...begun.callbacks.counters,
              inFlight: begun.callbacks.inFlight,
            },
          writesWaiting: () => store.writesWaiting,
          processes: () => [['control', vitals()], ...pool.vitals],
        }),
    },
    live: pool.live,
    liveReaders,
    readiness: () => pool.readiness(),
    signalling: pool,
    rtcApp,
    clock,
    ids,
    log,
    tls: settings.tls,
    trustedProxies: settings.trustedProxies,
  })

  const { callsMs, logsMs, recordingsMs: keepMs } = settings.retention
  const recordingSweeper = new RecordingSweeper({ clock, log, recordings, keepMs })
  const sweeper = new Sweeper({
    clock,
    log,
    store: store.retention,
    keep: {
      ...(callsMs !== undefined && { calls: callsMs }),
      ...(logsMs !== undefined && { logs: logsMs }),
    },
  })
  const closeAll = async (): Promise<void> => {
    sweeper.close()
    recordingSweeper.close()
    server.refuseRequests()
    await pool.close(FAREWELL_MS)
    liveReaders.close()
    await begun.callbacks?.close(LAST_CALLBACKS_MS)
    await server.close()
    await api.close()
    await telemetry.close(LAST_TRACES_MS)
    await store.close()
  }
  const lost = await liveCalls(store)
  const listen = async (): Promise<Result<{ readonly port: number }, string>> => {
    const listening = await server.listen(settings.host, settings.port)
    // At once: no request may find the calls missing.
    if (listening.ok) for (const call of lost) pool.resume(call.instance, call.lastSeenMs)
    return listening
  }
  const [listening, workers] = await Promise.all([listen(), pool.listening()])
  if (!listening.ok || !workers.ok) {
    pool.kill()
    await server.close()
    await store.close()
    stop(!listening.ok ? listening.error : workers.ok ? '' : workers.error)
  }
  const origin = originOf(settings, listening.value.port)
  begun.callbacks = callbacksOf(store, settings, log, (file) =>
    recordingUrls.recordingUrl(file, origin),
  )
  await begun.callbacks.start()
  onInterrupt(closeAll)
  announce(settings, origin, keys.value, sessions.issueToken(), providers)
}

/**
 * Two settings that the workers inherit: what the models take from malloc stays together (glibc), and code that
 * was compiled before is not compiled again. They make each worker some 60 MB smaller.
 */
function shrinkWorkers(folder: string): void {
  process.env['MALLOC_ARENA_MAX'] ??= '2'
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compile-cache')
}

/** What tells callback addresses. */
function callbacksOf(
  { callbacks }: Store,
  { outbound }: Config,
  log: Log,
  recordingUrl: (file: RecordingFile) => string,
): CallbackDispatcher {
  const ways = { callbacks, outbound: systemOutbound(outbound), clock, recordingUrl }
  return new CallbackDispatcher({ store: callbacks, deliver: createDelivery(ways), clock, log })
}

/** Calls that were running when this server last died; they get a chance to be taken up again. */
async function liveCalls(
  store: Store,
): Promise<readonly { readonly instance: InstanceRecord; readonly lastSeenMs: number }[]> {
  const instances = await store.liveInstances()
  return Promise.all(
    instances.map(async (instance) => {
      const lastSeenMs = await store.lastSignOfLifeMs(instance.instanceId)
      return { instance, lastSeenMs: lastSeenMs ?? instance.modifiedMs }
    }),
  )
}

/** Whether a key's session may do what an operation of ours does, where no request of it comes. */
function mayCall(
  permit: Permit,
  principal: Principal,
  { action, request }: { readonly action: string; readonly request: RawRequest },
): boolean {
  const policyContext = () => policyContextOf(readCall(request), clock.wallMs())
  const parameters = new Map<string, string>()
  return (
    permit(principal, { version: OWN_VERSION, action, parameters, policyContext }) === undefined
  )
}

/** The key of the account itself, and those of its users and sessions. */
function credentials(root: Keys['accessKey'], access: AccessDirectory): Required<KeyRing> {
  const { accountId } = access
  const principal: Principal = { type: 'Account', id: 'root', accountId }
  return {
    findKey: (accessKeyId) =>
      accessKeyId === root.accessKeyId
        ? { secret: root.accessKeySecret, status: 'Active', principal }
        : access.findKey(accessKeyId),
    findToken: (securityToken) => access.findToken(securityToken),
  }
}

/** The first Ctrl-C ends calls politely, a second one everything at once. */
function onInterrupt(closeAll: () => Promise<void>): void {
  let isClosing = false
  const close = (): void => {
    if (isClosing) return
    isClosing = true
    print('Ending calls… (Ctrl-C again stops at once)')
    clock.after(EXIT_LIMIT_MS, () => process.exit(0))
    void closeAll().then(() => process.exit(0))
  }
  const interrupt = (): void => {
    if (isClosing) process.exit(130)
    close()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  if (process.env['npm_lifecycle_event'] !== undefined) onParentDeath(close)
}

/** A SIGTERM to npm ends npm and the shell between, which does not pass it on. */
function onParentDeath(close: () => void): void {
  const parent = process.ppid
  const look = (): void => {
    if (process.ppid !== parent) close()
    else clock.after(PARENT_CHECK_MS, look)
  }
  look()
}

/** Every interface is no address to go to: this machine's own is. */
function addressOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/** Where the server is to be reached. */
function originOf(settings: Config, port: number): string {
  const scheme = settings.tls === undefined ? 'http' : 'https'
  return settings.publicUrl ?? `${scheme}://${addressOf(settings.host)}:${port}`
}

function announce(
  settings: Config,
  origin: string,
  keys: Keys,
  token: string,
  providers: Readonly<Record<'asr' | 'llm' | 'tts' | 'vad', string>>,
): void {
  const model = settings.openAi
  const llm = model === undefined ? providers.llm : `${providers.llm} (${model.model})`
  print(`
antiphon is running.

  Console       ${origin}/?token=${token}
  API endpoint  ${origin}
  Access key    ${keys.accessKeyFile ?? 'ANTIPHON_ACCESS_KEY_ID of the environment'}
  RTC app key   ${keys.rtcAppFile ?? 'ANTIPHON_RTC_APP_ID of the environment'}
  Speech        recognition ${providers.asr} (English), voice ${providers.tts} (English), activity ${providers.vad}
  Language      ${llm}
`)
  if (model === undefined) {
    print(
      `  No language model is plugged in: a small built-in responder answers instead. To plug one in, set
  OPENAI_API_KEY (and for another provider OPENAI_BASE_URL and OPENAI_MODEL), for example
    OPENAI_BASE_URL=http://127.0.0.1:11434/v1 OPENAI_MODEL=llama3.2 npm start
`,
    )
  }
}
