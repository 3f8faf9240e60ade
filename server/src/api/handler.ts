import type { AccessDirectory } from '../access/directory.ts'
import type { Clock } from '../base/clock.ts'
import type { Ids } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import type { OperationContext } from '../operations/context.ts'
import { makeInTurn } from '../operations/in-turn.ts'
import { findOperation } from '../operations/table.ts'
import type { Calls } from '../ports/calls.ts'
import type { Store } from '../ports/store.ts'
import type { ApiError } from '../schema/errors.ts'
import type { RateLimits } from '../schema/rate-limits.ts'
import { isNotYet } from '../schema/operation-names.ts'
import { consolePrincipal, type KeyRing, type Permit, type Principal } from './caller.ts'
import {
  CREDENTIAL_CHECKS,
  firstFailure,
  ROUTING_CHECKS,
  timeOf,
  type CheckContext,
} from './checks.ts'
import { FlowControl } from './flow-control.ts'
import { Nonces } from './nonces.ts'
import { formatOf, readCall, type ApiCall } from './parameters.ts'
import { policyContextOf } from './permission.ts'
import type { ApiHandler, RawRequest, RawResponse } from './raw-http.ts'
import { renderAnswer, renderError, type Answer, type Envelope } from './render.ts'
import { createTokenStart, type TokenHolder } from './token-start.ts'

/** What the API is built from. */
export interface ApiDeps extends KeyRing {
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly store: Store
  readonly access: AccessDirectory
  readonly calls: Calls
  /** Whom a request with the cookie of a signed-in console session speaks for. */
  signedInAs(request: RawRequest): Principal | undefined
  readonly rtcApp: OperationContext['rtcApp']
  readonly logUrl: OperationContext['logUrl']
  readonly defaultProviders: OperationContext['defaultProviders']
  readonly providerDesk: OperationContext['providerDesk']
  readonly outboundRules: OperationContext['outboundRules']
  readonly ambientSounds: OperationContext['ambientSounds']
  readonly recordings: OperationContext['recordings']
  readonly recordingUrl: OperationContext['recordingUrl']
  readonly soundDecoder: OperationContext['soundDecoder']
  /** Where clients reach the server, when that is not what their `Host` header says. */
  readonly publicUrl?: string
  /** Refuse requests that did not come over TLS. */
  readonly requireTls?: boolean
  /** How often a key may call an operation; absent: as often as it likes. */
  readonly rateLimits?: RateLimits
  /** Which agents a client may start with the token of its channel; absent: none. */
  mayStartByToken?(agentId: string): boolean
  /** Absent: whoever is authenticated may do everything. */
  readonly permit?: Permit
  /** Hears of each answer; what is no operation is called `unknown`. */
  readonly onAnswered?: ((operation: string, status: number, tookMs: number) => void) | undefined
}

export interface Api {
  /** Never throws and never rejects. */
  readonly handle: ApiHandler
  /** A client that has a token for a channel has an agent come into it. Never throws and never rejects. */
  startByToken(request: RawRequest, joining: TokenHolder): Promise<RawResponse>
  /** Writes the nonces that are not written yet. */
  close(): Promise<void>
}

/** HTTP to operation and back. */
export function createApi(deps: ApiDeps): Api {
  const nonces = new Nonces(deps)
  const inTurn = makeInTurn()
  const flow = deps.rateLimits && new FlowControl(deps.clock, deps.rateLimits)
  const handle: ApiHandler = async (request) => {
    const startedMs = deps.clock.nowMs()
    const call = readCall(request)
    const response = await respond(call)
    const isKnown = findOperation(call.version, call.action) !== undefined
    const tookMs = deps.clock.nowMs() - startedMs
    deps.onAnswered?.(isKnown ? call.action : 'unknown', response.status, tookMs)
    return response
  }
  const respond = async (call: ApiCall): Promise<RawResponse> => {
    const requestId = deps.ids.requestId()
    const format = formatOf(call)
    const envelope: Envelope = {
      requestId,
      traceId: deps.ids.hex32(),
      hostId: call.host,
      format: format.ok ? format.value : 'json',
      action: call.action,
    }
    try {
      await nonces.recall()
      const outcome = await answer(call, deps, { nonces, inTurn, flow })
      if (outcome.error !== undefined) return refuse(outcome.error, envelope, deps.log)
      deps.log.debug('api request', { requestId, action: call.action })
      return renderAnswer(outcome.answer, envelope)
    } catch (error) {
      const stack = error instanceof Error ? error.stack : String(error)
      deps.log.error('api request failed', { requestId, action: call.action, error: stack })
      return renderError({ code: 'InternalError' }, envelope)
    }
  }
  const startByToken = createTokenStart(
    deps,
    (request) => {
      const caller = consolePrincipal(deps.access.accountId)
      const policyContext = () => ({})
      return { ...contextOf(readCall(request), deps), inTurn, caller, policyContext }
    },
    flow,
  )
  return { handle, startByToken, close: () => nonces.close() }
}

