/** The control process: `npm start`. Puts its parts together, closes them in reverse. */
import { availableParallelism } from 'node:os'
import { systemClock } from './base/system-clock.ts'
import { readConfig } from './config/config.ts'
import { helpText } from './config/settings.ts'
import { announcement, originOf } from './control/announcement.ts'
import { buildApi, openDoors, openFiles, providersOf } from './control/api.ts'
import { lostCalls, startWorkers } from './control/calls.ts'
import { openFoundations, type Foundations } from './control/foundations.ts'
import { buildCallbacks, startSweepers } from './control/upkeep.ts'
import { buildWebServer } from './control/web.ts'
import packageFile from '../package.json' with { type: 'json' }
import { LiveReaders } from './web/live-route.ts'

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
const foundations = await openFoundations({
  config: config.value,
  environment: process.env,
  version: packageFile.version,
})
if (!foundations.ok) stop(foundations.error)
await run(foundations.value)

function stop(reason: string): never {
  process.stderr.write(`${reason}\n`)
  process.exit(1)
}

async function run(parts: Foundations): Promise<void> {
  const { config: settings, keys, store, telemetry } = parts
  /** Known as soon as the server listens. */
  let origin = ''
  const files = openFiles(parts)
  const pool = startWorkers(parts, files)
  const doors = await openDoors(parts)
  const api = buildApi(parts, { calls: pool, doors, files })
  const callbacks = buildCallbacks(parts, { files, origin: () => origin })
  const liveReaders = new LiveReaders()
  const server = buildWebServer(parts, { api, doors, files, pool, callbacks, liveReaders })
  const sweepers = startSweepers(parts, files)
  const closeAll = async (): Promise<void> => {
    sweepers.close()
    server.refuseRequests()
    await pool.close(FAREWELL_MS)
    liveReaders.close()
    await callbacks.close(LAST_CALLBACKS_MS)
    await server.close()
    await api.close()
    await telemetry.close(LAST_TRACES_MS)
    await store.close()
  }
  const lost = await lostCalls(parts)
  const [listening, workers] = await Promise.all([
    server.listen(settings.host, settings.port).then((result) => {
      // At once: no request may find the calls missing.
      if (result.ok) for (const call of lost) pool.resume(call.instance, call.lastSeenMs)
      return result
    }),
    pool.listening(),
  ])
  if (!listening.ok || !workers.ok) {
    pool.kill()
    await server.close()
    await store.close()
    stop(!listening.ok ? listening.error : workers.ok ? '' : workers.error)
  }
  origin = originOf(settings, listening.value.port)
  await callbacks.start()
  onInterrupt(closeAll)
  const token = doors.sessions.issueToken()
  print(announcement({ config: settings, origin, keys, token, providers: providersOf(parts) }))
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
