import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { aiAgentInstanceDetail } from '../schema/ai-agent-instance.ts'
import { gmtTime, wireId } from '../schema/wire.ts'
import { parseConfig } from './call-config.ts'
import { operation } from './operation.ts'

export const describeAIAgentInstance = operation({
  name: 'DescribeAIAgentInstance',
  input: Type.Object({ InstanceId: wireId() }),
  output: Type.Object({ Instance: aiAgentInstanceDetail }),
  run: async ({ InstanceId }, { store, logUrl, origin }) => {
    const instance = await store.getInstance(InstanceId)
    if (instance === undefined) return fail({ code: 'InstanceNotFound' })
    const { status, userData } = instance
    return ok({
      Instance: {
        Status: status,
        ...(status === 'Finished' ? { CallLogUrl: logUrl(instance.instanceId, origin) } : {}),
        RuntimeConfig: parseConfig(instance.runtimeConfig),
        AgentConfig: parseConfig(instance.agentConfig),
        TemplateConfig: parseConfig(instance.templateConfig),
        ...(userData === undefined ? {} : { UserData: userData }),
        SessionId: instance.sessionId ?? '',
        GmtCreate: gmtTime(instance.createdMs),
        GmtModified: gmtTime(instance.modifiedMs),
      },
    })
  },
})
