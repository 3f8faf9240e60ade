import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AccessDirectory } from '../access/directory.ts'
import type { Principal } from '../access/principal.ts'
import { MemoryStore } from '../store/memory-store.ts'
import { readCall } from './parameters.ts'
import { createPermit, policyContextOf } from './permission.ts'

const NOW_MS = Date.parse('2026-03-01T12:00:05Z')

test('conditions see the address of the connection, never one that a header claims', () => {
  const call = readCall({
    method: 'POST',
    target: '/?SourceIp=10.0.0.1',
    headers: [
      ['x-acs-source-ip', '10.0.0.1'],
      ['X-Forwarded-For', '10.0.0.1'],
      ['User-Agent', 'test/1 '],
    ],
    body: new Uint8Array(),
    isSecure: true,
    remoteAddress: '::ffff:203.0.113.7',
  })
  assert.deepEqual(policyContextOf(call, NOW_MS), {
    'acs:SourceIp': '203.0.113.7',
    'acs:CurrentTime': '2026-03-01T12:00:05.000Z',
    'acs:SecureTransport': 'true',
    'acs:UserAgent': 'test/1',
  })
})

test('operations that this server cannot do yet are judged too, and one is open to all', () => {
  const permit = createPermit(new AccessDirectory(new MemoryStore()))
  const nobody: Principal = { type: 'SubUser', id: '1', accountId: 'local', name: 'nobody' }
  const codeOf = (version: string, action: string): string | undefined =>
    permit(nobody, { version, action, parameters: new Map(), policyContext: () => ({}) })?.code
  assert.equal(codeOf('2020-11-09', 'SendMessageChatText'), 'NoPermission')
  assert.equal(codeOf('2020-11-09', 'ListAIAgentInstance'), 'NoPermission')
  assert.equal(codeOf('2026-11-01', 'CreateUser'), 'NoPermission')
  assert.equal(codeOf('2015-04-01', 'GetCallerIdentity'), undefined)
})
