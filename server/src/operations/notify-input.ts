import { mayConnect, type OutboundRules } from '../base/outbound-address.ts'
import { fail, ok, type Result } from '../base/result.ts'
import type { CallbackFilter, NotifyConfig } from '../ports/callback-store.ts'
import { CALLBACK_EVENTS, type CallbackEventName } from '../schema/callback-event.ts'
import { invalidParameter, missing, type ApiError } from '../schema/errors.ts'

/** Changes of an agent's notify configuration first read what they change: they run one after the other. */
export const notifyTurn = (agentId: string): string => `notify ${agentId}`

/** What an agent has for which none has ever been set. */
export const NO_NOTIFY: NotifyConfig = {
  isEnabled: false,
  callbackUrl: '',
  eventTypes: [],
  token: '',
  signingSecret: '',
  recordsAudio: false,
  audioOssPath: '',
}

/** Names joined by commas; none: all of them. */
export function readEventTypes(text: string): Result<readonly CallbackEventName[], ApiError> {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const unknown = names.find((name) => !isEventName(name))
  if (unknown === undefined) return ok([...new Set(names.filter(isEventName))])
  const allowed = `allowed: ${CALLBACK_EVENTS.join(', ')}, joined by commas; got: ${unknown.slice(0, 60)}`
  return fail(invalidParameter('EventTypes', allowed))
}

const isEventName = (name: string): name is CallbackEventName =>
  CALLBACK_EVENTS.some((known) => known === name)

/** What is wrong with a new address, if anything. Names are checked when they are used. */
export function callbackUrlError(text: string, rules: OutboundRules): ApiError | undefined {
  if (text === '') return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
  if (url === undefined || !isHttp || url.username !== '' || url.password !== '') {
    return invalidParameter(
      'CallbackUrl',
      'allowed: an address that begins with http:// or https://, without user name and password',
    )
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const isAddress = /^[\d.]+$/.test(host) || host.includes(':')
  if (!isAddress || mayConnect(rules, host, host)) return undefined
  const why = `${host} is a private address; the server's setting ANTIPHON_OUTBOUND_PRIVATE can allow it`
  return invalidParameter('CallbackUrl', why)
}

/** A token that can stand in a header. */
export const tokenError = (token: string): ApiError | undefined =>
  /^([\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?)?$/.test(token)
    ? undefined
    : invalidParameter('Token', 'allowed: ASCII without control characters and outer blanks')

/** What the parameters of the queue's operations select; at least one must be given. */
export function readCallbackFilter(input: {
  readonly AIAgentId?: string
  readonly InstanceId?: string
  readonly EventIds?: readonly string[]
}): Result<CallbackFilter, ApiError> {
  const { AIAgentId: agentId, InstanceId: instanceId, EventIds: eventIds } = input
  const isAny = agentId !== undefined || instanceId !== undefined || eventIds !== undefined
  return isAny ? ok(callbackFilter(input)) : fail(missing('AIAgentId'))
}

export const callbackFilter = (input: {
  readonly AIAgentId?: string
  readonly InstanceId?: string
  readonly EventIds?: readonly string[]
}): CallbackFilter => ({
  ...(input.AIAgentId !== undefined && { agentId: input.AIAgentId }),
  ...(input.InstanceId !== undefined && { instanceId: input.InstanceId }),
  ...(input.EventIds !== undefined && { eventIds: input.EventIds }),
})
