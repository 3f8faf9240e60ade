import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readChannelText } from './channel-text.ts'

test('the channel’s own texts are told from the agent’s messages', () => {
  assert.equal(readChannelText('{"type":"ping"}'), 'ping')
  assert.equal(readChannelText('{"type":"bye","data":{"reason":3}}'), 'bye')
  assert.equal(readChannelText('{"type":1001,"data":{"state":1}}'), undefined)
  for (const odd of ['', 'null', '"bye"', '{"type":"hello"}', '{"type":']) {
    assert.equal(readChannelText(odd), undefined, odd)
  }
})
