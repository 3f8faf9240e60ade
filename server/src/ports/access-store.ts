/** Somebody who works for the account, with keys and rights of its own. */
export interface UserRecord {
  readonly userId: string
  /** Unique among users. */
  readonly name: string
  readonly displayName: string
  readonly createdMs: number
}

/** `Secret` is the plain text, except inside an adapter that has encrypted it. */
export interface AccessKeyRecord<Secret = string> {
  readonly accessKeyId: string
  readonly userId: string
  readonly secret: Secret
  readonly status: 'Active' | 'Inactive'
  readonly createdMs: number
}

export interface PolicyRecord {
  /** Unique among policies. */
  readonly name: string
  readonly description: string
  /** JSON text, checked. */
  readonly document: string
  readonly createdMs: number
  readonly modifiedMs: number
}

export interface RoleRecord {
  readonly roleId: string
  /** Unique among roles. */
  readonly name: string
  readonly description: string
  /** Who may assume the role: JSON text of a policy, checked. */
  readonly trustPolicy: string
  /** Longest session, s. */
  readonly maxSessionS: number
  readonly createdMs: number
}

/** A policy that holds for a user or a role, by the id of either. */
export interface AttachmentRecord {
  readonly policyName: string
  readonly holderId: string
}

/** A key that was issued for one session of a role, with the token that belongs to it. */
export interface TokenRecord<Secret = string> {
  readonly accessKeyId: string
  readonly secret: Secret
  readonly securityToken: Secret
  readonly roleId: string
  readonly roleName: string
  readonly sessionName: string
  /** JSON text of the policy that narrows the session. */
  readonly sessionPolicy?: string
  readonly expiresMs: number
}

/** Everything about access that is remembered, in no particular order. */
export interface AccessRecords {
  readonly users: readonly UserRecord[]
  readonly keys: readonly AccessKeyRecord[]
  readonly policies: readonly PolicyRecord[]
  readonly roles: readonly RoleRecord[]
  readonly attachments: readonly AttachmentRecord[]
  readonly tokens: readonly TokenRecord[]
}

/** One change. Each `-put` inserts, or replaces what has the same id (a policy: the same name). */
export type AccessChange<Secret = string> =
  | { readonly type: 'user-put'; readonly user: UserRecord }
  /** The user's keys and attachments go too. */
  | { readonly type: 'user-delete'; readonly userId: string }
  | { readonly type: 'key-put'; readonly key: AccessKeyRecord<Secret> }
  | { readonly type: 'key-delete'; readonly accessKeyId: string }
  | { readonly type: 'policy-put'; readonly policy: PolicyRecord }
  /** Its attachments go too. */
  | { readonly type: 'policy-delete'; readonly name: string }
  | { readonly type: 'role-put'; readonly role: RoleRecord }
  /** Its attachments go too; tokens issued for it stay until they expire, without rights. */
  | { readonly type: 'role-delete'; readonly roleId: string }
  | { readonly type: 'attach'; readonly attachment: AttachmentRecord }
  | { readonly type: 'detach'; readonly attachment: AttachmentRecord }
  | { readonly type: 'token-put'; readonly token: TokenRecord<Secret> }
  | { readonly type: 'tokens-forget'; readonly expiredBeforeMs: number }

/** Remembers who may do what. Secrets are encrypted where they rest. */
export interface AccessStore {
  /** All there is. A secret that cannot be decrypted any more is left out, with an error in the log. */
  accessRecords(): Promise<AccessRecords>
  /** All of the changes in this order, or none; resolves when they are durable. */
  changeAccess(changes: readonly AccessChange[]): Promise<void>
}
