import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { SimulatedClock } from '../../base/simulated-clock.ts'
import { ask, isOver, llmContract, requestOf } from '../../ports/llm.contract.ts'
import type { LlmProvider } from '../../ports/llm.ts'
import { machinePump, until } from '../../ports/pump.contract.ts'
import { chatBody } from './chat-request.ts'
import { openAiLlm } from './openai-llm.ts'

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void

const servers: Server[] = []
after(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

interface Endpoint {
  readonly provider: LlmProvider
  readonly clock: SimulatedClock
  readonly baseUrl: string
}

async function serve(handler: Handler, path = '/v1'): Promise<Endpoint> {
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => handler(request, response, body))
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  const clock = new SimulatedClock()
  const provider = openAiLlm({ clock, baseUrl, model: 'test-model', apiKey: 'sk-secret' })
  return { provider, clock, baseUrl }
}

const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`

const open = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream' })

/** Writes the bytes in pieces of `size`, each in its own packet as far as the machine lets it. */
async function drip(response: ServerResponse, text: string, size: number): Promise<void> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) {
    response.write(bytes.subarray(at, at + size))
    await new Promise(setImmediate)
  }
  response.end()
}

const question = requestOf([{ role: 'user', content: 'SECRET-WORDS, please?' }])
const finished = async (provider: LlmProvider, request = question) => {
  const answer = ask(provider, request)
  await until(machinePump, () => isOver(answer), 'the end')
  return answer
}

const friendly = await serve((_, response) => {
  open(response)
  response.write(chunk({ role: 'assistant', content: '' }) + chunk({ content: 'I am ' }))
  setImmediate(() => response.end(`${chunk({ content: 'fine.' }, 'stop')}data: [DONE]\n\n`))
})
llmContract({ name: 'openai', provider: () => friendly.provider, pump: machinePump })

test('the request is what the protocol says', async () => {
  const seen: { url?: string; key?: string; body?: Record<string, unknown> } = {}
  const { provider } = await serve((request, response, body) => {
    seen.url = request.url
    seen.key = request.headers.authorization
    seen.body = JSON.parse(body) as Record<string, unknown>
    open(response).end(`${chunk({ content: 'Yes.' })}data: [DONE]\n\n`)
  }, '/v1/?a=1&b=2')
  const answer = await finished(provider, {
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'plugin', content: 'It rains.' },
      { role: 'user', content: 'Hi' },
    ],
    extendData: { instanceId: 'i', channelId: 'c', sentenceId: 3, userData: '{"x":1}' },
    extraQuery: 'b=3&c=4%205',
  })
  assert.equal(answer.deltas.join(''), 'Yes.')
  assert.equal(seen.url, '/v1/chat/completions?a=1&b=3&c=4+5')
  assert.equal(seen.key, 'Bearer sk-secret')
  assert.deepEqual(seen.body, {
    model: 'test-model',
    stream: true,
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'tool', content: 'It rains.' },
      { role: 'user', content: 'Hi' },
    ],
    extendData: { instanceId: 'i', channelId: 'c', sentenceId: 3, userData: '{"x":1}' },
  })
})

test('pictures go before the text of their message, as parts of its content', async () => {
  let messages: unknown
  const { provider } = await serve((_, response, body) => {
    messages = (JSON.parse(body) as Record<string, unknown>)['messages']
    open(response).end(`${chunk({ content: 'A cat.' })}data: [DONE]\n\n`)
  })
  const images = ['data:image/jpeg;base64,AAA', 'https://example.org/b.jpg']
  await finished(
    provider,
    requestOf([
      { role: 'user', content: 'Look.' },
      { role: 'user', content: 'What is this?', images },
      { role: 'user', content: '', images: images.slice(0, 1) },
    ]),
  )
  const [first, second] = images.map((url) => ({ type: 'image_url', image_url: { url } }))
  assert.deepEqual(messages, [
    { role: 'user', content: 'Look.' },
    { role: 'user', content: [first, second, { type: 'text', text: 'What is this?' }] },
    { role: 'user', content: [first] },
  ])
})

test('chunks may be cut anywhere, with any line end, comments between, thoughts left out', async () => {
  const call = (delta: object): string => chunk({ tool_calls: [{ index: 0, ...delta }] })
  const stream =
    ': keep-alive\r\n\r\nevent: x\nid: 7\n' +
    chunk({ reasoning_content: 'Hmm, what to say' }) +
    chunk({ content: 'Grüße, ' }).replaceAll('\n', '\r\n') +
    'data:\n\n'.replace('data:\n\n', ': ping\n\n') +
    chunk({ content: '你好 😀' }).replaceAll('\n', '\r') +
    call({ id: 'a', function: { name: 'hang', arguments: '' } }) +
    call({ function: { name: 'up', arguments: '{"why":' } }) +
    call({ function: { arguments: '"done"}' } }) +
    chunk({}, 'tool_calls') +
    'data: {"choices":[],"usage":{"total_tokens":5}}\n\ndata: [DONE]\n\n'
  for (const size of [1, 3, 7, 4096]) {
    const { provider } = await serve((_, response) => void drip(open(response), stream, size))
    const answer = await finished(provider)
    assert.deepEqual(answer.errors, [])
    assert.equal(answer.deltas.join(''), 'Grüße, 你好 😀', `pieces of ${size}`)
    assert.deepEqual(answer.toolCalls, [{ name: 'hangup', arguments: '{"why":"done"}' }])
    assert.equal(answer.order.at(-1), 'end')
  }
})

test('a server that does not stream, or leaves out [DONE], is understood', async () => {
  const whole = await serve((_, response) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end('{"choices":[{"message":{"content":"All at once."},"finish_reason":"stop"}]}'),
  )
  assert.equal((await finished(whole.provider)).deltas.join(''), 'All at once.')
  const noDone = await serve((_, response) => open(response).end(chunk({ content: 'Hi.' }, 'stop')))
  assert.deepEqual((await finished(noDone.provider)).order, ['delta', 'end'])
})

test('refusals give their status and code, but no secret and nothing of what was said', async () => {
  for (const [status, isRetryable] of [
    [401, false],
    [404, false],
    [429, true],
    [500, true],
  ] as const) {
    const { provider } = await serve((_, response) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end('{"error":{"message":"bad key sk-secret for SECRET-WORDS","code":"some_code"}}'),
    )
    const { errors } = await finished(provider)
    assert.deepEqual(errors, [
      { message: `the language model answered with HTTP ${status} (some_code)`, isRetryable },
    ])
  }
  const page = await serve((_, response) => response.writeHead(502).end('<html>sk-secret</html>'))
  const { errors } = await finished(page.provider)
  assert.deepEqual(errors, [
    { message: 'the language model answered with HTTP 502', isRetryable: true },
  ])
})

test('a slow first chunk and a stall end in an error that may be retried', async () => {
  const slow = await serve((_, response) => open(response).flushHeaders())
  const never = ask(slow.provider, question)
  slow.clock.advance(14_999)
  assert.deepEqual(never.order, [])
  slow.clock.advance(1)
  assert.deepEqual(never.errors, [
    { message: 'the language model sent nothing for 15 s', isRetryable: true },
  ])
  const stalling = await serve((_, response) => open(response).write(chunk({ content: 'Well, ' })))
  const stalled = ask(stalling.provider, question)
  await until(machinePump, () => stalled.deltas.length > 0, 'the first words')
  stalling.clock.advance(15_000)
  assert.match(stalled.errors[0]?.message ?? '', /stopped in the middle of its answer for 15 s/)
  assert.equal(stalling.clock.pending, 0)
})

test('a broken connection, a broken chunk and an error in the stream are errors', async () => {
  const cases: readonly (readonly [Handler, RegExp])[] = [
    [(request) => request.socket.destroy(), /cannot be reached/],
    [(_, response) => open(response).end(chunk({ content: 'Half an' })), /broke off its answer/],
    [(_, response) => open(response).end('data: {"choices":[{"del\n\n'), /not JSON/],
    [
      (_, response) =>
        open(response).end('data: {"error":{"message":"SECRET-WORDS","type":"overloaded"}}\n\n'),
      /reports an error \(overloaded\)$/,
    ],
    [
      (_, response) => open(response).end(chunk({ content: 'x'.repeat(70_000) })),
      /too long a reply/,
    ],
    [(_, response) => open(response).end(`data: ${'x'.repeat(1_100_000)}`), /too long a chunk/],
  ]
  for (const [handler, message] of cases) {
    const { provider, clock } = await serve(handler)
    const { errors, order } = await finished(provider)
    assert.match(errors[0]?.message ?? '', message)
    assert.equal(order.filter((event) => event === 'error' || event === 'end').length, 1)
    assert.equal(clock.pending, 0)
  }
  const cut = await serve((request, response) => {
    open(response).write(chunk({ content: 'Half an' }))
    setImmediate(() => setImmediate(() => request.socket.destroy()))
  })
  assert.equal((await finished(cut.provider)).errors[0]?.isRetryable, true)
})

test('nobody at the address is told with host and code', async () => {
  const gone = await serve(() => {})
  const server = servers.pop()
  await new Promise((resolve) => server?.close(resolve))
  const { errors } = await finished(gone.provider)
  assert.match(
    errors[0]?.message ?? '',
    /^the language model at 127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)$/,
  )
})

test('cancel closes the connection, so that the model stops', async () => {
  let isClosed = false
  const { provider } = await serve((request, response) => {
    open(response).write(chunk({ content: 'A long story ' }))
    request.socket.on('close', () => (isClosed = true))
  })
  const answer = ask(provider, question)
  await until(machinePump, () => answer.deltas.length > 0, 'the first words')
  answer.stream.cancel()
  await until(machinePump, () => isClosed, 'the connection to close')
  assert.deepEqual(answer.order, ['delta'])
})

test('functions are offered, asked for and answered as the protocol has it', async () => {
  let body: Record<string, unknown> = {}
  const { provider } = await serve((_, response, text) => {
    body = JSON.parse(text) as Record<string, unknown>
    open(response).end(`${chunk({ content: 'Clear.' }, 'stop')}data: [DONE]\n\n`)
  })
  const toolCalls = [{ toolCallId: 'call_1_1', name: 'weather', arguments: '{"city":"Oslo"}' }]
  const parameters = { type: 'object', properties: { city: { type: 'string' } } }
  await finished(provider, {
    ...question,
    messages: [
      { role: 'user', content: 'Oslo?' },
      { role: 'assistant', content: '', toolCalls },
      { role: 'tool', content: '{"sky":"clear"}', toolCallId: 'call_1_1' },
    ],
    tools: [{ name: 'weather', description: 'Looks outside.', parameters }],
    appParams: '{"biz_params":{"a":1}}',
  })
  const call = { name: 'weather', arguments: '{"city":"Oslo"}' }
  assert.deepEqual(body['messages'], [
    { role: 'user', content: 'Oslo?' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'call_1_1', type: 'function', function: call }],
    },
    { role: 'tool', content: '{"sky":"clear"}', tool_call_id: 'call_1_1' },
  ])
  assert.deepEqual(body['tools'], [
    { type: 'function', function: { name: 'weather', description: 'Looks outside.', parameters } },
  ])
  assert.ok(!('biz_params' in body))
})

test('an agent may have plugin messages and application parameters sent as they are', () => {
  const request = {
    ...requestOf([{ role: 'plugin', content: 'It rains.' }]),
    appParams: '{"biz_params":{"a":1},"stream":false}',
  }
  const how = { keepsPluginRole: true, sendsAppParams: true }
  const body = JSON.parse(chatBody(new URL('http://x/'), 'm', request, how)) as object
  assert.partialDeepStrictEqual(body, {
    messages: [{ role: 'plugin', content: 'It rains.' }],
    biz_params: { a: 1 },
    stream: true,
  })
})

test('reasoning is never part of the answer, however a server sends it', async () => {
  for (const [pieces, said] of [
    [['<think>Let me', ' see.</think>\n\nIt is', ' noon.'], 'It is noon.'],
    [['\n<th', 'ink>a < b', '</thi', 'nk>Yes.'], 'Yes.'],
    [['<b>bold</b>'], '<b>bold</b>'],
    [['<'], '<'],
    [['1 <think> 2'], '1 <think> 2'],
    [['<think>never done'], ''],
  ] as const) {
    let thoughts = 0
    const { provider } = await serve((_, response) => {
      open(response).write(chunk({ reasoning_content: 'Hmm.' }))
      response.end(`${pieces.map((content) => chunk({ content })).join('')}data: [DONE]\n\n`)
    })
    const words: string[] = []
    let isDone = false
    provider.start(question, {
      onDelta: (text) => words.push(text),
      onThinking: () => (thoughts += 1),
      onToolCall() {},
      onEnd: () => (isDone = true),
      onError: () => (isDone = true),
    })
    await until(machinePump, () => isDone, 'the end')
    assert.equal(words.join(''), said)
    assert.ok(thoughts > 0)
  }
})
