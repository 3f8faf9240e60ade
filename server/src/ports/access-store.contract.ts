import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { AccessChange, AccessRecords, AccessStore } from './access-store.ts'

/** A store of access to be tested. */
export interface AccessStoreUnderTest {
  readonly store: AccessStore
  /** The store that a server finds which starts after this one has gone. */
  restart(): Promise<AccessStoreUnderTest>
  close(): Promise<void>
}

const T0 = Date.UTC(2026, 2, 1, 12)
const user = { userId: 'u1', name: 'ann', displayName: 'Ann 你好', createdMs: T0 }
const key = {
  accessKeyId: 'LTAI1',
  userId: 'u1',
  secret: 'secret&+/=~* ü',
  status: 'Active',
  createdMs: T0 + 1,
} as const
const policy = {
  name: 'all',
  description: '',
  document: '{"Version":"1"}',
  createdMs: T0,
  modifiedMs: T0,
}
const role = {
  roleId: 'r1',
  name: 'reader',
  description: 'reads',
  trustPolicy: '{}',
  maxSessionS: 3600,
  createdMs: T0,
}
const token = {
  accessKeyId: 'STS.1',
  secret: 'token secret',
  securityToken: 'CAIS1',
  roleId: 'r1',
  roleName: 'reader',
  sessionName: 'alice',
  expiresMs: T0 + 1000,
}
const attachment = { policyName: 'all', holderId: 'u1' }
const ofRole = { policyName: 'all', holderId: 'r1' }

const ALL: readonly AccessChange[] = [
  { type: 'user-put', user },
  { type: 'key-put', key },
  { type: 'policy-put', policy },
  { type: 'role-put', role },
  { type: 'attach', attachment },
  { type: 'attach', attachment: ofRole },
  { type: 'token-put', token },
  { type: 'token-put', token: { ...token, accessKeyId: 'STS.2', sessionPolicy: '{}' } },
]
const NONE: AccessRecords = {
  users: [],
  keys: [],
  policies: [],
  roles: [],
  attachments: [],
  tokens: [],
}

/** Registers what every store of access must do. `open` gives an empty one. */
export function accessStoreContract(name: string, open: () => Promise<AccessStoreUnderTest>): void {
  describe(`access store contract: ${name}`, () => {
    const opened: AccessStoreUnderTest[] = []
    const filled = async (changes = ALL): Promise<AccessStoreUnderTest> => {
      const one = await open()
      opened.push(one)
      assert.deepEqual(await one.store.accessRecords(), NONE)
      await one.store.changeAccess(changes)
      return one
    }
    const restarted = async (before: AccessStoreUnderTest): Promise<AccessRecords> => {
      const one = await before.restart()
      opened.push(one)
      return sorted(await one.store.accessRecords())
    }
    after(async () => {
      for (const one of opened) await one.close()
    })
    putTests(filled, restarted)
    deleteTests(filled, restarted)
  })
}

type Filled = (changes?: readonly AccessChange[]) => Promise<AccessStoreUnderTest>
type Restarted = (before: AccessStoreUnderTest) => Promise<AccessRecords>

/** Attachments have no order of their own. */
const sorted = (records: AccessRecords): AccessRecords => ({
  ...records,
  attachments: [...records.attachments].sort((a, b) => (a.holderId < b.holderId ? 1 : -1)),
})

function putTests(filled: Filled, restarted: Restarted): void {
  test('everything is given back as it was put, also after a restart', async () => {
    const one = await filled()
    const expected: AccessRecords = {
      users: [user],
      keys: [key],
      policies: [policy],
      roles: [role],
      attachments: [attachment, ofRole],
      tokens: [token, { ...token, accessKeyId: 'STS.2', sessionPolicy: '{}' }],
    }
    assert.deepEqual(sorted(await one.store.accessRecords()), expected)
    assert.deepEqual(await restarted(one), expected)
  })

  test('what is put again replaces, and attaching twice is attaching once', async () => {
    const one = await filled()
    const changed = { ...policy, document: '{"Version":"1","Statement":[]}', modifiedMs: T0 + 9 }
    await one.store.changeAccess([
      { type: 'key-put', key: { ...key, status: 'Inactive' } },
      { type: 'policy-put', policy: changed },
      { type: 'user-put', user: { ...user, displayName: 'A' } },
      { type: 'attach', attachment },
    ])
    const records = await restarted(one)
    assert.deepEqual(records.keys, [{ ...key, status: 'Inactive' }])
    assert.deepEqual(records.policies, [changed])
    assert.deepEqual(records.users, [{ ...user, displayName: 'A' }])
    assert.equal(records.attachments.length, 2)
  })
}

function deleteTests(filled: Filled, restarted: Restarted): void {
  test('a deleted user takes its keys and attachments along, and nothing else', async () => {
    const one = await filled([
      ...ALL,
      { type: 'user-put', user: { ...user, userId: 'u2', name: 'bob' } },
      { type: 'key-put', key: { ...key, accessKeyId: 'LTAI2', userId: 'u2' } },
    ])
    await one.store.changeAccess([{ type: 'user-delete', userId: 'u1' }])
    const { users, keys, attachments } = await restarted(one)
    assert.deepEqual(
      [users.map(({ name }) => name), keys.map(({ accessKeyId }) => accessKeyId), attachments],
      [['bob'], ['LTAI2'], [ofRole]],
    )
  })

  test('deleted policies and roles take their attachments along', async () => {
    const one = await filled()
    await one.store.changeAccess([{ type: 'role-delete', roleId: 'r1' }])
    assert.deepEqual((await one.store.accessRecords()).attachments, [attachment])
    await one.store.changeAccess([{ type: 'policy-delete', name: 'all' }])
    const records = await restarted(one)
    assert.deepEqual([records.policies, records.roles, records.attachments], [[], [], []])
    assert.equal(records.tokens.length, 2)
  })

  test('keys are deleted, policies detached and expired tokens forgotten', async () => {
    const one = await filled()
    await one.store.changeAccess([
      { type: 'key-delete', accessKeyId: 'LTAI1' },
      { type: 'detach', attachment: ofRole },
      { type: 'tokens-forget', expiredBeforeMs: T0 + 1000 },
    ])
    const kept = await one.store.accessRecords()
    assert.deepEqual([kept.keys, kept.attachments, kept.tokens.length], [[], [attachment], 2])
    await one.store.changeAccess([{ type: 'tokens-forget', expiredBeforeMs: T0 + 1001 }])
    assert.deepEqual((await restarted(one)).tokens, [])
  })
}
