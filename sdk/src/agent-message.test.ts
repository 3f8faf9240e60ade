import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as server from '../../server/src/schema/messages.ts'
import { readAgentMessage } from './agent-message.ts'
import * as client from './message-numbers.ts'

const message = (type: number, data: object) =>
  readAgentMessage(JSON.stringify({ type, seqId: 1, senderId: 'agent', receiverId: 'u', data }))
    ?.message

test('the client and the server mean the same by every number', () => {
  const agree = (ours: object, theirs: object) =>
    assert.deepEqual({ ...theirs, ...ours }, theirs, 'a number or name that the server has not')
  agree(client.ServerMessage, server.ServerMessage)
  agree(client.ClientMessage, server.ClientMessage)
  assert.deepEqual(client.AgentStateNumber, server.AgentState)
  assert.deepEqual(client.InterruptReasonNumber, server.InterruptReason)
  assert.deepEqual(client.LeaveReasonNumber, server.LeaveReason)
})

test('messages of the agent are read', () => {
  assert.deepEqual(message(1001, { state: 2 }), { type: 'state', state: 'thinking' })
  assert.deepEqual(message(1010, { reason: 2001, message: 'idle' }), {
    type: 'leaving',
    reason: 'idle',
    message: 'idle',
  })
  assert.deepEqual(message(1016, { reason: 3 }), { type: 'interrupted', reason: 'command' })
  assert.deepEqual(message(1007, { enable: true }), { type: 'push-to-talk', isOn: true })
  assert.deepEqual(message(1000, { code: 4005 }), { type: 'error', code: 4005, message: '' })
})

test('a subtitle of somebody who is not the main speaker is marked as hidden', () => {
  const subtitle = { text: 'psst', sentenceId: 4, end: false }
  const hidden = message(1003, { ...subtitle, voiceprint: 3 })
  const shown = message(1003, { ...subtitle, voiceprint: 2 })
  assert.deepEqual(
    [hidden, shown].map((read) => read?.type === 'subtitle' && read.subtitle.isHidden),
    [true, false],
  )
})

test('what is malformed or unknown is passed over', () => {
  assert.equal(readAgentMessage('not json'), undefined)
  assert.equal(readAgentMessage('7'), undefined)
  assert.equal(readAgentMessage('{"type":"ready_resp"}'), undefined)
  assert.equal(message(1999, {}), undefined)
  assert.equal(message(1001, { state: 9 }), undefined)
})
