import { Type } from 'typebox'
import { ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { aiAgent } from '../schema/ai-agent.ts'
import { OWN_VERSION } from '../schema/operation-names.ts'
import { agentAnswer } from './agent-input.ts'
import { operation } from './operation.ts'
import { PAGE_ABOUT, pageInput } from './page-input.ts'

/** Newest first. */
export const listAIAgents = operation({
  name: 'ListAIAgents',
  version: OWN_VERSION,
  summary: 'Lists the agents, newest first.',
  errors: [],
  input: Type.Object(pageInput(10)),
  about: PAGE_ABOUT,
  output: Type.Object(
    described({ Agents: Type.Array(aiAgent) }, { Agents: 'The agents of the page.' }),
  ),
  run: async ({ PageSize: pageSize, PageNumber: pageNumber }, { store }) => {
    const agents = pageSize === 0 ? [] : await store.listAgents({ pageSize, pageNumber })
    return ok({ Agents: agents.map(agentAnswer) })
  },
})
