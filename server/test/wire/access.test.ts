import OpenApi, * as openApi from '@alicloud/openapi-client'
import PopCore from '@alicloud/pop-core'
import * as teaUtil from '@alicloud/tea-util'
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AccessDirectory } from '../../src/access/directory.ts'
import { createPermit } from '../../src/api/permission.ts'
import { MemoryStore } from '../../src/store/memory-store.ts'
import { apiUnderTest, clockAt, type ApiUnderTest } from './api-under-test.ts'
import { openHttpPort, type HttpPort } from './http-port.ts'

const OWN = '2026-11-01'
const STS = '2015-04-01'
const WIRE = '2020-11-09'
const ROOT: Key = { accessKeyId: 'root', accessKeySecret: 'rootSecret' }
const ROLE_ARN = 'acs:ram::local:role/reader'

interface Key {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
}
type Parameters = Readonly<Record<string, string>>
type Json = Record<string, unknown>

let server: ApiUnderTest
let http: HttpPort

before(async () => {
  // The clients stamp their requests with the machine's time.
  const clock = clockAt(Date.now())
  const store = new MemoryStore({ clock })
  const access = new AccessDirectory(store)
  const principal = { type: 'Account', id: 'root', accountId: 'local' } as const
  server = apiUnderTest({
    clock,
    store,
    access,
    findKey: (id) =>
      id === ROOT.accessKeyId
        ? { secret: ROOT.accessKeySecret, status: 'Active', principal }
        : access.findKey(id),
    findToken: (token) => access.findToken(token),
    permit: createPermit(access),
  })
  http = await openHttpPort(server.api.handle)
})
after(async () => {
  await http.close()
  await server.api.close()
})

interface ClientError extends Error {
  readonly code: string
  readonly data?: Json
}

async function send(key: Key, action: string, parameters: Parameters, version: string) {
  const endpoint = `127.0.0.1:${http.port}`
  const config = new openApi.Config({ ...key, endpoint, protocol: 'HTTP' })
  const params = new openApi.Params({
    action,
    version,
    protocol: 'HTTP',
    pathname: '/',
    method: 'POST',
    authType: 'AK',
    style: 'RPC',
    reqBodyType: 'formData',
    bodyType: 'json',
  })
  const request = new openApi.OpenApiRequest({ query: parameters })
  const runtime = new teaUtil.RuntimeOptions({})
  const { body } = await new OpenApi.default(config).callApi(params, request, runtime)
  return body as Json
}

const own = (action: string, parameters: Parameters = {}) => send(ROOT, action, parameters, OWN)

async function errorOf(run: Promise<unknown>): Promise<ClientError> {
  try {
    await run
  } catch (error) {
    return error as ClientError
  }
  throw new Error('It succeeded, but should have been refused.')
}
const list = (key: Key) => send(key, 'ListAIAgentInstance', { AIAgentId: 'none' }, WIRE)
/** A caller who may list learns that there is no such agent. */
const listCode = async (key: Key): Promise<string> => (await errorOf(list(key))).code

async function newUser(name: string, ...policies: string[]): Promise<Key & { userId: string }> {
  const made = await own('CreateUser', { UserName: name })
  for (const PolicyName of policies) await own('AttachPolicy', { PolicyName, UserName: name })
  const { AccessKey: key } = await own('CreateAccessKey', { UserName: name })
  const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret } = key as {
    AccessKeyId: string
    AccessKeySecret: string
  }
  return { accessKeyId, accessKeySecret, userId: (made['User'] as { UserId: string }).UserId }
}

const policyText = (statement: object): string =>
  JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Resource: '*', ...statement }] })

