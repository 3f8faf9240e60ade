import { Type } from 'typebox'
import { wireId } from '../schema/wire.ts'
import { operation } from './operation.ts'
import { commandCall } from './running-call.ts'

export const sendAIAgentText = operation({
  name: 'SendAIAgentText',
  input: Type.Object({ InstanceId: wireId(), Text: Type.String({ minLength: 1 }) }),
  output: Type.Object({}),
  run: ({ InstanceId, Text }, context) =>
    commandCall(InstanceId, { type: 'text', text: Text }, context),
})
