import type { Policy } from '../schema/policy.ts'

export type PrincipalType = 'Account' | 'SubUser' | 'AssumedRoleUser'

/** Who a request comes from. */
export interface Principal {
  readonly type: PrincipalType
  /** The user's id; of a role's session `<role id>:<session name>`. */
  readonly id: string
  readonly accountId: string
  readonly name?: string
  readonly roleName?: string
  readonly sessionName?: string
  /** Narrows what a role's session may do. */
  readonly sessionPolicy?: Policy
}

/** A server has one account, with this id unless a setting gives another; whoever holds its root key, or is signed in
 * to the console, is the account itself. */
export const DEFAULT_ACCOUNT_ID = 'local'

export const userArn = (accountId: string, name: string): string =>
  `acs:ram::${accountId}:user/${name}`
export const roleArn = (accountId: string, name: string): string =>
  `acs:ram::${accountId}:role/${name}`

/** An access key as requests are checked against it. */
export interface AccessKey {
  readonly secret: string
  readonly status: 'Active' | 'Inactive'
  readonly principal: Principal
  /** A temporary key works only together with its token, … */
  readonly securityToken?: string
  /** … and only before this time, ISO 8601. */
  readonly expiration?: string
}
