import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatOf, readCall, type ApiCall } from './parameters.ts'
import { canonicalPairs, decodePairs, PARAMETER_LIMIT, percentEncode } from './percent-encoding.ts'

const call = (target: string, headers: readonly [string, string][] = [], body = ''): ApiCall =>
  readCall({
    method: 'POST',
    target,
    headers,
    body: Buffer.from(body),
    isSecure: false,
    remoteAddress: '127.0.0.1',
  })
const FORM: [string, string] = ['content-type', 'application/x-www-form-urlencoded']

test('query and form are one set, and of equal names the first counts', () => {
  const { parameters, query, form } = call('/?A=1&A=2&B=q', [FORM], 'B=f&C=x+y%2Bz')
  assert.deepEqual(Object.fromEntries(parameters), { A: '1', B: 'q', C: 'x y+z' })
  assert.equal(query.length, 3)
  assert.equal(form.length, 2)
})

test('only a form body holds parameters', () => {
  assert.equal(call('/', [['content-type', 'application/json']], 'A=1').parameters.size, 0)
  assert.equal(call('/', [], 'A=1').parameters.size, 0)
})

test('a malformed escape is named, wherever it stands', () => {
  for (const bad of ['A=%', 'A=%zz', 'A=%ff', '%C3=1']) {
    assert.match(call(`/?${bad}`).malformed ?? '', /escape/)
    assert.match(call('/', [FORM], bad).malformed ?? '', /escape/)
  }
  assert.equal(call('/?A=%E4%B8%AD').malformed, undefined)
})

test('the form of the answer is known even where an escape is malformed', () => {
  for (const [target, format] of [
    ['/?A=%zz&Format=XML', 'xml'],
    ['/?Format=json&A=%', 'json'],
    ['/?A=%&Format=XMLish', 'json'],
    ['/?A=%&XFormat=XML', 'json'],
  ] as const) {
    assert.deepEqual(formatOf(call(target)), { ok: true, value: format }, target)
  }
})

test('more parameters than the limit are refused, and no fewer', () => {
  const many = (count: number) => Array.from({ length: count }, () => 'a').join('&')
  assert.ok(decodePairs(many(PARAMETER_LIMIT)).ok)
  assert.ok(!decodePairs(many(PARAMETER_LIMIT + 1)).ok)
})

test('UTF-8 that a client did not escape is read as UTF-8', () => {
  const bytes = Buffer.from('/?Name=中').toString('latin1')
  assert.equal(call(bytes).parameters.get('Name'), '中')
})

test('the path is that of the target, also in absolute form', () => {
  assert.equal(call('/x?A=1').path, '/x')
  assert.equal(call('http://host:80/?A=1').path, '/')
  assert.equal(call('?A=1').path, '/')
})

test('an old-signature request lets its parameters win over headers, a V3 request its headers', () => {
  const headers: [string, string][] = [
    ['x-acs-action', 'header'],
    ['x-acs-version', '1'],
  ]
  const old = call('/?Action=parameter&Version=2&AccessKeyId=k', headers)
  assert.deepEqual([old.kind, old.action, old.version], ['v1', 'parameter', '2'])
  const v3 = call('/?Action=parameter&Version=2', [
    ...headers,
    ['Authorization', 'ACS3-HMAC-SHA256 Credential=k,SignedHeaders=host,Signature=s'],
  ])
  assert.deepEqual([v3.kind, v3.action, v3.version], ['v3', 'header', '1'])
})

test('the answer is XML when it is asked for, and for the old signature by default', () => {
  const format = (target: string, accept?: string) =>
    formatOf(call(target, accept === undefined ? [] : [['Accept', accept]]))
  assert.deepEqual(format('/?Format=xml'), { ok: true, value: 'xml' })
  assert.deepEqual(format('/?Format=JSON', 'application/xml'), { ok: true, value: 'json' })
  assert.equal(format('/?Format=YAML').ok, false)
  assert.deepEqual(format('/?AccessKeyId=k'), { ok: true, value: 'xml' })
  assert.deepEqual(format('/', 'application/json;q=0.5, text/xml'), { ok: true, value: 'xml' })
  assert.deepEqual(format('/', 'text/html,application/xml;q=0.9,application/json'), {
    ok: true,
    value: 'json',
  })
  assert.deepEqual(format('/', '*/*'), { ok: true, value: 'json' })
  assert.deepEqual(format('/'), { ok: true, value: 'json' })
})

test('all but letters, digits and -_.~ is escaped in upper case', () => {
  assert.equal(percentEncode("a b+c*~'!()/é"), 'a%20b%2Bc%2A~%27%21%28%29%2F%C3%A9')
  assert.equal(
    canonicalPairs([
      ['b', '2'],
      ['a', 'y'],
      ['a', 'x'],
      ['a-', ''],
    ]),
    'a=x&a=y&a-=&b=2',
  )
})
