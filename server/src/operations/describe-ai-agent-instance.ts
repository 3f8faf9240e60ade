import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { aiAgentInstanceDetail } from '../schema/ai-agent-instance.ts'
import { gmtTime, wireId } from '../schema/wire.ts'
import { parseConfig } from './call-config.ts'
import { operation } from './operation.ts'
import { recordedOf } from './recorded.ts'

export const describeAIAgentInstance = operation({
  name: 'DescribeAIAgentInstance',
  summary: 'Gives one call: its state, configuration and times.',
  errors: ['InstanceNotFound'],
  input: Type.Object({ InstanceId: wireId() }),
  about: { InstanceId: 'The call, by the id that its start gave back.' },
  output: Type.Object(described({ Instance: aiAgentInstanceDetail }, { Instance: 'The call.' })),
  run: async ({ InstanceId }, context) => {
    const { store, logUrl, origin } = context
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
        ...(await recordedOf(instance.instanceId, context)),
      },
    })
  },
})
