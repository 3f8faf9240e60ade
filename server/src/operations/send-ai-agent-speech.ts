import { Type } from 'typebox'
import { wireId } from '../schema/wire.ts'
import { operation } from './operation.ts'
import { commandCall, playInCall } from './running-call.ts'

export const sendAIAgentSpeech = operation({
  name: 'SendAIAgentSpeech',
  summary: 'Lets the agent say a text, or play a sound, now.',
  errors: ['InstanceNotFound', 'InvalidInstanceStatus', 'ServiceUnavailable'],
  input: Type.Object({
    InstanceId: wireId(),
    Text: Type.String({ minLength: 1, maxLength: 1024 }),
    EnableInterrupt: Type.Optional(Type.Boolean()),
    Type: Type.Optional(Type.Enum(['Text', 'AudioUrl'])),
  }),
  about: {
    InstanceId: 'The call, by the id that its start gave back.',
    Text: 'What to say; with Type AudioUrl the address of a WAV or MP3 file (http or https, at most 10 MB).',
    EnableInterrupt: {
      text: 'Whether it cuts off what is being said; else it comes after that.',
      default: true,
    },
    Type: { text: 'What Text holds.', default: 'Text' },
  },
  output: Type.Object({}),
  run: async (input, context) => {
    const { InstanceId: instanceId, Text: text } = input
    const interrupts = input.EnableInterrupt ?? true
    return input.Type === 'AudioUrl'
      ? playInCall(instanceId, { url: text.trim(), interrupts }, context)
      : commandCall(instanceId, { type: 'speech', text, interrupts }, context)
  },
})
