import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { silentLog } from '../../base/log.ts'
import { systemClock } from '../../base/system-clock.ts'
import { simulatedIds } from '../../base/simulated-ids.ts'
import type { TestedKind } from '../../ports/provider-desk.ts'
import { createProviderDesk } from './desk.ts'

const desk = createProviderDesk({
  clock: systemClock,
  ids: simulatedIds(1),
  log: silentLog,
  cacheFolder: '/nowhere',
  environment: (name) => (name === 'GOOD_KEY' ? 'secret-key' : undefined),
})

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A service on this machine; gives its base address. */
async function service(t: TestContext, answer: Answer): Promise<string> {
  const server: Server = createServer((request, response) => {
    request.resume().on('end', () => answer(request, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

function stream(response: ServerResponse, ...words: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const content of words) {
    response.write(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`)
  }
  response.end('data: [DONE]\n\n')
}

const testModel = (baseUrl: string, more: object = {}) =>
  desk.test('llm', { provider: 'openai', baseUrl, model: 'small', ...more })

test('a model that answers works, and says so', async (t) => {
  const keys: unknown[] = []
  const baseUrl = await service(t, ({ headers }, response) => {
    keys.push(headers.authorization)
    stream(response, 'I ', 'hear ', 'you.')
  })
  const report = await testModel(baseUrl, { apiKeyEnv: 'GOOD_KEY' })
  assert.deepEqual([report.problem, report.warnings, report.answer], [undefined, [], 'I hear you.'])
  assert.match(report.message, /^It works: the first word came after \d+ ms\.$/)
  assert.ok((report.firstMs ?? -1) >= 0 && (report.totalMs ?? -1) >= (report.firstMs ?? 0))
  assert.deepEqual(keys, ['Bearer secret-key'])
})

test('what is wrong on the way is told apart', async (t) => {
  const problem = async (baseUrl: string, more?: object): Promise<unknown> =>
    (await testModel(baseUrl, more)).problem
  assert.equal(await problem('http://no-such-host.invalid/v1'), 'dns')
  const gone = await service(t, (_, response) => response.end())
  assert.equal(await problem('http://127.0.0.1:1/v1'), 'unreachable')
  assert.equal(await problem(gone.replace('http:', 'https:')), 'tls')
  assert.equal(await problem(gone, { apiKeyEnv: 'NOT_SET' }), 'key-missing')
  assert.equal(await problem(gone, { apiKey: 'x' }), 'settings')
  assert.equal(await problem('nonsense'), 'settings')
})

test('nothing listens there', async (t) => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  const report = await testModel(`http://127.0.0.1:${port}/v1`)
  assert.equal(report.problem, 'refused')
  assert.match(report.message, new RegExp(`^Nothing listens at 127\\.0\\.0\\.1:${port} \\(ECONN`))
  t.diagnostic(report.message)
})

test('what a service refuses is told apart, with what to do', async (t) => {
  const refused = async (status: number, body: unknown, more?: object) => {
    const baseUrl = await service(t, ({ url }, response) =>
      url?.endsWith('/models') === true
        ? json(response, 200, { data: [{ id: 'large' }, { id: 'tiny' }] })
        : json(response, status, body),
    )
    return testModel(baseUrl, more)
  }
  const noKey = await refused(401, { error: { code: 'invalid_api_key', message: 'sk-…' } })
  assert.equal(noKey.problem, 'key')
  assert.match(noKey.message, /HTTP 401 \(invalid_api_key\)\. It wants a key/)
  const wrongKey = await refused(401, {}, { apiKeyEnv: 'GOOD_KEY' })
  assert.match(wrongKey.message, /The key is wrong/)
  assert.ok(!wrongKey.message.includes('secret-key'))
  const noModel = await refused(404, { error: { message: "model 'small' not found" } })
  assert.deepEqual([noModel.problem, noModel.models], ['model', ['large', 'tiny']])
  assert.match(noModel.message, /does not know the model small\. It has large, tiny\./)
  assert.equal((await refused(404, {})).problem, 'model')
  assert.equal((await refused(429, {})).problem, 'quota')
  assert.equal((await refused(503, {})).problem, 'server')
  assert.equal((await refused(400, { error: { code: 'odd' } })).problem, 'answer')
})

test('an address without the right path is no wrong model', async (t) => {
  const baseUrl = await service(t, (_, response) => json(response, 404, {}))
  const report = await testModel(baseUrl)
  assert.equal(report.problem, 'address')
  assert.match(report.message, /mostly ends in \/v1/)
})

test('answers that are none, or make a bad conversation, are told', async (t) => {
  const whole = await service(t, (_, response) =>
    json(response, 200, { choices: [{ message: { content: 'All at once.' } }] }),
  )
  assert.deepEqual((await testModel(whole)).warnings, ['no-streaming'])
  const page = await service(t, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end('<h1>Hello</h1>')
  })
  assert.equal((await testModel(page)).problem, 'answer')
  const mute = await service(t, (_, response) => stream(response))
  assert.equal((await testModel(mute)).problem, 'empty')
  const thinker = await service(t, (_, response) => stream(response, '<think>hm</think>', 'Yes.'))
  assert.deepEqual((await testModel(thinker)).warnings, ['thinks'])
})

test('voices and recognisers are tried; those of the workers are not loaded here', async (t) => {
  const baseUrl = await service(t, ({ url }, response) => {
    if (url?.endsWith('/speech') === true) {
      response.writeHead(200, { 'content-type': 'audio/pcm' })
      response.end(Buffer.alloc(48_000))
    } else json(response, 200, { text: 'hum' })
  })
  const tried = (kind: TestedKind, more: object = {}) =>
    desk.test(kind, { provider: 'openai', baseUrl, ...more })
  const voice = await tried('tts')
  assert.match(voice.message, /^It works: the first of 1\.0 s of speech came after \d+ ms\.$/)
  const ear = await tried('asr')
  assert.deepEqual([ear.problem, ear.answer], [undefined, 'hum'])
  const refused = await service(t, (_, response) => json(response, 401, {}))
  assert.equal((await tried('tts', { baseUrl: refused })).problem, 'key')
  assert.equal((await tried('asr', { baseUrl: 'http://no-such-host.invalid/v1' })).problem, 'dns')
  assert.match((await desk.test('tts', undefined)).message, /a part of this server/)
  assert.match((await desk.test('llm', undefined)).message, /^It works/)
  const folder = await desk.test('asr', { provider: 'sherpa', folder: 'none' })
  assert.equal(folder.problem, 'settings')
})

test('every provider is listed, with what it still needs', async () => {
  const all = await desk.list()
  const known = (kind: string, name: string) =>
    all.find((one) => one.kind === kind && one.name === name)
  assert.deepEqual(
    all.filter(({ isDefault }) => isDefault).map(({ kind, name }) => `${kind} ${name}`),
    ['asr moonshine', 'llm builtin', 'tts flite', 'vad silero'],
  )
  assert.equal(known('llm', 'openai')?.isUsable, false)
  assert.match(known('llm', 'openai')?.reason ?? '', /baseUrl.*OPENAI_BASE_URL/)
  assert.match(known('asr', 'dashscope')?.reason ?? '', /DASHSCOPE_API_KEY/)
  assert.match(known('tts', 'sherpa')?.reason ?? '', /npx antiphon models list/)
  assert.ok((known('tts', 'flite')?.voices?.length ?? 0) > 1)
  assert.equal(known('asr', 'sherpa')?.languages, 'any')
  assert.deepEqual(known('asr', 'moonshine')?.languages, ['en'])
})