type Outcome =
  | { readonly error: ApiError }
  | { readonly answer: Answer; readonly error?: undefined }

/** What lasts from request to request. */
interface Lasting {
  readonly nonces: Nonces
  readonly inTurn: OperationContext['inTurn']
  readonly flow: FlowControl | undefined
}

async function answer(
  call: ApiCall,
  deps: ApiDeps,
  { nonces, inTurn, flow }: Lasting,
): Promise<Outcome> {
  const operation = findOperation(call.version, call.action)
  const isKnownOnly = operation === undefined && isNotYet(call.version, call.action)
  const checked = authenticate(call, deps, nonces, operation !== undefined || isKnownOnly)
  if (checked.error !== undefined) return checked
  const { caller } = checked
  const { version, action, parameters } = call
  const throttled = flow?.admit(call.accessKeyId || caller.id, action)
  if (throttled !== undefined) return { error: throttled }
  // Made when a policy asks for it: the account itself needs none.
  let known: Readonly<Record<string, string>> | undefined
  const policyContext = (): Readonly<Record<string, string>> =>
    (known ??= policyContextOf(call, deps.clock.wallMs()))
  const denial = deps.permit?.(caller, { version, action, parameters, policyContext })
  if (denial !== undefined) return { error: denial }
  if (operation === undefined) {
    const message = `Action ${call.action} is not supported by this server yet.`
    return { error: { code: 'InvalidAction.NotSupported', message } }
  }
  const context = { ...contextOf(call, deps), inTurn, caller, policyContext }
  const outcome = await operation.handle(call.parameters, context)
  return outcome.ok ? { answer: outcome.value } : { error: outcome.error }
}

/** Synchronous throughout: no other request runs between looking a nonce up and burning it. */
function authenticate(
  call: ApiCall,
  deps: ApiDeps,
  nonces: Nonces,
  isOperation: boolean,
): { readonly caller: Principal; readonly error?: undefined } | { readonly error: ApiError } {
  const key = call.accessKeyId === '' ? undefined : deps.findKey(call.accessKeyId)
  const context: CheckContext = {
    call,
    wallMs: deps.clock.wallMs(),
    timeMs: timeOf(call),
    requireTls: deps.requireTls ?? false,
    isOperation,
    key,
    tokenOwner: call.securityToken === '' ? undefined : deps.findToken?.(call.securityToken),
    nonces,
  }
  const misrouted = firstFailure(ROUTING_CHECKS, context)
  if (misrouted !== undefined) return { error: misrouted }
  const signedIn = isConsole(call) ? deps.signedInAs(call.request) : undefined
  if (signedIn !== undefined) return { caller: signedIn }
  const refused = firstFailure(CREDENTIAL_CHECKS, context)
  if (refused !== undefined) return { error: refused }
  return key === undefined ? { error: { code: 'InternalError' } } : { caller: key.principal }
}

/** A header that no page of another site can send without being asked for it first. */
const isConsole = (call: ApiCall): boolean =>
  call.kind === 'anonymous' &&
  !call.hasAuthorization &&
  call.headerValues('x-antiphon-console')[0]?.trim() === '1'

function contextOf(
  call: ApiCall,
  deps: ApiDeps,
): Omit<OperationContext, 'inTurn' | 'caller' | 'policyContext'> {
  const { store, access, calls, clock, ids, log, rtcApp, defaultProviders } = deps
  const { outboundRules, ambientSounds, soundDecoder, providerDesk } = deps
  return {
    store,
    access,
    calls,
    clock,
    ids,
    log,
    rtcApp,
    defaultProviders,
    providerDesk,
    outboundRules,
    recordings: deps.recordings,
    recordingUrl: (file, origin) => deps.recordingUrl(file, origin),
    ambientSounds,
    soundDecoder,
    logUrl: (instanceId, origin) => deps.logUrl(instanceId, origin),
    origin: deps.publicUrl?.replace(/\/+$/, '') ?? originOf(call),
  }
}

function originOf(call: ApiCall): string {
  const host = /^[A-Za-z0-9.\-_[\]:]+$/.test(call.host) ? call.host : 'localhost'
  return `${call.request.isSecure ? 'https' : 'http'}://${host}`
}

function refuse(error: ApiError, envelope: Envelope, log: Log): RawResponse {
  const { requestId, action } = envelope
  log.info('api request refused', { requestId, action: action.slice(0, 64), code: error.code })
  return renderError(error, envelope)
}
