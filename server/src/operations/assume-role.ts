import { Type } from 'typebox'
import { isTrusted } from '../access/policy-decision.ts'
import { roleArn, userArn, type Principal } from '../access/principal.ts'
import { refusal } from '../access/refusal.ts'
import type { Ids } from '../base/ids.ts'
import { randomText } from '../base/random-text.ts'
import { fail, ok, type Result } from '../base/result.ts'
import type { RoleRecord, TokenRecord } from '../ports/access-store.ts'
import { described } from '../schema/described.ts'
import type { ApiError } from '../schema/errors.ts'
import { STS_VERSION } from '../schema/operation-names.ts'
import { assumeRoleParameters, readAssumeRole, type AssumeRoleInput } from './assume-role-input.ts'
import type { OperationContext } from './context.ts'
import { operation } from './operation.ts'

const ACTION = 'sts:AssumeRole'
const NOT_AUTHORIZED = 'You are not authorized to do this action. You should be authorized by RAM.'

/** Issues a key for one session of a role. */
export const assumeRole = operation({
  name: 'AssumeRole',
  version: STS_VERSION,
  summary: 'Issues a key for one session of a role.',
  errors: [
    'EntityNotExist.Role',
    'NoPermission',
    'Throttling',
    'InvalidParameter.RoleArn',
    'InvalidParameter.RoleSessionName',
    'InvalidParameter.DurationSeconds',
    'InvalidParameter.PolicyGrammar',
    'InvalidParameter.PolicySize',
    'InvalidParameter.ExternalId',
  ],
  // Judged below, on the role's own name.
  callers: 'anyone',
  input: assumeRoleParameters,
  about: {
    RoleArn: 'The role, as acs:ram::<account>:role/<name>.',
    RoleSessionName: 'A name for the session, 2 to 64 letters, digits, or any of . @ - _.',
    DurationSeconds: {
      text: 'Length of the session, from 900 up to what the role allows.',
      unit: 's',
      default: 3600,
    },
    Policy: 'JSON text of a policy that narrows the session.',
    ExternalId: 'What the trust policy of the role may ask for.',
  },
  output: Type.Object(
    described(
      {
        AssumedRoleUser: Type.Object(
          described(
            { Arn: Type.String(), AssumedRoleId: Type.String() },
            {
              Arn: 'acs:ram::<account>:role/<role>/<session>.',
              AssumedRoleId: 'Id of the role, a colon, name of the session.',
            },
          ),
        ),
        Credentials: Type.Object(
          described(
            {
              AccessKeyId: Type.String(),
              AccessKeySecret: Type.String(),
              SecurityToken: Type.String(),
              Expiration: Type.String(),
            },
            {
              AccessKeyId: 'The key, which begins with STS.',
              AccessKeySecret: 'Its secret, shown only now.',
              SecurityToken: 'Goes with every request that the key signs.',
              Expiration: 'Until when they are good, ISO 8601, UTC.',
            },
          ),
        ),
      },
      { AssumedRoleUser: 'Who the caller is now.', Credentials: 'What to sign requests with.' },
    ),
  ),
  run: async (given, context) => {
    const input = readAssumeRole(given)
    if (!input.ok) return input
    const role = roleFor(input.value, context)
    if (!role.ok) return role
    const { access, clock, ids } = context
    const wallMs = clock.wallMs()
    const token = newToken(input.value, role.value, { ids, wallMs })
    const issued = await access.issue(token, wallMs)
    if (!issued.ok) return fail({ code: 'Throttling' })
    const arn = roleArn(access.accountId, role.value.name)
    return ok({
      AssumedRoleUser: {
        Arn: `${arn}/${token.sessionName}`,
        AssumedRoleId: `${token.roleId}:${token.sessionName}`,
      },
      Credentials: {
        AccessKeyId: token.accessKeyId,
        AccessKeySecret: token.secret,
        SecurityToken: token.securityToken,
        Expiration: new Date(token.expiresMs).toISOString().replace(/\.\d+Z$/, 'Z'),
      },
    })
  },
})

/** The role, if the caller may assume it for so long. Who may not is not told whether it exists. */
function roleFor(input: AssumeRoleInput, context: OperationContext): Result<RoleRecord, ApiError> {
  const { access, caller, policyContext } = context
  if (caller.type === 'Account') {
    return fail({ code: 'NoPermission', message: 'Roles may not be assumed by root accounts.' })
  }
  const request = { action: ACTION, resource: input.roleArn, context: policyContext() }
  const denied = { caller, request, message: NOT_AUTHORIZED }
  const decision = access.decide(caller, request)
  if (decision.effect !== 'Allow') {
    const { effect: noPermissionType, policyType } = decision
    return fail(refusal({ ...denied, noPermissionType, policyType }))
  }
  const role = input.accountId === access.accountId ? access.role(input.roleName) : undefined
  if (role === undefined) return fail({ code: 'EntityNotExist.Role' })
  const { externalId } = input
  const isWelcome = isTrusted(access.trustPolicyOf(role), arnsOf(caller), {
    action: ACTION,
    context: {
      ...policyContext(),
      ...(externalId !== undefined && { 'sts:ExternalId': externalId }),
    },
  })
  if (!isWelcome) {
    const policyType = 'AssumeRolePolicy'
    return fail(refusal({ ...denied, noPermissionType: 'ImplicitDeny', policyType }))
  }
  if (input.durationS > role.maxSessionS) {
    const message = `The parameter DurationSeconds is at most ${role.maxSessionS} for this role.`
    return fail({ code: 'InvalidParameter.DurationSeconds', message })
  }
  return ok(role)
}

/** The names under which a trust policy may mean the caller. */
function arnsOf({ type, accountId, name = '', roleName = '' }: Principal): readonly string[] {
  const own = type === 'SubUser' ? userArn(accountId, name) : roleArn(accountId, roleName)
  return [`acs:ram::${accountId}:root`, own]
}

function newToken(
  input: AssumeRoleInput,
  role: RoleRecord,
  { ids, wallMs }: { readonly ids: Ids; readonly wallMs: number },
): TokenRecord {
  const { sessionPolicy } = input
  return {
    accessKeyId: `STS.N${randomText(ids, 24)}`,
    secret: randomText(ids, 44),
    securityToken: `CAIS${randomText(ids, 124)}`,
    roleId: role.roleId,
    roleName: role.name,
    sessionName: input.sessionName,
    ...(sessionPolicy !== undefined && { sessionPolicy }),
    // Whole seconds, as the answer gives them.
    expiresMs: Math.floor(wallMs / 1000) * 1000 + input.durationS * 1000,
  }
}
