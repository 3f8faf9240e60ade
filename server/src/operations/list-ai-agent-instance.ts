import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import type { ListedInstance } from '../ports/store.ts'
import { aiAgentInstanceListItem } from '../schema/ai-agent-instance.ts'
import { wireId, wireInteger, wireTime } from '../schema/wire.ts'
import { operation } from './operation.ts'

export const listAIAgentInstance = operation({
  name: 'ListAIAgentInstance',
  input: Type.Object({
    AIAgentId: wireId(),
    StartTime: Type.Optional(wireTime),
    EndTime: Type.Optional(wireTime),
    PageSize: wireInteger({ minimum: 0, maximum: 100, default: 10 }),
    PageNumber: wireInteger({ minimum: 1, maximum: 100, default: 1 }),
  }),
  output: Type.Object({ Instances: Type.Array(aiAgentInstanceListItem) }),
  run: async (input, { store, logUrl, origin }) => {
    const { AIAgentId: agentId, StartTime: fromMs, EndTime: untilMs } = input
    if (fromMs !== undefined && untilMs !== undefined && fromMs > untilMs) {
      return fail({ code: 'EndTimeMismatch' })
    }
    if ((await store.getAgent(agentId)) === undefined) return fail({ code: 'AgentNotFound' })
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
    return ok({ preparedMembers: membersOf(instances, (id) => logUrl(id, origin)) })
  },
})

const bytes = (text: string): Uint8Array => Buffer.from(text)
const START = bytes('"Instances":[')
const RUNTIME_CONFIG = bytes('"RuntimeConfig":')
const AGENT_CONFIG = bytes(',"AgentConfig":')
const TEMPLATE_CONFIG = bytes(',"TemplateConfig":')
const USER_DATA = bytes(',"UserData":')
const CLOSE_ITEM = bytes('}')
const END = bytes(']')

/** Stored JSON is copied into the answer, never parsed: this is the hottest answer of the API. */
function membersOf(
  instances: readonly ListedInstance[],
  logUrlOf: (instanceId: string) => string,
): readonly Uint8Array[] {
  const parts: Uint8Array[] = [START]
  for (const [index, instance] of instances.entries()) {
    const { instanceId, status } = instance
    const url = status === 'Finished' ? `,"CallLogUrl":${JSON.stringify(logUrlOf(instanceId))}` : ''
    parts.push(bytes(`${index > 0 ? ',' : ''}{"Status":"${status}"${url},`))
    parts.push(RUNTIME_CONFIG, instance.runtimeConfig)
    parts.push(AGENT_CONFIG, instance.agentConfig)
    parts.push(TEMPLATE_CONFIG, instance.templateConfig)
    if (instance.userData !== undefined) parts.push(USER_DATA, instance.userData)
    parts.push(CLOSE_ITEM)
  }
  parts.push(END)
  return parts
}
