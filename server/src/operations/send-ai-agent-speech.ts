import { Type } from 'typebox'
import { fail } from '../base/result.ts'
import { invalidParameter } from '../schema/errors.ts'
import { wireId } from '../schema/wire.ts'
import { operation } from './operation.ts'
import { commandCall } from './running-call.ts'

export const sendAIAgentSpeech = operation({
  name: 'SendAIAgentSpeech',
  input: Type.Object({
    InstanceId: wireId(),
    Text: Type.String({ minLength: 1, maxLength: 1024 }),
    EnableInterrupt: Type.Optional(Type.Boolean()),
    Type: Type.Optional(Type.Enum(['Text', 'AudioUrl'])),
  }),
  output: Type.Object({}),
  run: async (input, context) => {
    if (input.Type === 'AudioUrl') {
      return fail(invalidParameter('Type', 'this server cannot play AudioUrl yet, only say Text'))
    }
    const interrupts = input.EnableInterrupt ?? true
    return commandCall(input.InstanceId, { type: 'speech', text: input.Text, interrupts }, context)
  },
})
