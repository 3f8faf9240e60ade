import { Type } from 'typebox'
import { wireId } from '../schema/wire.ts'
import { overlayParameters } from './call-input.ts'
import { operation } from './operation.ts'
import { updateCall } from './update-call.ts'

export const updateAIAgentInstance = operation({
  name: 'UpdateAIAgentInstance',
  summary: 'Changes a running call.',
  errors: ['InstanceNotFound', 'InvalidInstanceStatus'],
  input: Type.Object({
    InstanceId: wireId(),
    ...overlayParameters,
    UserData: Type.Optional(Type.String()),
  }),
  about: {
    InstanceId: 'The call, by the id that its start gave back.',
    AgentConfig: 'Laid over the configuration that the call has, member by member.',
    TemplateConfig:
      "Deprecated form of AgentConfig: settings under the agent's kind, as VoiceChat.",
    UserData: 'Takes the place of the text given at the start.',
  },
  output: Type.Object({}),
  run: ({ InstanceId, AgentConfig, TemplateConfig, UserData: userData }, context) => {
    const hasConfig = AgentConfig !== undefined || TemplateConfig !== undefined
    const overlay = {
      ...(AgentConfig === undefined ? {} : { AgentConfig }),
      ...(TemplateConfig === undefined ? {} : { TemplateConfig }),
    }
    const change = { userData, ...(hasConfig ? { overlay: () => overlay } : {}) }
    return updateCall(InstanceId, change, context)
  },
})
