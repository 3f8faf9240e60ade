import { Type, type Static } from 'typebox'
import { fail, ok, type Result } from '../base/result.ts'
import type { ApiError } from '../schema/errors.ts'
import { parsePolicy, SESSION_POLICY_LIMIT_CHARS } from '../schema/policy.ts'
import { readInteger } from '../schema/wire.ts'

const DEFAULT_SESSION_S = 3600
const SHORTEST_SESSION_S = 900

/** All as text: what is wrong with them has codes of its own. */
export const assumeRoleParameters = Type.Object({
  /** `acs:ram::<account>:role/<name>` */
  RoleArn: Type.String(),
  RoleSessionName: Type.String(),
  /** s */
  DurationSeconds: Type.Optional(Type.String()),
  /** JSON text of a policy that narrows the session. */
  Policy: Type.Optional(Type.String()),
  ExternalId: Type.Optional(Type.String()),
})

export interface AssumeRoleInput {
  readonly roleArn: string
  readonly accountId: string
  readonly roleName: string
  readonly sessionName: string
  /** Length of the session. */
  readonly durationS: number
  readonly sessionPolicy?: string
  readonly externalId?: string
}

const ROLE_ARN = /^acs:ram::([^:\s]+):role\/([A-Za-z0-9.-]{1,64})$/
const SESSION_NAME = /^[A-Za-z0-9.@_-]{2,64}$/
const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/

export function readAssumeRole(
  given: Static<typeof assumeRoleParameters>,
): Result<AssumeRoleInput, ApiError> {
  const { RoleArn: roleArn, RoleSessionName: sessionName, ExternalId: externalId } = given
  const [, accountId, roleName] = ROLE_ARN.exec(roleArn) ?? []
  if (accountId === undefined || roleName === undefined) {
    return fail({ code: 'InvalidParameter.RoleArn' })
  }
  if (!SESSION_NAME.test(sessionName)) return fail({ code: 'InvalidParameter.RoleSessionName' })
  const durationS = readInteger(given.DurationSeconds ?? DEFAULT_SESSION_S)
  if (durationS === undefined || durationS < SHORTEST_SESSION_S) {
    const message = `The parameter DurationSeconds is at least ${SHORTEST_SESSION_S}.`
    return fail({ code: 'InvalidParameter.DurationSeconds', message })
  }
  const { Policy: sessionPolicy } = given
  const error = sessionPolicy === undefined ? undefined : sessionPolicyError(sessionPolicy)
  if (error !== undefined) return fail(error)
  if (externalId !== undefined && !EXTERNAL_ID.test(externalId)) {
    return fail({ code: 'InvalidParameter.ExternalId' })
  }
  return ok({
    roleArn,
    accountId,
    roleName,
    sessionName,
    durationS,
    ...(sessionPolicy !== undefined && { sessionPolicy }),
    ...(externalId !== undefined && { externalId }),
  })
}

function sessionPolicyError(text: string): ApiError | undefined {
  if (text.length > SESSION_POLICY_LIMIT_CHARS) return { code: 'InvalidParameter.PolicySize' }
  const read = parsePolicy(text)
  if (read.ok) return undefined
  const message = `The parameter Policy has not passed grammar check. ${read.error}.`
  return { code: 'InvalidParameter.PolicyGrammar', message }
}
