import { Type } from 'typebox'
import { fail, ok } from '../base/result.ts'
import { described } from '../schema/described.ts'
import { toTemplate } from '../schema/effective-config.ts'
import { rtcRobotUpdatableConfig } from '../schema/rtc-robot-config.ts'
import { isObject, wireId } from '../schema/wire.ts'
import { parseConfig } from './call-config.ts'
import { operation } from './operation.ts'

/** The older form knows two states: what is not over is being executed. */
const STATUS = { Created: 'Executing', Executing: 'Executing', Finished: 'Finished' } as const

export const describeRtcRobotInstance = operation({
  name: 'DescribeRtcRobotInstance',
  summary: 'Older form of DescribeAIAgentInstance: gives one call.',
  errors: ['InstanceNotFound'],
  input: Type.Object({ InstanceId: wireId() }),
  about: { InstanceId: 'The call, by the id that its start gave back.' },
  output: Type.Object(
    described(
      {
        Status: Type.Enum(['Executing', 'Finished']),
        ChannelId: Type.String(),
        UserId: Type.String(),
        AuthToken: Type.String(),
        UserData: Type.Optional(Type.String()),
        Config: rtcRobotUpdatableConfig,
      },
      {
        Status: 'Finished: over. Executing: not over, whether the user has come or not.',
        ChannelId: 'The channel.',
        UserId: 'The robot’s name in it.',
        AuthToken: 'The token that the robot joined with.',
        UserData: 'The text given at the start.',
        Config: 'The settings that can be changed.',
      },
    ),
  ),
  run: async ({ InstanceId }, { store }) => {
    const instance = await store.getInstance(InstanceId)
    if (instance === undefined) return fail({ code: 'InstanceNotFound' })
    const { status, type, channelId, agentUserId, userData } = instance
    const template = toTemplate(parseConfig(instance.agentConfig), type)[type]
    const flat = isObject(template) ? template : {}
    const names = Object.keys(rtcRobotUpdatableConfig.properties)
    return ok({
      Status: STATUS[status],
      ChannelId: channelId,
      UserId: agentUserId,
      AuthToken: String(parseConfig(instance.runtimeConfig)['AuthToken'] ?? ''),
      ...(userData === undefined ? {} : { UserData: userData }),
      Config: Object.fromEntries(Object.entries(flat).filter(([name]) => names.includes(name))),
    })
  },
})
