import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderAnswer, renderError, type Envelope } from './render.ts'

const ENVELOPE: Envelope = {
  requestId: '7B117AF5-2A16-412C-B127-FA6175ED1AD0',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  hostId: '127.0.0.1:8090',
  format: 'json',
  action: 'ListThings',
}
const XML: Envelope = { ...ENVELOPE, format: 'xml' }
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>'

test('an answer carries its RequestId and the headers that clients look for', () => {
  const answer = renderAnswer({ Name: 'Zoë', Absent: undefined }, ENVELOPE)
  assert.equal(answer.status, 200)
  assert.equal(answer.body, `{"RequestId":"${ENVELOPE.requestId}","Name":"Zoë"}`)
  assert.deepEqual(answer.headers, {
    'content-type': 'application/json;charset=utf-8',
    'content-length': String(Buffer.byteLength(answer.body)),
    'access-control-allow-origin': '*',
    'access-control-expose-headers': '*',
    'x-acs-request-id': ENVELOPE.requestId,
    'x-acs-trace-id': ENVELOPE.traceId,
  })
})

test('prepared members are copied into the answer', () => {
  const prepared = renderAnswer(
    { preparedMembers: [Buffer.from('"A":'), Buffer.from('[1,2]')] },
    ENVELOPE,
  )
  assert.equal(
    Buffer.from(prepared.body).toString(),
    `{"RequestId":"${ENVELOPE.requestId}","A":[1,2]}`,
  )
})

test('XML names lists after their member and escapes what it must', () => {
  const members = { A: [{ B: '<&>\u0001\r' }, { B: true }], '1 x': 5, Gone: null }
  const id = `<RequestId>${ENVELOPE.requestId}</RequestId>`
  const xml =
    `${HEAD}<ListThingsResponse>${id}<A><B>&lt;&amp;&gt;\ufffd&#13;</B></A><A><B>true</B></A>` +
    '<_1_x>5</_1_x></ListThingsResponse>'
  const answer = renderAnswer(members, XML)
  assert.equal(answer.body, xml)
  assert.equal(answer.headers['content-type'], 'text/xml;charset=utf-8')
  const text = JSON.stringify(members).slice(1, -1)
  assert.equal(renderAnswer({ preparedMembers: [Buffer.from(text)] }, XML).body, xml)
})

test('an error has the five members, in JSON and XML', () => {
  const error = { code: 'AgentNotFound' } as const
  const json = renderError(error, ENVELOPE)
  assert.equal(json.status, 404)
  const body = JSON.parse(String(json.body)) as Record<string, string>
  assert.deepEqual(Object.keys(body).sort(), [
    'Code',
    'HostId',
    'Message',
    'Recommend',
    'RequestId',
  ])
  assert.equal(body['Message'], 'The specified agentId is not found')
  assert.equal(body['HostId'], '127.0.0.1:8090')
  assert.match(String(renderError(error, XML).body), /^<\?xml .*<Error>.*<Code>AgentNotFound</)
})

test('a refusal says in a member of its own why, in JSON and XML', () => {
  const accessDeniedDetail = { PolicyType: 'SessionPolicy', AuthResource: '*' }
  const error = { code: 'NoPermission', accessDeniedDetail } as const
  const json = renderError(error, ENVELOPE)
  assert.equal(json.status, 403)
  const body = JSON.parse(String(json.body)) as Record<string, unknown>
  assert.deepEqual(body['AccessDeniedDetail'], accessDeniedDetail)
  const xml = '<AccessDeniedDetail><PolicyType>SessionPolicy</PolicyType><AuthResource>*<'
  assert.ok(String(renderError(error, XML).body).includes(xml))
})

test('errors of the HTTP parser can be told as JSON', () => {
  const { requestId, traceId } = ENVELOPE
  const answer = renderError({ code: 'RequestHeaderTooLarge' }, { requestId, traceId })
  assert.equal(answer.status, 431)
  assert.match(String(answer.body), /"Code":"RequestHeaderTooLarge"/)
})

test('families of codes have their own texts', () => {
  const textOf = (code: 'MissingAIAgentId' | 'MalformedStartTime') =>
    (JSON.parse(String(renderError({ code }, ENVELOPE).body)) as { Message: string }).Message
  assert.equal(textOf('MissingAIAgentId'), 'AIAgentId is mandatory for this action.')
  assert.equal(textOf('MalformedStartTime'), 'Specified parameter StartTime is not valid.')
})
