import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { fail } from '../base/result.ts'
import { LOG_URL_LIFE_S } from './log-url.ts'
import { ask, openLoopback, storedCall, type Answer, type Loopback } from './loopback.ts'
import { pageFile } from './page-files.ts'
import type { WebServerDeps } from './server.ts'

const HTML = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const script = 'export const a = 1;'.repeat(50)
const page = {
  index: pageFile('index.html', Buffer.from('<!doctype html><title>call</title>')),
  assets: new Map([
    ['/assets/index-Bx3k9_aQ.js', pageFile('index-Bx3k9_aQ.js', Buffer.from(script))],
    ['/assets/antiphon-client.js', pageFile('antiphon-client.js', Buffer.from(script))],
    ['/assets/logo.svg', pageFile('logo.svg', Buffer.from('<svg/>'))],
  ]),
}

async function open(t: TestContext, change: Partial<WebServerDeps> = {}): Promise<Loopback> {
  const loopback = await openLoopback({ page, ...change })
  t.after(() => loopback.server.close())
  return loopback
}

const isPage = (answer: Answer): boolean => answer.text.includes('<title>call</title>')
const codeOf = (answer: Answer): unknown => JSON.parse(answer.text).Code

test('a browser gets the page, everything else at / is the API', async (t) => {
  const server = await open(t)
  for (const path of ['/', '/talk', '/calls/7f', '/explorer/ListAIAgentInstance?x=1']) {
    assert.ok(isPage(await ask(server, 'GET', path, { headers: HTML })), path)
  }
  for (const path of ['/?token=abc', '/?range=week', '/plug-in'])
    assert.ok(isPage(await ask(server, 'GET', path, { headers: HTML })), path)
  const nowhere = await ask(server, 'GET', '/nowhere', { headers: HTML })
  assert.deepEqual([nowhere.status, isPage(nowhere)], [404, true])
  const toApi: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
    ['GET', '/', {}],
    ['GET', '/', { Accept: 'application/json' }],
    ['POST', '/', HTML],
    ['GET', '/?Action=ListAIAgents', HTML],
    ['GET', '/?token=abc&Action=x', HTML],
    ['GET', '/', { ...HTML, Authorization: 'ACS3-HMAC-SHA256 x' }],
    ['GET', '/', { ...HTML, 'X-Acs-Action': 'x' }],
    ['GET', '/nowhere', {}],
    ['POST', '/nowhere', HTML],
    ['GET', '/nowhere', { ...HTML, 'X-Acs-Action': 'x' }],
    ['GET', '//', HTML],
    ['PUT', '/', {}],
  ]
  for (const [method, path, headers] of toApi) {
    const answer = await ask(server, method, path, { headers })
    assert.deepEqual(
      JSON.parse(answer.text),
      { api: true, method, target: path, isSecure: false },
      `${method} ${path}`,
    )
  }
})

test('the page is guarded and never kept', async (t) => {
  const server = await open(t)
  const { headers } = await ask(server, 'GET', '/', { headers: HTML })
  const policy = String(headers['content-security-policy'])
  assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self';/)
  assert.ok(policy.includes(`connect-src 'self' ws://127.0.0.1:${server.port} wss://`), policy)
  assert.match(policy, /base-uri 'none'; frame-ancestors 'none'; form-action 'self'/)
  assert.doesNotMatch(policy, /unsafe/)
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(headers['referrer-policy'], 'no-referrer')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  const odd = await ask(server, 'GET', '/', { headers: { ...HTML, Host: "x; script-src 'none'" } })
  assert.match(String(odd.headers['content-security-policy']), /connect-src 'self'; media-src/)
})

test('the token of the start signs one browser in', async (t) => {
  const server = await open(t)
  const { sessions } = server.deps
  const link = `/?token=${sessions.issueToken()}`
  const head = await ask(server, 'HEAD', link, { headers: HTML })
  assert.deepEqual([head.status, head.text, head.headers['set-cookie']], [200, '', undefined])
  const first = await ask(server, 'GET', link, { headers: HTML })
  assert.ok(isPage(first))
  const cookie = first.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  await ask(server, 'POST', '/?Action=x', {
    headers: { Cookie: cookie, 'x-antiphon-console': '1' },
  })
  const [call] = server.calls
  assert.ok(call !== undefined && sessions.signedInAs(call) !== undefined)
  const second = await ask(server, 'GET', link, { headers: HTML })
  assert.ok(isPage(second))
  assert.equal(second.headers['set-cookie'], undefined)
})

test('a page that was not built says so', async (t) => {
  const server = await open(t, { page: { assets: new Map() } })
  const answer = await ask(server, 'GET', '/', { headers: HTML })
  assert.equal(answer.status, 503)
  assert.match(answer.text, /The call page has not been built/)
})

