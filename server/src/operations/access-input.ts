import { Type } from 'typebox'
import { fail, ok, type Result } from '../base/result.ts'
import type { AccessDirectory } from '../access/directory.ts'
import type { Ids } from '../base/ids.ts'
import { randomText } from '../base/random-text.ts'
import { invalidParameter, missing, type ApiError } from '../schema/errors.ts'
import { parsePolicy, type PolicyKind } from '../schema/policy.ts'

/** Most of each that an account can have. */
export const USERS_LIMIT = 1000
export const KEYS_PER_USER_LIMIT = 5
export const POLICIES_LIMIT = 1500
export const ROLES_LIMIT = 1000
/** Most policies that a user or a role can have. */
export const ATTACHMENTS_LIMIT = 20

/** Changes of access first read what they change: they run one after the other. */
export const ACCESS_TURN = 'access'

/** An id of 18 digits, as users and roles have. */
export const newPrincipalId = (ids: Ids): string => `2${randomText(ids, 17, '0123456789')}`

interface NameForm {
  readonly pattern: RegExp
  readonly allowed: string
}
const NAME_FORMS = {
  UserName: {
    pattern: /^[\w.@-]{1,64}$/,
    allowed: '1 to 64 letters, digits, dots, hyphens, underscores, at signs',
  },
  RoleName: {
    pattern: /^[A-Za-z0-9.-]{1,64}$/,
    allowed: '1 to 64 letters, digits, dots, hyphens',
  },
  PolicyName: {
    pattern: /^[A-Za-z0-9-]{1,128}$/,
    allowed: '1 to 128 letters, digits, hyphens',
  },
} as const satisfies Readonly<Record<string, NameForm>>

/** What is wrong with a new name, if anything. */
export function nameError(parameter: keyof typeof NAME_FORMS, name: string): ApiError | undefined {
  const { pattern, allowed } = NAME_FORMS[parameter]
  return pattern.test(name) ? undefined : invalidParameter(parameter, `allowed: ${allowed}`)
}

/** What is wrong with the text of a policy, if anything. */
export function policyError(parameter: string, text: string, kind: PolicyKind) {
  const read = parsePolicy(text, kind)
  return read.ok ? undefined : invalidParameter(parameter, read.error)
}

export const descriptionParameter = Type.Optional(Type.String({ maxLength: 1024 }))

/** The parameters that say who holds a policy: either of them. */
export const holderParameters = {
  PolicyName: Type.String(),
  UserName: Type.Optional(Type.String()),
  RoleName: Type.Optional(Type.String()),
}

/** The id of the user or role that is named. */
export function readHolder(
  input: { readonly UserName?: string; readonly RoleName?: string },
  access: AccessDirectory,
): Result<string, ApiError> {
  const { UserName: userName, RoleName: roleName } = input
  if (userName !== undefined && roleName !== undefined) {
    return fail(invalidParameter('RoleName', 'give either UserName or RoleName'))
  }
  if (userName !== undefined) {
    const user = access.user(userName)
    return user === undefined ? fail({ code: 'EntityNotExist.User' }) : ok(user.userId)
  }
  if (roleName === undefined) return fail(missing('UserName'))
  const role = access.role(roleName)
  return role === undefined ? fail({ code: 'EntityNotExist.Role' }) : ok(role.roleId)
}
