import { Type } from 'typebox'
import { ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { wireId } from '../schema/wire.ts'
import { NO_NOTIFY, notifyTurn } from './notify-input.ts'
import { operation } from './operation.ts'
import { findAgent } from './start-call.ts'

export const createCallbackSecret = operation({
  name: 'CreateCallbackSecret',
  version: OWN_VERSION,
  summary:
    'Makes the secret that an agent’s callbacks are signed with from now on; the one before is void.',
  errors: ['AgentNotFound'],
  input: Type.Object({ AIAgentId: wireId() }),
  about: { AIAgentId: 'The agent, by its id of 32 hexadecimal digits.' },
  output: Type.Object(
    described(
      { SigningSecret: Type.String() },
      {
        SigningSecret:
          'whsec_ and 32 bytes in Base64, as Standard Webhooks has it. Shown only now.',
      },
    ),
  ),
  run: ({ AIAgentId }, context) =>
    context.inTurn(notifyTurn(AIAgentId), async () => {
      const found = await findAgent(AIAgentId, context)
      if (!found.ok) return found
      const { clock, ids, store } = context
      const before = (await store.callbacks.notifyConfig(AIAgentId)) ?? NO_NOTIFY
      const bytes = Buffer.from(ids.hex32() + ids.hex32(), 'hex')
      const signingSecret = `whsec_${bytes.toString('base64')}`
      await store.callbacks.putNotifyConfig(AIAgentId, { ...before, signingSecret }, clock.wallMs())
      return ok({ SigningSecret: signingSecret })
    }),
})
