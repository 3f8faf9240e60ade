import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import type { Log } from '../base/log.ts'
import type {
  AccessChange,
  AccessKeyRecord,
  AccessRecords,
  PolicyRecord,
  RoleRecord,
  TokenRecord,
  UserRecord,
} from '../ports/access-store.ts'
import type { SecretBox } from './secret-box.ts'

/** A change as it crosses to the writer thread: its secrets are encrypted. */
export type SealedChange = AccessChange<Uint8Array>

type Row = Readonly<Record<string, SQLOutputValue>>
const text = (row: Row, column: string): string => row[column] as string
const number = (row: Row, column: string): number => row[column] as number
const bytes = (row: Row, column: string): Uint8Array => row[column] as Uint8Array

const placeOf = (accessKeyId: string, column: 'secret' | 'token'): string =>
  `${column} of ${accessKeyId}`

/** Encrypts the secrets in a change. */
export function sealChange(change: AccessChange, box: SecretBox): SealedChange {
  if (change.type === 'key-put') {
    const { key } = change
    const secret = box.seal(key.secret, placeOf(key.accessKeyId, 'secret'))
    return { type: 'key-put', key: { ...key, secret } }
  }
  if (change.type === 'token-put') {
    const { token } = change
    const secret = box.seal(token.secret, placeOf(token.accessKeyId, 'secret'))
    const securityToken = box.seal(token.securityToken, placeOf(token.accessKeyId, 'token'))
    return { type: 'token-put', token: { ...token, secret, securityToken } }
  }
  return change
}

/** Writes changes inside a transaction of the writer. */
export class AccessWriter {
  readonly #statements: Readonly<Record<keyof typeof SQL, StatementSync>>

  constructor(database: DatabaseSync) {
    const prepared = Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)])
    this.#statements = Object.fromEntries(prepared) as Record<keyof typeof SQL, StatementSync>
  }

  apply(change: SealedChange): void {
    const sql = this.#statements
    switch (change.type) {
      case 'user-put': {
        const { userId, name, displayName, createdMs } = change.user
        sql.putUser.run(userId, name, displayName, createdMs)
        return
      }
      case 'user-delete':
        sql.deleteKeysOf.run(change.userId)
        sql.detachAllOf.run(change.userId)
        sql.deleteUser.run(change.userId)
        return
      case 'key-put': {
        const { accessKeyId, userId, secret, status, createdMs } = change.key
        sql.putKey.run(accessKeyId, userId, secret, status, createdMs)
        return
      }
      case 'key-delete':
        sql.deleteKey.run(change.accessKeyId)
        return
      case 'attach':
        sql.attach.run(change.attachment.holderId, change.attachment.policyName)
        return
      case 'detach':
        sql.detach.run(change.attachment.holderId, change.attachment.policyName)
        return
      default:
        this.#applyToRules(change)
    }
  }

  #applyToRules(
    change: Extract<
      SealedChange,
      { type: `policy-${string}` | `role-${string}` | `token${string}` }
    >,
  ): void {
    const sql = this.#statements
    switch (change.type) {
      case 'policy-put': {
        const { name, description, document, createdMs, modifiedMs } = change.policy
        sql.putPolicy.run(name, description, document, createdMs, modifiedMs)
        return
      }
      case 'policy-delete':
        sql.detachEverywhere.run(change.name)
        sql.deletePolicy.run(change.name)
        return
      case 'role-put': {
        const { roleId, name, description, trustPolicy, maxSessionS, createdMs } = change.role
        sql.putRole.run(roleId, name, description, trustPolicy, maxSessionS, createdMs)
        return
      }
      case 'role-delete':
        sql.detachAllOf.run(change.roleId)
        sql.deleteRole.run(change.roleId)
        return
      case 'token-put':
        this.#putToken(change.token)
        return
      case 'tokens-forget':
        sql.forgetTokens.run(change.expiredBeforeMs)
    }
  }

  #putToken(token: TokenRecord<Uint8Array>): void {
    this.#statements.putToken.run(
      token.accessKeyId,
      token.secret,
      token.securityToken,
      token.roleId,
      token.roleName,
      token.sessionName,
      token.sessionPolicy ?? null,
      token.expiresMs,
    )
  }
}

