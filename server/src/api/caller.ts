import type { ApiError } from '../schema/errors.ts'

/** Who a request comes from. */
export interface Principal {
  readonly type: 'Account' | 'SubUser' | 'AssumedRoleUser'
  readonly id: string
  readonly accountId: string
  readonly name?: string
  readonly roleName?: string
  readonly sessionName?: string
}

/** A page of the console that is signed in acts as the account itself. */
export const CONSOLE_PRINCIPAL: Principal = {
  type: 'Account',
  id: 'console',
  accountId: 'local',
}

export interface AccessKey {
  readonly secret: string
  readonly status: 'Active' | 'Inactive'
  readonly principal: Principal
  /** A temporary key works only together with its token, … */
  readonly securityToken?: string
  /** … and only before this time, ISO 8601. */
  readonly expiration?: string
}

/** Whose keys there are. */
export interface KeyRing {
  findKey(accessKeyId: string): AccessKey | undefined
  /** The id of the temporary key that a security token belongs to. Absent: there are no temporary keys. */
  findToken?(securityToken: string): string | undefined
}

/** What a caller wants to do. */
export interface Intent {
  readonly version: string
  readonly action: string
  readonly parameters: ReadonlyMap<string, string>
}

/** Decides whether an authenticated caller may do what it wants; nothing means yes. */
export type Permit = (caller: Principal, intent: Intent) => ApiError | undefined
