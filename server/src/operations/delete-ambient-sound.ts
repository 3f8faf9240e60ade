import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { wireId } from '../schema/wire.ts'
import { operation } from './operation.ts'

/** Calls that play it play it to their end. Deleting again succeeds, so that a repeated request does no harm. */
export const deleteAmbientSound = operation({
  name: 'DeleteAmbientSound',
  version: OWN_VERSION,
  summary: 'Deletes a background sound that was uploaded for an agent. Calls that play it go on.',
  errors: ['AgentNotFound'],
  input: Type.Object({ AIAgentId: wireId(), ResourceId: wireId() }),
  about: { AIAgentId: 'The agent.', ResourceId: 'The sound, by the id that its upload gave back.' },
  output: Type.Object({}),
  run: async ({ AIAgentId: agentId, ResourceId: resourceId }, { store, ambientSounds }) => {
    if ((await store.getAgent(agentId)) === undefined) return fail({ code: 'AgentNotFound' })
    await ambientSounds.remove(agentId, resourceId)
    return ok({})
  },
})
