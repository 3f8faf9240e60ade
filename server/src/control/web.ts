import { join } from 'node:path'
import type { Principal } from '../access/principal.ts'
import type { Permit } from '../api/caller.ts'
import type { Api } from '../api/handler.ts'
import { readCall } from '../api/parameters.ts'
import { policyContextOf } from '../api/permission.ts'
import type { RawRequest } from '../api/raw-http.ts'
import type { CallbackDispatcher } from '../callbacks/dispatcher.ts'
import { openApi } from '../operations/open-api.ts'
import { OPERATIONS } from '../operations/table.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import type { LiveReaders } from '../web/live-route.ts'
import { pageFile, readPageFiles } from '../web/page-files.ts'
import { createWebServer, type WebServer } from '../web/server.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import type { Doors, Files } from './api.ts'
import type { Foundations } from './foundations.ts'

/** The one port: API, console, files, metrics, signalling. */
export function buildWebServer(
  foundations: Foundations,
  parts: {
    readonly api: Api
    readonly doors: Doors
    readonly files: Files
    readonly pool: WorkerPool
    readonly callbacks: CallbackDispatcher
    readonly liveReaders: LiveReaders
  },
): WebServer {
  const { config, version, keys, store, clock, ids, log } = foundations
  const { api, doors, files, pool, callbacks, liveReaders } = parts
  return createWebServer({
    api: api.handle,
    startByToken: api.startByToken,
    store,
    ...files,
    page: readPageFiles(join(import.meta.dirname, '../../../console/dist')),
    openApi: pageFile('openapi.json', Buffer.from(JSON.stringify(openApi(OPERATIONS, version)))),
    sessions: doors.sessions,
    mayCall: ({ principal }, action, request) =>
      principal === undefined ||
      mayCall(doors.permit, principal, { action, request, wallMs: clock.wallMs() }),
    metrics: {
      readers: config.metrics,
      text: () => metricsText(foundations, pool, callbacks),
    },
    live: pool.live,
    liveReaders,
    readiness: () => pool.readiness(),
    signalling: pool,
    rtcApp: keys.rtcApp,
    clock,
    ids,
    log,
    tls: config.tls,
    trustedProxies: config.trustedProxies,
  })
}

/** Whether a key's session may do what an operation of ours does, where no request of it comes. */
function mayCall(
  permit: Permit,
  principal: Principal,
  asked: { readonly action: string; readonly request: RawRequest; readonly wallMs: number },
): boolean {
  const { action, request, wallMs } = asked
  const policyContext = () => policyContextOf(readCall(request), wallMs)
  const parameters = new Map<string, string>()
  return (
    permit(principal, { version: OWN_VERSION, action, parameters, policyContext }) === undefined
  )
}

const metricsText = (
  { telemetry, store, vitals }: Foundations,
  pool: WorkerPool,
  callbacks: CallbackDispatcher,
): string =>
  telemetry.metricsText({
    callbacks: () => ({ ...callbacks.counters, inFlight: callbacks.inFlight }),
    writesWaiting: () => store.writesWaiting,
    processes: () => [['control', vitals()], ...pool.vitals],
  })
