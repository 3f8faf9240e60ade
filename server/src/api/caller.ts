import type { AccessKey, Principal } from '../access/principal.ts'
import type { ApiError } from '../schema/errors.ts'

export type { AccessKey, Principal }

/** A page of the console that was signed in without a key acts as the account itself. */
export const consolePrincipal = (accountId: string): Principal => ({
  type: 'Account',
  id: 'console',
  accountId,
})

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
  /** What conditions of policies are compared with. */
  policyContext(): Readonly<Record<string, string>>
}

/** Decides whether an authenticated caller may do what it wants; nothing means yes. */
export type Permit = (caller: Principal, intent: Intent) => ApiError | undefined
