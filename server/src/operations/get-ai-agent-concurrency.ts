import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { wireId } from '../schema/wire.ts'
import { operation } from './operation.ts'

export const getAIAgentConcurrency = operation({
  name: 'GetAIAgentConcurrency',
  input: Type.Object({ AIAgentId: wireId() }),
  output: Type.Object({ ActiveCount: Type.Integer() }),
  run: async ({ AIAgentId }, { store, calls }) => {
    if ((await store.getAgent(AIAgentId)) === undefined) return fail({ code: 'AgentNotFound' })
    return ok({ ActiveCount: calls.activeCount(AIAgentId) })
  },
})