test('assets come typed, cached by name, and compressed when asked', async (t) => {
  const server = await open(t)
  const plain = await ask(server, 'GET', '/assets/index-Bx3k9_aQ.js')
  assert.equal(plain.text, script)
  assert.equal(plain.headers['content-type'], 'text/javascript; charset=utf-8')
  assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.equal(plain.headers['content-encoding'], undefined)
  const headers = { 'Accept-Encoding': 'br, gzip;q=0.5' }
  const zipped = await ask(server, 'GET', '/assets/index-Bx3k9_aQ.js', { headers })
  assert.equal(zipped.headers['content-encoding'], 'gzip')
  assert.equal(gunzipSync(zipped.body).toString(), script)
  const refused = { 'Accept-Encoding': 'gzip;q=0' }
  const unzipped = await ask(server, 'GET', '/assets/index-Bx3k9_aQ.js', { headers: refused })
  assert.equal(unzipped.text, script)
  const logo = await ask(server, 'GET', '/assets/logo.svg')
  assert.equal(logo.headers['content-type'], 'image/svg+xml')
  assert.equal(logo.headers['cache-control'], 'no-cache')
})

test('the browser library is for pages of all sites, the other assets are for our own', async (t) => {
  const server = await open(t)
  const library = await ask(server, 'GET', '/assets/antiphon-client.js')
  assert.equal(library.headers['access-control-allow-origin'], '*')
  assert.equal(library.headers['cross-origin-resource-policy'], 'cross-origin')
  assert.equal(library.headers['cache-control'], 'no-cache')
  const { headers } = await ask(server, 'GET', '/assets/index-Bx3k9_aQ.js')
  assert.equal(headers['access-control-allow-origin'], undefined)
  assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
})

test('no path leads out of the assets', async (t) => {
  const server = await open(t)
  for (const path of [
    '/assets/../package.json',
    '/assets/..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..\\index.html',
    '/assets/%00',
    '/assets/%zz',
    '/assets/',
    '/assets/index.html',
    '/assets/__proto__',
  ]) {
    const answer = await ask(server, 'GET', path)
    assert.equal(answer.headers['x-answered-by'], 'api', path)
  }
})

test('health and readiness', async (t) => {
  const server = await open(t)
  assert.equal((await ask(server, 'GET', '/healthz')).status, 200)
  assert.equal((await ask(server, 'GET', '/readyz?x=1')).status, 200)
  const post = await ask(server, 'POST', '/healthz')
  assert.deepEqual([post.status, post.headers['allow']], [405, 'GET, HEAD'])

  const loading = await open(t, { readiness: () => fail('Models are being loaded.') })
  assert.equal((await ask(loading, 'GET', '/healthz')).status, 200)
  const answer = await ask(loading, 'GET', '/readyz')
  assert.equal(answer.status, 503)
  const { RequestId, Recommend, ...body } = JSON.parse(answer.text)
  assert.deepEqual(body, {
    Message: 'Models are being loaded.',
    HostId: `127.0.0.1:${loading.port}`,
    Code: 'ServiceUnavailable',
  })
  assert.match(Recommend, /q=ServiceUnavailable/)
  assert.equal(answer.headers['x-acs-request-id'], RequestId)
})

test('a call log opens with its signed address alone, for a day', async (t) => {
  const call = storedCall()
  const { instanceId } = call.instance
  const server = await open(t, {
    store: {
      getCall: (id) => Promise.resolve(id === instanceId ? call : undefined),
      getTrace: () => Promise.resolve({ decisions: [], stretches: [] }),
    },
  })
  const url = server.deps.logUrls.logUrl(instanceId, `http://127.0.0.1:${server.port}`)
  const { pathname, search } = new URL(url)
  const log = await ask(server, 'GET', pathname + search)
  assert.equal(log.status, 200)
  assert.equal(log.headers['content-type'], 'application/json;charset=utf-8')
  assert.equal(log.headers['access-control-allow-origin'], '*')
  assert.equal(JSON.parse(log.text).instanceId, instanceId)

  for (const tampered of [
    pathname,
    `${pathname}?signature=`,
    `${pathname}${search.replace(/expires=\d/, 'expires=9')}`,
    `${pathname}${search.slice(0, -1)}`,
    `${pathname.replace('a.json', 'b.json')}${search}`,
  ]) {
    const answer = await ask(server, 'GET', tampered)
    assert.deepEqual([answer.status, codeOf(answer)], [403, 'InvalidCallLogUrl'], tampered)
  }
  server.clock.advance(LOG_URL_LIFE_S * 1000)
  const expired = await ask(server, 'GET', pathname + search)
  assert.equal(expired.status, 403)
  assert.match(JSON.parse(expired.text).Message, /expired/)
})

test('there is no log of an unknown or unfinished call', async (t) => {
  const running = storedCall({ instanceId: 'running', status: 'Executing' })
  const server = await open(t, {
    store: {
      getCall: (id) => Promise.resolve(id === 'running' ? running : undefined),
      getTrace: () => Promise.resolve({ decisions: [], stretches: [] }),
    },
  })
  for (const id of ['running', 'unknown']) {
    const answer = await ask(server, 'GET', server.deps.logUrls.logUrl(id, ''))
    assert.deepEqual([answer.status, codeOf(answer)], [404, 'CallLogNotFound'], id)
  }
})

test('the description of the API is there for everybody, other pages included', async () => {
  const server = await openLoopback()
  const answer = await ask(server, 'GET', '/openapi.json')
  assert.equal(answer.status, 200)
  assert.equal(answer.headers['access-control-allow-origin'], '*')
  assert.match(String(answer.headers['content-type']), /^application\/json/)
  assert.deepEqual(JSON.parse(answer.text), { openapi: '3.1.0' })
  await server.server.close()
})
