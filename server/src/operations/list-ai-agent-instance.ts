import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import type { ListedInstance } from '../ports/store.ts'
import { described } from '../schema/described.ts'
import { aiAgentInstanceListItem } from '../schema/ai-agent-instance.ts'
import { wireId, wireInteger, wireTime } from '../schema/wire.ts'
import { operation } from './operation.ts'

export const listAIAgentInstance = operation({
  name: 'ListAIAgentInstance',
  summary: 'Lists the calls of an agent, newest first.',
  errors: ['EndTimeMismatch', 'AgentNotFound'],
  input: Type.Object({
    AIAgentId: wireId(),
    StartTime: Type.Optional(wireTime),
    EndTime: Type.Optional(wireTime),
    PageSize: wireInteger({ minimum: 0, maximum: 100, default: 10 }),
    PageNumber: wireInteger({ minimum: 1, maximum: 100, default: 1 }),
  }),
  about: {
    AIAgentId: 'The agent, by its id of 32 hexadecimal digits.',
    StartTime: 'Only calls created at that time or later, ISO 8601.',
    EndTime: 'Only calls created at that time or earlier, ISO 8601.',
    PageSize: 'How many calls a page has; 0 gives none.',
    PageNumber: 'Which page, from 1.',
  },
  output: Type.Object(
    described(
      { Instances: Type.Array(aiAgentInstanceListItem) },
      { Instances: 'The calls of the page.' },
    ),
  ),
  run: async (input, { store, logUrl, origin }) => {
    const { AIAgentId: agentId, StartTime: fromMs, EndTime: untilMs } = input
    if (fromMs !== undefined && untilMs !== undefined && fromMs > untilMs) {
      return fail({ code: 'EndTimeMismatch' })
    }
    const page = { pageSize: input.PageSize, pageNumber: input.PageNumber }
    const instances =
      page.pageSize === 0
        ? []
        : await store.listInstances({
            agentId,
            ...page,
            ...(fromMs === undefined ? {} : { fromMs }),
            ...(untilMs === undefined ? {} : { untilMs }),
          })
    // Where there is a call there is its agent.
    if (instances.length === 0 && (await store.getAgent(agentId)) === undefined) {
      return fail({ code: 'AgentNotFound' })
    }
    return ok({ preparedMembers: membersOf(instances, (id) => logUrl(id, origin)) })
  },
})

/** Stored JSON is copied into the answer, never parsed: this is the hottest answer of the API. */
function membersOf(
  instances: readonly ListedInstance[],
  logUrlOf: (instanceId: string) => string,
): readonly (string | Uint8Array)[] {
  const pieces: (string | Uint8Array)[] = []
  let before = '"Instances":['
  for (const instance of instances) {
    const { instanceId, status, runtimeConfig, userData } = instance
    const url = status === 'Finished' ? `,"CallLogUrl":${JSON.stringify(logUrlOf(instanceId))}` : ''
    pieces.push(
      `${before}{"Status":"${status}"${url},"RuntimeConfig":${runtimeConfig},"AgentConfig":`,
      instance.agentConfig,
      ',"TemplateConfig":',
      instance.templateConfig,
    )
    before = `${userData === undefined ? '' : `,"UserData":${userData}`}},`
  }
  pieces.push(instances.length === 0 ? '"Instances":[]' : `${before.slice(0, -1)}]`)
  return pieces
}