test('a user may do what its policies say, and from when they say so', async () => {
  const { userId, ...ann } = await newUser('ann')
  const error = await errorOf(list(ann))
  assert.equal(error.code, 'NoPermission')
  assert.ok(error.message.includes('Action: ice:ListAIAgentInstance. Resource: *.'), error.message)
  assert.equal(error.data?.['statusCode'], 403)
  const detail = error.data?.['AccessDeniedDetail'] as Record<string, string>
  const { EncodedDiagnosticMessage: diagnosis = '', ...rest } = detail
  assert.deepEqual(rest, {
    PolicyType: 'AccountLevelIdentityBasedPolicy',
    NoPermissionType: 'ImplicitDeny',
    AuthAction: 'ice:ListAIAgentInstance',
    AuthResource: '*',
    AuthPrincipalType: 'SubUser',
    AuthPrincipalOwnerId: 'local',
    AuthPrincipalDisplayName: userId,
  })
  assert.match(diagnosis, /^AQ[A-Za-z0-9+/]+=*$/)

  const given = { PolicyName: 'AliyunICEReadOnlyAccess', UserName: 'ann' }
  await own('AttachPolicy', given)
  assert.equal(await listCode(ann), 'AgentNotFound')
  assert.equal((await errorOf(send(ann, 'CreateAIAgent', { Name: 'x' }, OWN))).code, 'NoPermission')
  await own('PutPolicy', {
    PolicyName: 'not-from-here',
    PolicyDocument: policyText({
      Effect: 'Deny',
      Action: '*',
      Condition: { IpAddress: { 'acs:SourceIp': '127.0.0.0/8' } },
    }),
  })
  await own('AttachPolicy', { PolicyName: 'not-from-here', UserName: 'ann' })
  const denied = (await errorOf(list(ann))).data?.['AccessDeniedDetail'] as Json
  assert.equal(denied['NoPermissionType'], 'ExplicitDeny')
  await own('DetachPolicy', { PolicyName: 'not-from-here', UserName: 'ann' })
  assert.equal(await listCode(ann), 'AgentNotFound')
  await own('DetachPolicy', given)
  assert.equal(await listCode(ann), 'NoPermission')
  assert.equal((await errorOf(send(ann, 'ListUsers', {}, OWN))).code, 'NoPermission')
})

test('a key that is switched off or deleted is refused by the next request', async () => {
  const bob = await newUser('bob', 'AliyunICEFullAccess')
  const { accessKeyId: UserAccessKeyId } = bob
  assert.equal(await listCode(bob), 'AgentNotFound')
  await own('UpdateAccessKey', { UserAccessKeyId, Status: 'Inactive' })
  assert.equal(await listCode(bob), 'InvalidAccessKeyId.Inactive')
  // With the old signature, whose parameters carry the caller's own key id.
  const endpoint = `http://127.0.0.1:${http.port}`
  const old = new PopCore({ ...ROOT, endpoint, apiVersion: OWN })
  await old.request('UpdateAccessKey', { UserAccessKeyId, Status: 'Active' }, { method: 'POST' })
  assert.equal(await listCode(bob), 'AgentNotFound')
  await own('DeleteAccessKey', { UserAccessKeyId })
  assert.equal(await listCode(bob), 'InvalidAccessKeyId.NotFound')
})

const assume = (key: Key, parameters: Parameters = {}) =>
  send(key, 'AssumeRole', { RoleArn: ROLE_ARN, RoleSessionName: 'alice', ...parameters }, STS)

function sessionOf(answer: Json): Key & { readonly expiration: string } {
  const given = answer['Credentials'] as Record<string, string>
  return {
    accessKeyId: given['AccessKeyId'] ?? '',
    accessKeySecret: given['AccessKeySecret'] ?? '',
    securityToken: given['SecurityToken'] ?? '',
    expiration: given['Expiration'] ?? '',
  }
}

test('a role is assumed, narrowed, and loses its rights at once', async () => {
  const { userId, ...cat } = await newUser('cat', 'AliyunSTSAssumeRoleAccess')
  const { Role: role } = await own('CreateRole', { RoleName: 'reader' })
  const { RoleId: roleId } = role as { RoleId: string }
  await own('AttachPolicy', { PolicyName: 'AliyunICEFullAccess', RoleName: 'reader' })
  const answer = await assume(cat, { DurationSeconds: '900' })
  assert.deepEqual(answer['AssumedRoleUser'], {
    Arn: `${ROLE_ARN}/alice`,
    AssumedRoleId: `${roleId}:alice`,
  })
  const { expiration, ...session } = sessionOf(answer)
  assert.match(session.accessKeyId, /^STS\./)
  assert.equal(Date.parse(expiration), Math.floor(server.clock.wallMs() / 1000) * 1000 + 900_000)
  assert.equal(await listCode(session), 'AgentNotFound')
  assert.equal(await listCode(cat), 'NoPermission')

  const { RequestId: requestId, ...who } = await send(session, 'GetCallerIdentity', {}, STS)
  assert.ok(requestId)
  assert.deepEqual(who, {
    IdentityType: 'AssumedRoleUser',
    AccountId: 'local',
    PrincipalId: `${roleId}:alice`,
    Arn: `${ROLE_ARN}/alice`,
    RoleId: roleId,
  })
  const user = await send(cat, 'GetCallerIdentity', {}, STS)
  assert.deepEqual(
    [user['IdentityType'], user['Arn'], user['UserId']],
    ['RAMUser', 'acs:ram::local:user/cat', userId],
  )
  assert.equal((await send(ROOT, 'GetCallerIdentity', {}, STS))['IdentityType'], 'Account')

  const { expiration: _, ...narrow } = sessionOf(
    await assume(cat, { Policy: policyText({ Action: 'ice:Start*' }) }),
  )
  const denial = await errorOf(list(narrow))
  const detail = denial.data?.['AccessDeniedDetail'] as Json
  assert.deepEqual(
    [detail['PolicyType'], detail['AuthPrincipalType'], detail['AuthPrincipalDisplayName']],
    ['SessionPolicy', 'AssumedRoleUser', 'reader:alice'],
  )
  const { securityToken: __, ...bare } = session
  assert.equal(await listCode(bare), 'MissingSecurityToken')
  const mixed = { ...session, securityToken: narrow.securityToken ?? '' }
  assert.equal(await listCode(mixed), 'InvalidSecurityToken.MismatchWithAccessKey')
  await own('DetachPolicy', { PolicyName: 'AliyunICEFullAccess', RoleName: 'reader' })
  assert.equal(await listCode(session), 'NoPermission')
  await own('AttachPolicy', { PolicyName: 'AliyunICEFullAccess', RoleName: 'reader' })
  assert.equal(await listCode(session), 'AgentNotFound')
  await own('DeleteRole', { RoleName: 'reader' })
  await own('CreateRole', { RoleName: 'reader' })
  await own('AttachPolicy', { PolicyName: 'AliyunICEFullAccess', RoleName: 'reader' })
  assert.equal(await listCode(session), 'NoPermission')
})

