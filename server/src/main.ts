/** The control process: `npm start`. Builds every part, hands each what it needs, closes them in reverse. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { AccessDirectory } from './access/directory.ts'
import { ACCOUNT_ID, type Principal } from './access/principal.ts'
import type { KeyRing } from './api/caller.ts'
import { createApi } from './api/handler.ts'
import { createPermit } from './api/permission.ts'
import { systemClock } from './base/system-clock.ts'
import { systemIds } from './base/system-ids.ts'
import { systemLog } from './base/system-log.ts'
import type { Result } from './base/result.ts'
import { readConfig, type Config } from './config/config.ts'
import { helpText, unknownSettings } from './config/settings.ts'
import type { InstanceRecord, Store } from './ports/store.ts'
import { ensureDemoAgent } from './operations/demo-agent.ts'
import { defaultProviders } from './schema/providers.ts'
import { createSecretBox } from './store/secret-box.ts'
import { openSqliteStore } from './store/sqlite-store.ts'
import { openKeyFiles, type Keys } from './web/key-files.ts'
import { createLogUrls } from './web/log-url.ts'
import { readPageFiles } from './web/page-files.ts'
import { createWebServer } from './web/server.ts'
import { createSessions } from './web/session.ts'
import { WorkerPool } from './workers/worker-pool.ts'

/** Ctrl-C: calls have so long to end politely… */
const FAREWELL_MS = 10_000
/** …and the server to stop, whatever holds it up. */
const EXIT_LIMIT_MS = 11_500
const PARENT_CHECK_MS = 500

/** The access key of this server speaks for its one account. */
const ACCOUNT: Principal = { type: 'Account', id: 'root', accountId: ACCOUNT_ID }

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
  const access = await AccessDirectory.open(store)
  await ensureDemoAgent({ store, ids, clock })

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
  })
  const sessions = createSessions({
    secret: keys.value.serverSecret,
    clock,
    ids,
    publicUrl: settings.publicUrl,
  })
  const logUrls = createLogUrls({ secret: keys.value.serverSecret, clock })
  const providers = defaultProviders({ hasOpenAi: settings.openAi !== undefined })
  const { accessKey, rtcApp } = keys.value
  const api = createApi({
    clock,
    ids,
    log,
    store,
    access,
    calls: pool,
    rtcApp,
    logUrl: (instanceId, origin) => logUrls.logUrl(instanceId, origin),
    ...(settings.publicUrl === undefined ? {} : { publicUrl: settings.publicUrl }),
    defaultProviders: providers,
    ...credentials(accessKey, access),
    permit: createPermit(access),
    isSignedIn: (request) => sessions.isSignedIn(request),
  })
  const server = createWebServer({
    api: api.handle,
    store,
    logUrls,
    page: readPageFiles(join(import.meta.dirname, '../../console/dist')),
    sessions,
    readiness: () => pool.readiness(),
    signalling: pool,
    rtcApp,
    clock,
    ids,
    log,
    tls: settings.tls,
  })

  const closeAll = async (): Promise<void> => {
    server.refuseRequests()
    await pool.close(FAREWELL_MS)
    await server.close()
    await api.close()
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
  onInterrupt(closeAll)
  announce(settings, listening.value.port, keys.value, sessions.issueToken(), providers)
}

/**
 * Two settings that the workers inherit: what the models take from malloc stays together (glibc), and code that
 * was compiled before is not compiled again. They make each worker some 60 MB smaller.
 */
function shrinkWorkers(folder: string): void {
  process.env['MALLOC_ARENA_MAX'] ??= '2'
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compile-cache')
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

/** The key of the account itself, and those of its users and sessions. */
function credentials(root: Keys['accessKey'], access: AccessDirectory): Required<KeyRing> {
  return {
    findKey: (accessKeyId) =>
      accessKeyId === root.accessKeyId
        ? { secret: root.accessKeySecret, status: 'Active', principal: ACCOUNT }
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

function announce(
  settings: Config,
  port: number,
  keys: Keys,
  token: string,
  providers: Readonly<Record<'asr' | 'llm' | 'tts' | 'vad', string>>,
): void {
  const scheme = settings.tls === undefined ? 'http' : 'https'
  const host = addressOf(settings.host)
  const origin = settings.publicUrl ?? `${scheme}://${host}:${port}`
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
