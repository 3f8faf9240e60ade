import { AccessDirectory } from '../access/directory.ts'
import type { Clock } from '../base/clock.ts'
import type { Ids } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import { ok, type Result } from '../base/result.ts'
import { systemClock } from '../base/system-clock.ts'
import { systemIds } from '../base/system-ids.ts'
import { systemLog } from '../base/system-log.ts'
import { watchVitals } from '../base/system-vitals.ts'
import type { Vitals } from '../base/vitals.ts'
import type { Config } from '../config/config.ts'
import { unknownSettings } from '../config/settings.ts'
import { ensureDemoAgent } from '../operations/demo-agent.ts'
import { createSecretBox } from '../store/secret-box.ts'
import { openSqliteStore, type SqliteStore } from '../store/sqlite-store.ts'
import { createTelemetry, postByFetch, type Telemetry } from '../telemetry/telemetry.ts'
import { openKeyFiles, type Keys } from '../web/key-files.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What every part of the control process stands on. */
export interface Foundations {
  readonly config: Config
  readonly environment: Environment
  /** Of antiphon. */
  readonly version: string
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly keys: Keys
  readonly store: SqliteStore
  readonly access: AccessDirectory
  readonly telemetry: Telemetry
  /** How this process does. */
  readonly vitals: () => Vitals
}

/**
 * Opens the data folder: keys, database, who may do what. A folder that was empty has all of it afterwards, and the
 * demo agent. The error is a sentence for the operator.
 */
export async function openFoundations(options: {
  readonly config: Config
  readonly environment: Environment
  readonly version: string
}): Promise<Result<Foundations, string>> {
  const { config } = options
  const { dataFolder: folder, accessKey, rtcApp } = config
  const [clock, ids] = [systemClock, systemIds]
  const log = systemLog({ level: config.logLevel, content: config.logContent })
  for (const name of unknownSettings(options.environment)) log.warn('unknown setting', { name })
  const keys = openKeyFiles({ folder, ids, accessKey, rtcApp })
  if (!keys.ok) return keys
  const secrets = createSecretBox({ serverSecret: keys.value.serverSecret, ids })
  const opened = await openSqliteStore({ folder, log, secrets })
  if (!opened.ok) return opened
  const store = opened.value
  const access = await AccessDirectory.open(store, config.accountId)
  await ensureDemoAgent({ store, ids, clock })
  const telemetry = createTelemetry({
    version: options.version,
    clock,
    log,
    traces: config.traces,
    post: postByFetch,
  })
  const vitals = watchVitals()
  return ok({ ...options, clock, ids, log, keys: keys.value, store, access, telemetry, vitals })
}
