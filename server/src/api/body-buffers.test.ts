import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BodyBuffers, writePieces } from './body-buffers.ts'

test('pieces of text and bytes become one text, whatever its characters', () => {
  const pieces = ['{"a":"', Buffer.from('é'), '你好 😀"', '', new Uint8Array(), '}']
  const { bytes } = writePieces(pieces, new BodyBuffers())
  assert.equal(bytes.toString('utf8'), '{"a":"é你好 😀"}')
  const long = '你'.repeat(100_000)
  assert.equal(writePieces([long], new BodyBuffers()).bytes.toString('utf8'), long)
})

test('memory is used again only after it was given back', () => {
  const buffers = new BodyBuffers()
  const one = writePieces(['one'], buffers)
  const two = writePieces(['two'], buffers)
  assert.equal(one.bytes.toString(), 'one')
  one.giveBack()
  const three = writePieces(['three'], buffers)
  assert.equal(three.bytes.buffer, one.bytes.buffer)
  assert.equal(two.bytes.toString(), 'two')
  assert.equal(three.bytes.toString(), 'three')
})
