import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { AMBIENT_IDS } from '../media/ambience.ts'
import { described } from '../schema/described.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { wireId } from '../schema/wire.ts'
import { ambientAnswer, ambientSound } from './ambient-answer.ts'
import { operation } from './operation.ts'

const NAMES: Readonly<Record<(typeof AMBIENT_IDS)[number], string>> = {
  public_conversation: 'Conversation',
  public_customer_service: 'Customer service',
  public_park: 'Park',
}

export const listAmbientSounds = operation({
  name: 'ListAmbientSounds',
  version: OWN_VERSION,
  summary:
    'Lists the background sounds that an agent can play: those that come along, then its own.',
  errors: ['AgentNotFound'],
  input: Type.Object({ AIAgentId: wireId() }),
  about: { AIAgentId: 'The agent.' },
  output: Type.Object(
    described({ AmbientSounds: Type.Array(ambientSound) }, { AmbientSounds: 'The sounds.' }),
  ),
  run: async ({ AIAgentId: agentId }, { store, ambientSounds }) => {
    const agent = await store.getAgent(agentId)
    if (agent === undefined || agent.deletedMs !== undefined) return fail({ code: 'AgentNotFound' })
    const builtIn = AMBIENT_IDS.map((id) => ({
      ResourceId: id,
      Name: NAMES[id],
      Source: 'builtin' as const,
    }))
    const own = await ambientSounds.list(agentId)
    return ok({ AmbientSounds: [...builtIn, ...own.map(ambientAnswer)] })
  },
})