test('who may not assume a role is told why', async () => {
  const dan = await newUser('dan', 'AliyunSTSAssumeRoleAccess')
  const eve = await newUser('eve')
  await own('CreateRole', {
    RoleName: 'guarded',
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { RAM: 'acs:ram::local:user/dan' },
          Condition: { StringEquals: { 'sts:ExternalId': 'our-secret' } },
        },
      ],
    }),
  })
  const RoleArn = 'acs:ram::local:role/guarded'
  const cases: readonly [key: Key, parameters: Parameters, code: string, text: string][] = [
    [ROOT, {}, 'NoPermission', 'Roles may not be assumed by root accounts.'],
    [eve, {}, 'NoPermission', 'You should be authorized by RAM.'],
    [eve, { RoleArn: 'acs:ram::local:role/no' }, 'NoPermission', 'authorized by RAM.'],
    [dan, {}, 'NoPermission', 'You should be authorized by RAM.'],
    [dan, { RoleArn: 'acs:ram::local:role/no' }, 'EntityNotExist.Role', 'Role not exists.'],
    [dan, { RoleArn: 'acs:ram::other:role/guarded' }, 'EntityNotExist.Role', 'not exists.'],
    [dan, { RoleArn: 'ACS:ram::local:role/guarded' }, 'InvalidParameter.RoleArn', 'wrongly'],
    [dan, { RoleArn: 'guarded' }, 'InvalidParameter.RoleArn', 'RoleArn is wrongly formed.'],
    [dan, { RoleArn: '' }, 'MissingRoleArn', 'RoleArn is mandatory'],
    [dan, { RoleSessionName: 'x' }, 'InvalidParameter.RoleSessionName', 'wrongly formed.'],
    [dan, { RoleSessionName: 'a b' }, 'InvalidParameter.RoleSessionName', 'wrongly formed.'],
    [dan, { DurationSeconds: '899' }, 'InvalidParameter.DurationSeconds', 'at least 900'],
    [dan, { DurationSeconds: 'x' }, 'InvalidParameter.DurationSeconds', 'at least 900'],
    [
      dan,
      { DurationSeconds: '3601', ExternalId: 'our-secret' },
      'InvalidParameter.DurationSeconds',
      'at most 3600 for this role',
    ],
    [dan, { Policy: '{"Version":"2"}' }, 'InvalidParameter.PolicyGrammar', 'Version must be'],
    [dan, { Policy: 'x'.repeat(2049) }, 'InvalidParameter.PolicySize', '2048'],
    [dan, { ExternalId: 'x' }, 'InvalidParameter.ExternalId', 'wrongly formed.'],
  ]
  for (const [key, parameters, code, text] of cases) {
    const error = await errorOf(assume(key, { RoleArn, ...parameters }))
    assert.equal(error.code, code, JSON.stringify(parameters))
    assert.ok(error.message.includes(text), error.message)
  }
  assert.ok((await assume(dan, { RoleArn, ExternalId: 'our-secret' }))['Credentials'])
})
