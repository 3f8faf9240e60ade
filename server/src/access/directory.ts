import type {
  AccessChange,
  AccessKeyRecord,
  AccessRecords,
  AccessStore,
  PolicyRecord,
  RoleRecord,
  TokenRecord,
  UserRecord,
} from '../ports/access-store.ts'
import { AccessTables } from '../ports/access-tables.ts'
import { fail, ok, type Result } from '../base/result.ts'
import { parsePolicy, type Policy, type PolicyKind } from '../schema/policy.ts'
import { decide, type Decision, type PolicyRequest } from './policy-decision.ts'
import { DEFAULT_ACCOUNT_ID, type AccessKey, type Principal } from './principal.ts'
import { SYSTEM_POLICIES } from './system-policies.ts'

/** Most tokens that are remembered at a time; past it none is issued until some expire. */
export const TOKENS_LIMIT = 100_000
/** So long after its end a token is still known, and refused as expired. */
const EXPIRED_KEPT_MS = 3_600_000
/** Expired tokens are looked for so often at most. */
const SWEEP_EVERY_MS = 60_000

/** Stands in for a policy that cannot be read: nothing is allowed by mistake. */
const DENY_ALL: Policy = {
  statements: [
    {
      effect: 'Deny',
      isNotAction: false,
      actions: ['*'],
      resources: ['*'],
      principals: ['*'],
      conditions: [],
    },
  ],
}

/**
 * Who there is and what they may do, all of it in memory, so that no request reads the database. A change is in
 * effect for the next request as soon as it is durable.
 */
export class AccessDirectory {
  readonly accountId: string
  readonly #store: AccessStore
  readonly #tables: AccessTables
  /** Read policies by the record they were read from. */
  readonly #parsed = new WeakMap<object, Policy>()
  readonly #tokenOwners = new Map<string, string>()
  readonly #tokensLimit: number
  #sweptMs = 0

  /** `records` is what the store holds; left out, it holds nothing. */
  constructor(
    store: AccessStore,
    records?: AccessRecords,
    options: { readonly tokensLimit?: number; readonly accountId?: string | undefined } = {},
  ) {
    this.accountId = options.accountId ?? DEFAULT_ACCOUNT_ID
    this.#store = store
    this.#tokensLimit = options.tokensLimit ?? TOKENS_LIMIT
    this.#tables = new AccessTables(records)
    this.#indexTokens()
  }

  static async open(store: AccessStore, accountId?: string): Promise<AccessDirectory> {
    return new AccessDirectory(store, await store.accessRecords(), { accountId })
  }

  /** All of the changes, or none. */
  async change(...changes: readonly AccessChange[]): Promise<void> {
    await this.#store.changeAccess(changes)
    for (const change of changes) {
      this.#tables.apply(change)
      if (change.type === 'token-put') {
        this.#tokenOwners.set(change.token.securityToken, change.token.accessKeyId)
      } else if (change.type === 'tokens-forget') this.#indexTokens()
    }
  }

  /** Remembers a new token, and forgets those that expired long ago. */
  async issue(token: TokenRecord, nowMs: number): Promise<Result<void, 'full'>> {
    if (nowMs - this.#sweptMs >= SWEEP_EVERY_MS) {
      this.#sweptMs = nowMs
      await this.change({ type: 'tokens-forget', expiredBeforeMs: nowMs - EXPIRED_KEPT_MS })
    }
    if (this.#tables.tokens.size >= this.#tokensLimit) return fail('full')
    await this.change({ type: 'token-put', token })
    return ok(undefined)
  }

  findKey(accessKeyId: string): AccessKey | undefined {
    const { accountId } = this
    const token = this.#tables.tokens.get(accessKeyId)
    if (token !== undefined) return this.#sessionKey(token)
    const key = this.#tables.keys.get(accessKeyId)
    const user = key && this.#tables.users.get(key.userId)
    if (key === undefined || user === undefined) return undefined
    const { secret, status } = key
    const principal = { type: 'SubUser', id: user.userId, accountId, name: user.name } as const
    return { secret, status, principal }
  }

  #sessionKey(token: TokenRecord): AccessKey {
    const { roleId, roleName, sessionName, sessionPolicy } = token
    return {
      secret: token.secret,
      status: 'Active',
      securityToken: token.securityToken,
      expiration: new Date(token.expiresMs).toISOString(),
      principal: {
        type: 'AssumedRoleUser',
        id: `${roleId}:${sessionName}`,
        accountId: this.accountId,
        roleName,
        sessionName,
        ...(sessionPolicy !== undefined && { sessionPolicy: this.#parse(token, sessionPolicy) }),
      },
    }
  }

  /** The id of the temporary key that a security token belongs to. */
  findToken(securityToken: string): string | undefined {
    return this.#tokenOwners.get(securityToken)
  }

  decide(caller: Principal, request: PolicyRequest): Decision {
    const [holderId = ''] = caller.id.split(':', 1)
    return decide(
      {
        principalType: caller.type,
        identityPolicies: this.policiesOf(holderId).map((record) =>
          this.#parse(record, record.document),
        ),
        sessionPolicy: caller.sessionPolicy,
      },
      request,
    )
  }

  /** Who may assume a role. */
  trustPolicyOf(role: RoleRecord): Policy {
    return this.#parse(role, role.trustPolicy, 'trust')
  }

  users(): readonly UserRecord[] {
    return [...this.#tables.users.values()]
  }

  user(name: string): UserRecord | undefined {
    return this.users().find((user) => user.name === name)
  }

  key(accessKeyId: string): AccessKeyRecord | undefined {
    return this.#tables.keys.get(accessKeyId)
  }

  keysOf(user: UserRecord): readonly AccessKeyRecord[] {
    return [...this.#tables.keys.values()].filter(({ userId }) => userId === user.userId)
  }

  /** Those of the system first. */
  policies(): readonly PolicyRecord[] {
    return [...SYSTEM_POLICIES.values(), ...this.#tables.policies.values()]
  }

  policy(name: string): PolicyRecord | undefined {
    return SYSTEM_POLICIES.get(name) ?? this.#tables.policies.get(name)
  }

  /** The policies attached to a user or a role, by the id of either. */
  policiesOf(holderId: string): readonly PolicyRecord[] {
    const names = [...(this.#tables.attached.get(holderId) ?? [])]
    return names.flatMap((name) => this.policy(name) ?? [])
  }

  isAttached(policyName: string): boolean {
    return [...this.#tables.attached.values()].some((names) => names.has(policyName))
  }

  roles(): readonly RoleRecord[] {
    return [...this.#tables.roles.values()]
  }

  role(name: string): RoleRecord | undefined {
    return this.roles().find((role) => role.name === name)
  }

  #parse(record: object, text: string, kind?: PolicyKind): Policy {
    const known = this.#parsed.get(record)
    if (known !== undefined) return known
    const read = parsePolicy(text, kind)
    const policy = read.ok ? read.value : DENY_ALL
    this.#parsed.set(record, policy)
    return policy
  }

  #indexTokens(): void {
    this.#tokenOwners.clear()
    for (const { securityToken, accessKeyId } of this.#tables.tokens.values())
      this.#tokenOwners.set(securityToken, accessKeyId)
  }
}
