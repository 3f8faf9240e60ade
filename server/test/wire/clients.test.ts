import OpenApi, * as openApi from '@alicloud/openapi-client'
import PopCore from '@alicloud/pop-core'
import * as teaUtil from '@alicloud/tea-util'
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { apiUnderTest, clockAt, RTC_APP, type ApiUnderTest } from './api-under-test.ts'
import { openHttpPort, type HttpPort } from './http-port.ts'
import { verifyChannelToken } from '../../src/schema/channel-token.ts'

const KEY = { accessKeyId: 'key', accessKeySecret: 'secret&+/=~* ü' }
const OWN = '2026-11-01'
const WIRE = '2020-11-09'

type Parameters = Readonly<Record<string, string>>
/** Calls an operation; an error of the client is thrown as it makes it. */
type Client = (action: string, parameters: Parameters, version?: string) => Promise<unknown>

let server: ApiUnderTest
let http: HttpPort

before(async () => {
  const principal = { type: 'Account', id: '1', accountId: '1' } as const
  server = apiUnderTest({
    // The clients stamp their requests with the machine's time.
    clock: clockAt(Date.now()),
    findKey: (id) =>
      id === KEY.accessKeyId
        ? { secret: KEY.accessKeySecret, status: 'Active', principal }
        : undefined,
  })
  http = await openHttpPort(server.api.handle)
})
after(async () => {
  await http.close()
  await server.api.close()
})

/** The present generic client; parameters in the query or in a form body. */
function genericClient(options: {
  readonly in: 'query' | 'form'
  readonly signatureAlgorithm?: string
  readonly key?: typeof KEY
}): Client {
  const endpoint = `127.0.0.1:${http.port}`
  const { signatureAlgorithm, key = KEY } = options
  const config = new openApi.Config({ ...key, endpoint, protocol: 'HTTP', signatureAlgorithm })
  const client = new OpenApi.default(config)
  return async (action, parameters, version = WIRE) => {
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
    const request = new openApi.OpenApiRequest(
      options.in === 'query' ? { query: parameters } : { body: parameters },
    )
    const { body } = await client.callApi(params, request, new teaUtil.RuntimeOptions({}))
    return body
  }
}

function popClient(method: 'GET' | 'POST', key = KEY): Client {
  const client = (apiVersion: string) =>
    new PopCore({ ...key, endpoint: `http://127.0.0.1:${http.port}`, apiVersion })
  return (action, parameters, version = WIRE) =>
    client(version).request(action, { ...parameters }, { method })
}

const CLIENTS: readonly [name: string, make: () => Client][] = [
  ['generic client, query', () => genericClient({ in: 'query' })],
  ['generic client, form', () => genericClient({ in: 'form' })],
  ['generic client, old signature', () => genericClient({ in: 'form', signatureAlgorithm: 'v2' })],
  ['pop-core, GET', () => popClient('GET')],
  ['pop-core, POST', () => popClient('POST')],
]

for (const [name, make] of CLIENTS) {
  test(`${name}: makes an agent, starts calls, lists and stops them`, async () => {
    const client = make()
    const made = await client(
      'CreateAIAgent',
      { Name: "Zoë's *agent* (1+1)~!", AgentConfig: '{"Greeting":"你好 & bye"}' },
      OWN,
    )
    const { AIAgentId } = made as { AIAgentId: string }
    const call = (await client('GenerateAIAgentCall', {
      AIAgentId,
      UserData: 'a+b=c&d',
    })) as Record<'InstanceId' | 'ChannelId' | 'UserId' | 'Token', string>
    const nowS = server.clock.wallMs() / 1000
    const expected = { ...RTC_APP, channelId: call.ChannelId, userId: call.UserId, nowS }
    assert.ok(verifyChannelToken(call.Token, expected).ok)
    const list = await client('ListAIAgentInstance', { AIAgentId, PageSize: '5' })
    const { Instances: instances } = list as { Instances: Record<string, unknown>[] }
    assert.equal(instances.length, 1)
    assert.equal(instances[0]?.['Status'], 'Created')
    assert.equal(instances[0]?.['UserData'], 'a+b=c&d')
    assert.equal(JSON.stringify(instances[0]?.['AgentConfig']), '{"Greeting":"你好 & bye"}')
    await client('StopAIAgentInstance', { InstanceId: call.InstanceId })
    assert.equal(server.calls.stopped.at(-1), call.InstanceId)
  })

  test(`${name}: understands the errors`, async () => {
    const client = make()
    const cases: readonly [action: string, parameters: Parameters, code: string, text: string][] = [
      ['ListAIAgentInstance', {}, 'MissingAIAgentId', 'AIAgentId is mandatory'],
      ['ListAIAgentInstance', { AIAgentId: 'x' }, 'AgentNotFound', 'agentId is not found'],
      ['ListAIAgentInstance', { AIAgentId: 'x', PageSize: '101' }, 'InvalidParameter', 'PageSize'],
      [
        'ListAIAgentInstance',
        { AIAgentId: 'x', StartTime: 'x' },
        'MalformedStartTime',
        'StartTime',
      ],
      ['StartAIAgentInstance', { AIAgentId: 'x' }, 'MissingRuntimeConfig', 'RuntimeConfig'],
      ['ForwardAIAgentCall', {}, 'InvalidAction.NotSupported', 'not supported by this server yet'],
      ['NoSuchThing', {}, 'InvalidAction.NotFound', 'api is not found'],
    ]
    for (const [action, parameters, code, text] of cases) {
      await assert.rejects(client(action, parameters), (error: Error & { code?: string }) => {
        assert.equal(error.code, code)
        assert.ok(error.message.includes(text), error.message)
        return true
      })
    }
  })
}

test('a wrong secret is refused with a text that both clients can show', async () => {
  const key = { ...KEY, accessKeySecret: 'wrong' }
  for (const client of [genericClient({ in: 'query', key }), popClient('POST', key)]) {
    await assert.rejects(
      client('ListAIAgentInstance', { AIAgentId: 'x' }),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'SignatureDoesNotMatch')
        return true
      },
    )
  }
})

test('a StartAIAgentInstance with a long query arrives whole', async () => {
  const client = genericClient({ in: 'query' })
  const { AIAgentId } = (await client('CreateAIAgent', { Name: 'long' }, OWN)) as {
    AIAgentId: string
  }
  const UserData = 'é'.repeat(16_500)
  await client('GenerateAIAgentCall', { AIAgentId, UserData })
  assert.equal(server.calls.started.at(-1)?.userData, UserData)
})
