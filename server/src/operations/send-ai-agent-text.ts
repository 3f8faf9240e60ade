import { Type } from 'typebox'
import { wireId } from '../schema/wire.ts'
import { operation } from './operation.ts'
import { commandCall } from './running-call.ts'

export const sendAIAgentText = operation({
  name: 'SendAIAgentText',
  summary: 'Gives the agent a text as if the user had said it.',
  errors: ['InstanceNotFound', 'InvalidInstanceStatus', 'ServiceUnavailable'],
  input: Type.Object({ InstanceId: wireId(), Text: Type.String({ minLength: 1 }) }),
  about: {
    InstanceId: 'The call, by the id that its start gave back.',
    Text: 'What the user is taken to have said.',
  },
  output: Type.Object({}),
  run: ({ InstanceId, Text }, context) =>
    commandCall(InstanceId, { type: 'text', text: Text }, context),
})
