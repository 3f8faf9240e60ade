import { Type } from 'typebox'
import type { AgentType } from '../ports/store.ts'
import { rtcRobotConfig } from '../schema/rtc-robot-config.ts'
import { wireId } from '../schema/wire.ts'
import { operation } from './operation.ts'
import { updateCall } from './update-call.ts'

export const updateRtcRobotInstance = operation({
  name: 'UpdateRtcRobotInstance',
  summary: 'Older form of UpdateAIAgentInstance: changes a running call.',
  errors: ['InstanceNotFound', 'InvalidInstanceStatus'],
  input: Type.Object({ InstanceId: wireId(), Config: Type.Optional(rtcRobotConfig) }),
  about: {
    InstanceId: 'The call, by the id that its start gave back.',
    Config: 'What is to change.',
  },
  output: Type.Object({}),
  run: ({ InstanceId, Config }, context) => {
    const change =
      Config === undefined
        ? {}
        : { overlay: (type: AgentType) => ({ TemplateConfig: { [type]: Config } }) }
    return updateCall(InstanceId, change, context)
  },
})
