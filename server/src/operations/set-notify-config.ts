import { Type } from 'typebox'
import { fail, ok, type Result } from '../base/result.ts'
import type { NotifyConfig } from '../ports/callback-store.ts'
import { missing, type ApiError } from '../schema/errors.ts'
import { wireId } from '../schema/wire.ts'
import type { OperationContext } from './context.ts'
import {
  callbackUrlError,
  NO_NOTIFY,
  notifyTurn,
  readEventTypes,
  tokenError,
} from './notify-input.ts'
import { operation } from './operation.ts'
import { findAgent } from './start-call.ts'

const text = (maxLength: number) => Type.Optional(Type.String({ maxLength, 'x-mayBeEmpty': true }))

/** What is not given stays as it was; what is given empty is unset. */
export const setNotifyConfig = operation({
  name: 'SetNotifyConfig',
  summary: 'Sets where and how the events of an agent’s calls are told; running calls included.',
  errors: ['AgentNotFound', 'MissingCallbackUrl'],
  input: Type.Object({
    AIAgentId: wireId(),
    EnableNotify: Type.Boolean(),
    CallbackUrl: text(2048),
    EventTypes: text(1024),
    Token: text(1024),
    EnableAudioRecording: Type.Optional(Type.Boolean()),
    AudioOssPath: text(1024),
  }),
  about: {
    AIAgentId: 'The agent, by its id of 32 hexadecimal digits.',
    EnableNotify: 'Whether events are told. When it is off, the rest is kept.',
    CallbackUrl: 'Where events are posted: an http or https address.',
    EventTypes: 'Names of the events that are told, joined by commas; empty: all of them.',
    Token: 'Sent unchanged in the Authorization header of every callback.',
    EnableAudioRecording:
      'Kept and given back; what is recorded is said by antiphon.Recording of the agent.',
    AudioOssPath: 'Kept and given back; recordings stay in the data folder.',
  },
  output: Type.Object({}),
  run: (input, context) =>
    context.inTurn(notifyTurn(input.AIAgentId), async () => {
      const found = await findAgent(input.AIAgentId, context)
      if (!found.ok) return found
      const { callbacks } = context.store
      const before = (await callbacks.notifyConfig(input.AIAgentId)) ?? NO_NOTIFY
      const config = changed(before, input, context)
      if (!config.ok) return config
      await callbacks.putNotifyConfig(input.AIAgentId, config.value, context.clock.wallMs())
      return ok({})
    }),
})

function changed(
  before: NotifyConfig,
  input: {
    readonly EnableNotify: boolean
    readonly CallbackUrl?: string
    readonly EventTypes?: string
    readonly Token?: string
    readonly EnableAudioRecording?: boolean
    readonly AudioOssPath?: string
  },
  { outboundRules }: OperationContext,
): Result<NotifyConfig, ApiError> {
  const callbackUrl = input.CallbackUrl?.trim() ?? before.callbackUrl
  const token = input.Token ?? before.token
  const error =
    (input.CallbackUrl === undefined ? undefined : callbackUrlError(callbackUrl, outboundRules)) ??
    tokenError(token)
  if (error !== undefined) return fail(error)
  if (input.EnableNotify && callbackUrl === '') return fail(missing('CallbackUrl'))
  const { EventTypes: names } = input
  const eventTypes = names === undefined ? ok(before.eventTypes) : readEventTypes(names)
  if (!eventTypes.ok) return eventTypes
  return ok({
    ...before,
    isEnabled: input.EnableNotify,
    callbackUrl,
    eventTypes: eventTypes.value,
    token,
    recordsAudio: input.EnableAudioRecording ?? before.recordsAudio,
    audioOssPath: input.AudioOssPath ?? before.audioOssPath,
  })
}
