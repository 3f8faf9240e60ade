import assert from 'node:assert/strict'
import { test } from 'node:test'
import { match } from './router.ts'

test('an address finds its page and hands over what stands in it', () => {
  assert.deepEqual(match('/calls/:id', '/calls/a%2Fb'), { id: 'a/b' })
  assert.deepEqual(match('/', '/'), {})
  assert.deepEqual(match('/calls', '/calls/'), {})
  assert.equal(match('/calls/:id', '/calls'), undefined)
  assert.equal(match('/calls/:id', '/agents/7'), undefined)
})
