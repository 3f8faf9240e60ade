import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { wireId } from '../schema/wire.ts'
import { operation } from './operation.ts'

/** The agent starts no more calls; those that run go on, and its records stay listable. */
export const deleteAIAgent = operation({
  name: 'DeleteAIAgent',
  version: OWN_VERSION,
  summary: 'Deletes an agent. Its calls stay listed, and those that run go on.',
  errors: ['AgentNotFound'],
  input: Type.Object({ AIAgentId: wireId() }),
  about: { AIAgentId: 'The agent, by its id of 32 hexadecimal digits.' },
  output: Type.Object({}),
  run: ({ AIAgentId }, { store, clock, inTurn }) =>
    inTurn(`agent ${AIAgentId}`, async () => {
      const agent = await store.getAgent(AIAgentId)
      if (agent === undefined) return fail({ code: 'AgentNotFound' })
      // Deleting again succeeds, so that a repeated request does no harm.
      if (agent.deletedMs !== undefined) return ok({})
      const nowMs = clock.wallMs()
      await store.putAgent({ ...agent, modifiedMs: nowMs, deletedMs: nowMs })
      return ok({})
    }),
})