const SQL = {
  putUser: `
    insert into access_user (user_id, name, display_name, created_ms) values (?, ?, ?, ?)
    on conflict (user_id) do update set name = excluded.name, display_name = excluded.display_name`,
  deleteUser: `delete from access_user where user_id = ?`,
  putKey: `
    insert into access_key (access_key_id, user_id, secret, status, created_ms) values (?, ?, ?, ?, ?)
    on conflict (access_key_id) do update set secret = excluded.secret, status = excluded.status`,
  deleteKey: `delete from access_key where access_key_id = ?`,
  deleteKeysOf: `delete from access_key where user_id = ?`,
  putPolicy: `
    insert into access_policy (name, description, document, created_ms, modified_ms)
    values (?, ?, ?, ?, ?)
    on conflict (name) do update set description = excluded.description,
      document = excluded.document, modified_ms = excluded.modified_ms`,
  deletePolicy: `delete from access_policy where name = ?`,
  putRole: `
    insert into access_role (role_id, name, description, trust_policy, max_session_s, created_ms)
    values (?, ?, ?, ?, ?, ?)
    on conflict (role_id) do update set name = excluded.name, description = excluded.description,
      trust_policy = excluded.trust_policy, max_session_s = excluded.max_session_s`,
  deleteRole: `delete from access_role where role_id = ?`,
  attach: `
    insert into access_attachment (holder_id, policy_name) values (?, ?) on conflict do nothing`,
  detach: `delete from access_attachment where holder_id = ? and policy_name = ?`,
  detachAllOf: `delete from access_attachment where holder_id = ?`,
  detachEverywhere: `delete from access_attachment where policy_name = ?`,
  putToken: `
    insert into access_token (access_key_id, secret, security_token, role_id, role_name, session_name,
      session_policy, expires_ms)
    values (?, ?, ?, ?, ?, ?, ?, ?)`,
  forgetTokens: `delete from access_token where expires_ms < ?`,
} as const

/** Reads everything about access, secrets decrypted. Without a box no secret can be read. */
export function readAccessRecords(
  database: DatabaseSync,
  box: SecretBox | undefined,
  log: Log,
): AccessRecords {
  const rows = (table: string): readonly Row[] =>
    database.prepare(`select * from ${table} order by rowid`).all()
  const opened = (row: Row, column: string, place: 'secret' | 'token'): string | undefined => {
    const accessKeyId = text(row, 'access_key_id')
    const plain = box?.open(bytes(row, column), placeOf(accessKeyId, place))
    if (plain === undefined) {
      log.error('an access key cannot be decrypted: was the server-secret file replaced?', {
        accessKeyId,
      })
    }
    return plain
  }
  // One transaction, or a write might come between the statements.
  database.exec('begin')
  try {
    return {
      users: rows('access_user').map(userOf),
      keys: rows('access_key').flatMap((row) => {
        const secret = opened(row, 'secret', 'secret')
        return secret === undefined ? [] : [keyOf(row, secret)]
      }),
      policies: rows('access_policy').map(policyOf),
      roles: rows('access_role').map(roleOf),
      attachments: rows('access_attachment').map((row) => ({
        holderId: text(row, 'holder_id'),
        policyName: text(row, 'policy_name'),
      })),
      tokens: rows('access_token').flatMap((row) => {
        const secret = opened(row, 'secret', 'secret')
        const securityToken = opened(row, 'security_token', 'token')
        if (secret === undefined || securityToken === undefined) return []
        return [tokenOf(row, secret, securityToken)]
      }),
    }
  } finally {
    database.exec('commit')
  }
}

const userOf = (row: Row): UserRecord => ({
  userId: text(row, 'user_id'),
  name: text(row, 'name'),
  displayName: text(row, 'display_name'),
  createdMs: number(row, 'created_ms'),
})

const keyOf = (row: Row, secret: string): AccessKeyRecord => ({
  accessKeyId: text(row, 'access_key_id'),
  userId: text(row, 'user_id'),
  secret,
  status: row['status'] as AccessKeyRecord['status'],
  createdMs: number(row, 'created_ms'),
})

const policyOf = (row: Row): PolicyRecord => ({
  name: text(row, 'name'),
  description: text(row, 'description'),
  document: text(row, 'document'),
  createdMs: number(row, 'created_ms'),
  modifiedMs: number(row, 'modified_ms'),
})

const roleOf = (row: Row): RoleRecord => ({
  roleId: text(row, 'role_id'),
  name: text(row, 'name'),
  description: text(row, 'description'),
  trustPolicy: text(row, 'trust_policy'),
  maxSessionS: number(row, 'max_session_s'),
  createdMs: number(row, 'created_ms'),
})

const tokenOf = (row: Row, secret: string, securityToken: string): TokenRecord => ({
  accessKeyId: text(row, 'access_key_id'),
  secret,
  securityToken,
  roleId: text(row, 'role_id'),
  roleName: text(row, 'role_name'),
  sessionName: text(row, 'session_name'),
  ...(row['session_policy'] !== null && { sessionPolicy: text(row, 'session_policy') }),
  expiresMs: number(row, 'expires_ms'),
})
