import { Type } from 'typebox'
import { wireId } from '../schema/wire.ts'
import { operation } from './operation.ts'
import { stopCall } from './running-call.ts'

export const stopRtcRobotInstance = operation({
  name: 'StopRtcRobotInstance',
  summary: 'Older form of StopAIAgentInstance: ends a call.',
  errors: ['InstanceNotFound'],
  input: Type.Object({ InstanceId: wireId() }),
  about: { InstanceId: 'The call, by the id that its start gave back.' },
  output: Type.Object({}),
  run: ({ InstanceId }, context) => stopCall(InstanceId, context),
})
