import { Type } from 'typebox'
import { fail } from '../base/result.ts'
import { invalidParameter } from '../schema/errors.ts'
import { wireId } from '../schema/wire.ts'
import { operation } from './operation.ts'
import { commandCall } from './running-call.ts'

export const sendAIAgentDataChannelMessage = operation({
  name: 'SendAIAgentDataChannelMessage',
  summary: "Sends a message of yours to the call's client.",
  errors: ['InstanceNotFound', 'InvalidInstanceStatus', 'ServiceUnavailable'],
  input: Type.Object({
    InstanceId: wireId(),
    Message: Type.String({ minLength: 1, maxLength: 8192 }),
  }),
  about: {
    InstanceId: 'The call, by the id that its start gave back.',
    Message: 'JSON text; the client gets it as it is, in message 1011.',
  },
  output: Type.Object({}),
  run: async ({ InstanceId, Message }, context) => {
    if (!isJson(Message)) return fail(invalidParameter('Message', 'it must be JSON text'))
    return commandCall(InstanceId, { type: 'custom-message', message: Message }, context)
  },
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
