import { Type } from 'typebox'
import { ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { aiAgent } from '../schema/ai-agent.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { wireInteger } from '../schema/wire.ts'
import { agentAnswer } from './agent-input.ts'
import { operation } from './operation.ts'

/** Newest first. */
export const listAIAgents = operation({
  name: 'ListAIAgents',
  version: OWN_VERSION,
  summary: 'Lists the agents, newest first.',
  errors: [],
  input: Type.Object({
    PageSize: wireInteger({ minimum: 0, maximum: 100, default: 10 }),
    PageNumber: wireInteger({ minimum: 1, maximum: 100, default: 1 }),
  }),
  about: { PageSize: 'How many entries a page has.', PageNumber: 'Which page, from 1.' },
  output: Type.Object(
    described({ Agents: Type.Array(aiAgent) }, { Agents: 'The agents of the page.' }),
  ),
  run: async ({ PageSize: pageSize, PageNumber: pageNumber }, { store }) => {
    const agents = pageSize === 0 ? [] : await store.listAgents({ pageSize, pageNumber })
    return ok({ Agents: agents.map(agentAnswer) })
  },
})
