import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { wireId } from '../schema/wire.ts'
import { operation } from './operation.ts'

export const getAIAgentConcurrency = operation({
  name: 'GetAIAgentConcurrency',
  summary: 'Tells how many calls of an agent are created or running.',
  errors: ['AgentNotFound'],
  input: Type.Object({ AIAgentId: wireId() }),
  about: { AIAgentId: 'The agent, by its id of 32 hexadecimal digits.' },
  output: Type.Object(
    described({ ActiveCount: Type.Integer() }, { ActiveCount: 'How many there are now.' }),
  ),
  run: async ({ AIAgentId }, { store, calls }) => {
    if ((await store.getAgent(AIAgentId)) === undefined) return fail({ code: 'AgentNotFound' })
    return ok({ ActiveCount: calls.activeCount(AIAgentId) })
  },
})
