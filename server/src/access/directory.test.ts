import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fail, ok } from '../base/result.ts'
import type { TokenRecord } from '../ports/access-store.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { AccessDirectory } from './directory.ts'
import type { Principal } from './principal.ts'

const T0 = Date.UTC(2026, 2, 1, 12)
const HOUR_MS = 3_600_000
const token = (number: number): TokenRecord => ({
  accessKeyId: `STS.${number}`,
  secret: 'secret',
  securityToken: `CAIS${number}`,
  roleId: 'r',
  roleName: 'reader',
  sessionName: 'alice',
  expiresMs: T0 + 900_000,
})

test('expired tokens are known for an hour, then forgotten, here and in the store', async () => {
  const store = new MemoryStore()
  const access = new AccessDirectory(store)
  await access.issue(token(1), T0)
  assert.equal(access.findKey('STS.1')?.expiration, '2026-03-01T12:15:00.000Z')
  await access.issue(token(2), T0 + 900_000 + HOUR_MS)
  assert.equal(access.findToken('CAIS1'), 'STS.1')
  await access.issue(token(3), T0 + 900_000 + HOUR_MS + 60_000)
  assert.deepEqual([access.findKey('STS.1'), access.findToken('CAIS1')], [undefined, undefined])
  assert.equal(access.findToken('CAIS3'), 'STS.3')
  assert.equal((await store.accessRecords()).tokens.length, 1)
})

test('no more tokens are issued than can be remembered', async () => {
  const access = new AccessDirectory(new MemoryStore(), undefined, { tokensLimit: 1 })
  assert.deepEqual(await access.issue(token(1), T0), ok(undefined))
  assert.deepEqual(await access.issue(token(2), T0), fail('full'))
  assert.equal(access.findKey('STS.2'), undefined)
})

test('a stored policy that cannot be read allows nothing', async () => {
  const access = new AccessDirectory(new MemoryStore())
  const policy = { description: '', createdMs: T0, modifiedMs: T0 }
  const ann: Principal = { type: 'SubUser', id: 'u', accountId: 'local', name: 'ann' }
  const effect = (): string =>
    access.decide(ann, { action: 'ice:StopAIAgentInstance', resource: '*', context: {} }).effect
  const attach = (policyName: string) =>
    access.change({ type: 'attach', attachment: { policyName, holderId: 'u' } })
  await attach('AdministratorAccess')
  assert.equal(effect(), 'Allow')
  const document = '{"Version":"of a later server"}'
  await access.change({ type: 'policy-put', policy: { ...policy, name: 'later', document } })
  await attach('later')
  assert.equal(effect(), 'ExplicitDeny')
})

test('a change that could not be stored has no effect', async () => {
  const store = new MemoryStore()
  const access = new AccessDirectory(store)
  await store.close()
  const user = { userId: 'u', name: 'ann', displayName: '', createdMs: T0 }
  await assert.rejects(access.change({ type: 'user-put', user }), /closed/)
  assert.deepEqual(access.users(), [])
})

test('keys speak for the account that the server was given, or for the one it has by itself', async () => {
  const accountOf = async (accountId?: string): Promise<string | undefined> => {
    const access = new AccessDirectory(new MemoryStore(), undefined, { accountId })
    await access.issue(token(1), T0)
    return access.findKey('STS.1')?.principal.accountId
  }
  assert.equal(await accountOf('1234567890123456'), '1234567890123456')
  assert.equal(await accountOf(), 'local')
})
