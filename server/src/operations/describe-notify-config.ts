import { Type } from 'typebox'
import { ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { wireId } from '../schema/wire.ts'
import { NO_NOTIFY } from './notify-input.ts'
import { operation } from './operation.ts'
import { findAgent } from './start-call.ts'

/** An agent for which nothing was ever set has callbacks switched off and empty texts. */
export const describeNotifyConfig = operation({
  name: 'DescribeNotifyConfig',
  summary: 'Tells where and how the events of an agent’s calls are told.',
  errors: ['AgentNotFound'],
  input: Type.Object({ AIAgentId: wireId() }),
  about: { AIAgentId: 'The agent, by its id of 32 hexadecimal digits.' },
  output: Type.Object(
    described(
      {
        EnableNotify: Type.Boolean(),
        CallbackUrl: Type.String(),
        EventTypes: Type.String(),
        Token: Type.String(),
        AudioOssPath: Type.String(),
        EnableAudioRecording: Type.Boolean(),
      },
      {
        EnableNotify: 'Whether events are told.',
        CallbackUrl: 'Where they are posted; empty: nowhere yet.',
        EventTypes: 'Names of the events that are told, joined by commas; empty: all of them.',
        Token: 'As it was set.',
        AudioOssPath: 'As it was set.',
        EnableAudioRecording: 'As it was set.',
      },
    ),
  ),
  run: async ({ AIAgentId }, context) => {
    const found = await findAgent(AIAgentId, context)
    if (!found.ok) return found
    const config = (await context.store.callbacks.notifyConfig(AIAgentId)) ?? NO_NOTIFY
    return ok({
      EnableNotify: config.isEnabled,
      CallbackUrl: config.callbackUrl,
      EventTypes: config.eventTypes.join(','),
      Token: config.token,
      AudioOssPath: config.audioOssPath,
      EnableAudioRecording: config.recordsAudio,
    })
  },
})
