import assert from 'node:assert/strict'
import { fail } from '../../src/base/result.ts'
import type { ErrorCode } from '../../src/schema/errors.ts'
import { leastOf } from './least.ts'
import type { Parameters, VendorPort } from './vendor-port.ts'

const UNKNOWN = 'f'.repeat(32)

/** Limits of a thousand entries and more, tested where no request is needed for each (operations/access.test.ts). */
export const ELSEWHERE = new Set([
  'CreateUser LimitExceeded',
  'PutPolicy LimitExceeded',
  'CreateRole LimitExceeded',
])

/** Makes of a request that would succeed one that is refused. */
type Recipe = (
  least: Parameters,
  wire: VendorPort,
  action: string,
) => Parameters | Promise<Parameters>

/** Makes a request that is right but for one thing. */
const instead =
  (wrong: Parameters): Recipe =>
  (least) => {
    const fitting = Object.entries(wrong).filter(([name]) => name in least)
    assert.ok(fitting.length > 0, `${Object.keys(least).join()} has nothing to change`)
    return { ...least, ...Object.fromEntries(fitting) }
  }

const twice: Recipe = async (least, wire, action) => {
  await wire.succeeds(action, least)
  return least
}

/** How each code is brought about. */
export const RECIPES: Readonly<Partial<Record<ErrorCode, Recipe>>> = {
  AgentNotFound: (least) => ({
    ...least,
    ['RobotId' in least ? 'RobotId' : 'AIAgentId']: UNKNOWN,
  }),
  InstanceNotFound: instead({ InstanceId: UNKNOWN }),
  InvalidInstanceStatus: async (least, wire, action) => ({
    ...least,
    InstanceId: await (action === 'DeleteAIAgentInstance' ? wire.startCall() : wire.finishedCall()),
  }),
  InstanceAlreadyExists: twice,
  InvalidAuthToken: (least) => {
    const { RuntimeConfig } = least
    if (RuntimeConfig === undefined) return { ...least, AuthToken: 'nonsense' }
    const joining = { ...(JSON.parse(RuntimeConfig) as object), AuthToken: 'nonsense' }
    return { ...least, RuntimeConfig: JSON.stringify(joining) }
  },
  ServiceUnavailable: (least, wire) => {
    wire.api.calls.commandOutcome = fail('not-stored')
    const full = { code: 'unavailable', message: 'There is no room.' } as const
    wire.api.calls.outcome = () => Promise.resolve(fail(full))
    return least
  },
  EndTimeMismatch: (least) =>
    'SessionId' in least
      ? { ...least, StartTime: '2', EndTime: '1' }
      : { ...least, StartTime: '2026-01-02T00:00:00Z', EndTime: '2026-01-01T00:00:00Z' },
  ChatLogNotFound: twice,
  MissingCallbackUrl: (least) => ({ ...least, EnableNotify: 'true', CallbackUrl: '' }),
  MissingAIAgentId: () => ({}),
  MissingUserName: ({ PolicyName = '' }) => ({ PolicyName }),
  'EntityNotExist.User': (least) => ({ ...least, UserName: 'nobody' }),
  'EntityNotExist.Role': ({ PolicyName = '' }) => ({ PolicyName, RoleName: 'nobody' }),
  'EntityNotExist.Policy': instead({ PolicyName: 'nothing' }),
  'EntityNotExist.AccessKey': instead({ UserAccessKeyId: 'nothing' }),
  'EntityAlreadyExists.User': twice,
  'EntityAlreadyExists.Role': twice,
  'DeleteConflict.Policy': async (least, wire) => {
    const { UserName } = await leastOf('DeleteUser', wire)
    await wire.succeeds('AttachPolicy', { ...least, UserName: String(UserName) })
    return least
  },
  LimitExceeded: async (least, wire, action) => {
    const isAttaching = action === 'AttachPolicy'
    for (let count = 0; count < (isAttaching ? 20 : 5); count += 1) {
      const other = isAttaching ? await leastOf('DeletePolicy', wire) : {}
      await wire.succeeds(action, { ...least, ...other })
    }
    return least
  },
}
