import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Value } from 'typebox/value'
import { apiUnderTest, type ApiUnderTest } from '../../test/wire/api-under-test.ts'
import { AccessDirectory } from '../access/directory.ts'
import type { Principal } from '../access/principal.ts'
import { createPermit } from '../api/permission.ts'
import { silentLog } from '../base/log.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { findOperation } from './table.ts'

const OWN = '2026-11-01'
type Json = Record<string, unknown>

const call = async (
  api: ApiUnderTest,
  action: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Json> => {
  const { status, json } = await api.call(action, parameters, OWN)
  const output = findOperation(OWN, action)?.output ?? {}
  if (status === 200) assert.ok(Value.Check(output, json), JSON.stringify(json))
  return json
}
const problem = (json: Json): string => `${String(json['Code'])}: ${String(json['Message'])}`
const ALLOW_LIST =
  '{"Version":"1","Statement":[{"Effect":"Allow","Action":"ice:List*","Resource":"*"}]}'

test('a user is made, listed with its policies, and deleted with its keys', async () => {
  const api = apiUnderTest()
  const { User: user } = await call(api, 'CreateUser', { UserName: 'ann', DisplayName: 'Ann' })
  const { UserId: userId } = user as { UserId: string }
  assert.match(userId, /^2\d{17}$/)
  await call(api, 'PutPolicy', { PolicyName: 'list', PolicyDocument: ALLOW_LIST })
  await call(api, 'AttachPolicy', { PolicyName: 'list', UserName: 'ann' })
  await call(api, 'AttachPolicy', { PolicyName: 'AliyunICEReadOnlyAccess', UserName: 'ann' })
  await call(api, 'DetachPolicy', { PolicyName: 'AliyunICEReadOnlyAccess', UserName: 'ann' })
  assert.deepEqual((await call(api, 'ListUsers'))['Users'], [
    {
      UserId: userId,
      UserName: 'ann',
      DisplayName: 'Ann',
      Policies: ['list'],
      GmtCreate: '2026-03-01T12:00:05.000+00:00',
    },
  ])
  const { AccessKey: key } = await call(api, 'CreateAccessKey', { UserName: 'ann' })
  const { AccessKeyId: accessKeyId } = key as { AccessKeyId: string }
  assert.ok(api.access.findKey(accessKeyId))
  await call(api, 'DeleteUser', { UserName: 'ann' })
  assert.equal(api.access.findKey(accessKeyId), undefined)
  const { Users: users, TotalCount: total } = await call(api, 'ListUsers')
  assert.deepEqual([users, total], [[], 0])
})

test('the secret of a key is shown when it is made and never again', async () => {
  const api = apiUnderTest()
  await call(api, 'CreateUser', { UserName: 'ann' })
  const made = (await call(api, 'CreateAccessKey', { UserName: 'ann' }))['AccessKey'] as Json
  const { AccessKeySecret: secret, ...shown } = made
  assert.match(String(secret), /^[A-Za-z0-9]{30}$/)
  const listed = await call(api, 'ListAccessKeys', { UserName: 'ann' })
  assert.deepEqual(listed['AccessKeys'], [shown])
  const UserAccessKeyId = String(made['AccessKeyId'])
  await call(api, 'UpdateAccessKey', { UserAccessKeyId, Status: 'Inactive' })
  assert.equal(api.access.findKey(UserAccessKeyId)?.status, 'Inactive')
  await call(api, 'DeleteAccessKey', { UserAccessKeyId })
  assert.equal(api.access.findKey(UserAccessKeyId), undefined)
})

test('what was set up is there after a restart', async () => {
  const store = new MemoryStore()
  const api = apiUnderTest({ store })
  await call(api, 'CreateUser', { UserName: 'ann' })
  const made = (await call(api, 'CreateAccessKey', { UserName: 'ann' }))['AccessKey'] as Json
  const next = await AccessDirectory.open(new MemoryStore({ before: store, log: silentLog }))
  assert.equal(next.findKey(String(made['AccessKeyId']))?.secret, made['AccessKeySecret'])
})

test('policies and roles are made, replaced, listed and deleted', async () => {
  const api = apiUnderTest()
  await call(api, 'PutPolicy', { PolicyName: 'p', PolicyDocument: ALLOW_LIST })
  api.clock.advance(1000)
  const PolicyDocument = ALLOW_LIST.replace('Allow', 'Deny')
  const put = await call(api, 'PutPolicy', { PolicyName: 'p', PolicyDocument, Description: 'd' })
  assert.deepEqual(put['Policy'], {
    PolicyName: 'p',
    PolicyType: 'Custom',
    Description: 'd',
    PolicyDocument: JSON.parse(PolicyDocument),
    GmtCreate: '2026-03-01T12:00:05.000+00:00',
    GmtModified: '2026-03-01T12:00:06.000+00:00',
  })
  const { Role: role } = await call(api, 'CreateRole', {
    RoleName: 'r',
    MaxSessionDuration: '7200',
  })
  assert.equal((role as Json)['Arn'], 'acs:ram::local:role/r')
  assert.equal((role as Json)['MaxSessionDuration'], 7200)
  await call(api, 'AttachPolicy', { PolicyName: 'p', RoleName: 'r' })
  assert.deepEqual((await call(api, 'ListRoles'))['Roles'], [
    { ...(role as Json), Policies: ['p'] },
  ])
  const conflict = problem(await call(api, 'DeletePolicy', { PolicyName: 'p' }))
  assert.match(conflict, /^DeleteConflict\.Policy: /)
  await call(api, 'DeleteRole', { RoleName: 'r' })
  await call(api, 'DeletePolicy', { PolicyName: 'p' })
  const { Policies: policies } = await call(api, 'ListPolicies', { PageSize: '100' })
  assert.ok((policies as Json[]).every((policy) => policy['PolicyType'] === 'System'))
})

test('what is wrong is named', async () => {
  const api = apiUnderTest()
  await call(api, 'CreateUser', { UserName: 'ann' })
  await call(api, 'CreateRole', { RoleName: 'r' })
  const p = { PolicyName: 'p', PolicyDocument: ALLOW_LIST }
  const cases: readonly [action: string, parameters: Record<string, string>, answer: RegExp][] = [
    ['CreateUser', {}, /^MissingUserName: /],
    ['CreateUser', { UserName: 'a b' }, /^InvalidParameter: .*UserName .*allowed: 1 to 64/],
    ['CreateUser', { UserName: 'ann' }, /^EntityAlreadyExists\.User: /],
    ['DeleteUser', { UserName: 'bob' }, /^EntityNotExist\.User: /],
    ['CreateAccessKey', { UserName: 'bob' }, /^EntityNotExist\.User: /],
    ['UpdateAccessKey', { UserAccessKeyId: 'x', Status: 'Active' }, /^EntityNotExist\.AccessKey: /],
    ['UpdateAccessKey', { UserAccessKeyId: 'x', Status: 'Off' }, /^InvalidParameter: .*Status/],
    ['DeleteAccessKey', { UserAccessKeyId: 'x' }, /^EntityNotExist\.AccessKey: /],
    ['PutPolicy', { ...p, PolicyName: 'a_b' }, /^InvalidParameter: .*PolicyName/],
    ['PutPolicy', { ...p, PolicyName: 'AdministratorAccess' }, /of the system cannot be changed/],
    ['PutPolicy', { ...p, PolicyDocument: '{"Version":"2"}' }, /PolicyDocument .*Version must be/],
    ['DeletePolicy', { PolicyName: 'p' }, /^EntityNotExist\.Policy: /],
    ['AttachPolicy', { PolicyName: 'p' }, /^MissingUserName: /],
    ['AttachPolicy', { PolicyName: 'p', UserName: 'ann' }, /^EntityNotExist\.Policy: /],
    ['AttachPolicy', { PolicyName: 'p', UserName: 'ann', RoleName: 'r' }, /either UserName or/],
    ['DetachPolicy', { PolicyName: 'p', RoleName: 'x' }, /^EntityNotExist\.Role: /],
    ['CreateRole', { RoleName: 'r' }, /^EntityAlreadyExists\.Role: /],
    ['CreateRole', { RoleName: 'x', MaxSessionDuration: '60' }, /^InvalidParameter: .*MaxSession/],
    [
      'CreateRole',
      { RoleName: 'x', AssumeRolePolicyDocument: ALLOW_LIST },
      /Resource is not allow/,
    ],
    ['DeleteRole', { RoleName: 'x' }, /^EntityNotExist\.Role: /],
  ]
  for (const [action, parameters, answer] of cases) {
    assert.match(problem(await call(api, action, parameters)), answer, action)
  }
})

test('a user has five keys at most, and two users cannot take one name', async () => {
  const api = apiUnderTest()
  const both = await Promise.all([
    call(api, 'CreateUser', { UserName: 'ann' }),
    call(api, 'CreateUser', { UserName: 'ann' }),
  ])
  assert.deepEqual(
    both.map((json) => json['Code']),
    [undefined, 'EntityAlreadyExists.User'],
  )
  const made = await Promise.all(
    Array.from({ length: 6 }, () => call(api, 'CreateAccessKey', { UserName: 'ann' })),
  )
  assert.equal(made.filter((json) => json['Code'] === 'LimitExceeded').length, 1)
})

test('only the account itself manages access, whatever a policy says', async () => {
  const api = apiUnderTest()
  await call(api, 'CreateUser', { UserName: 'ann' })
  await call(api, 'AttachPolicy', { PolicyName: 'AdministratorAccess', UserName: 'ann' })
  const permit = createPermit(api.access)
  const ann: Principal = {
    type: 'SubUser',
    id: api.access.user('ann')?.userId ?? '',
    accountId: 'local',
    name: 'ann',
  }
  const may = (caller: Principal, version: string, action: string): boolean =>
    permit(caller, { version, action, parameters: new Map(), policyContext: () => ({}) }) ===
    undefined
  assert.equal(may(ann, '2020-11-09', 'ListAIAgentInstance'), true)
  assert.equal(may(ann, OWN, 'CreateAIAgent'), true)
  for (const action of ['CreateUser', 'ListAccessKeys', 'PutPolicy', 'AttachPolicy', 'ListRoles']) {
    assert.equal(may(ann, OWN, action), false, action)
    assert.equal(may({ ...ann, type: 'Account' }, OWN, action), true, action)
  }
})
