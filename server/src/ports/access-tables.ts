import type {
  AccessChange,
  AccessKeyRecord,
  AccessRecords,
  AttachmentRecord,
  PolicyRecord,
  RoleRecord,
  TokenRecord,
  UserRecord,
} from './access-store.ts'

/** The records of access in memory, by their ids, and what each change does to them. */
export class AccessTables {
  readonly users = new Map<string, UserRecord>()
  readonly keys = new Map<string, AccessKeyRecord>()
  readonly policies = new Map<string, PolicyRecord>()
  readonly roles = new Map<string, RoleRecord>()
  readonly tokens = new Map<string, TokenRecord>()
  /** Names of policies, in the order of attaching, by the id of who holds them. */
  readonly attached = new Map<string, Set<string>>()

  constructor(records?: AccessRecords) {
    if (records === undefined) return
    for (const user of records.users) this.users.set(user.userId, user)
    for (const key of records.keys) this.keys.set(key.accessKeyId, key)
    for (const policy of records.policies) this.policies.set(policy.name, policy)
    for (const role of records.roles) this.roles.set(role.roleId, role)
    for (const token of records.tokens) this.tokens.set(token.accessKeyId, token)
    for (const attachment of records.attachments) this.#attach(attachment)
  }

  records(): AccessRecords {
    const attachments = [...this.attached].flatMap(([holderId, names]) =>
      [...names].map((policyName) => ({ policyName, holderId })),
    )
    return {
      users: [...this.users.values()],
      keys: [...this.keys.values()],
      policies: [...this.policies.values()],
      roles: [...this.roles.values()],
      tokens: [...this.tokens.values()],
      attachments,
    }
  }

  apply(change: AccessChange): void {
    switch (change.type) {
      case 'user-put':
        this.users.set(change.user.userId, change.user)
        return
      case 'user-delete':
        this.#deleteUser(change.userId)
        return
      case 'key-put':
        this.keys.set(change.key.accessKeyId, change.key)
        return
      case 'key-delete':
        this.keys.delete(change.accessKeyId)
        return
      case 'policy-put':
        this.policies.set(change.policy.name, change.policy)
        return
      case 'policy-delete':
        this.policies.delete(change.name)
        for (const names of this.attached.values()) names.delete(change.name)
        return
      case 'role-put':
        this.roles.set(change.role.roleId, change.role)
        return
      case 'role-delete':
        this.roles.delete(change.roleId)
        this.attached.delete(change.roleId)
        return
      case 'attach':
        this.#attach(change.attachment)
        return
      case 'detach':
        this.attached.get(change.attachment.holderId)?.delete(change.attachment.policyName)
        return
      case 'token-put':
        this.tokens.set(change.token.accessKeyId, change.token)
        return
      case 'tokens-forget':
        for (const [id, { expiresMs }] of this.tokens)
          if (expiresMs < change.expiredBeforeMs) this.tokens.delete(id)
    }
  }

  #deleteUser(userId: string): void {
    this.users.delete(userId)
    this.attached.delete(userId)
    for (const [id, key] of this.keys) if (key.userId === userId) this.keys.delete(id)
  }

  #attach({ policyName, holderId }: AttachmentRecord): void {
    const names = this.attached.get(holderId)
    if (names === undefined) this.attached.set(holderId, new Set([policyName]))
    else names.add(policyName)
  }
}
