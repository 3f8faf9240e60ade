import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventParser } from './events.ts'

test('events arrive whole, however their text is cut, and comments are left out', () => {
  const parser = new EventParser()
  assert.deepEqual(parser.push(': nothing new\n\nevent: calls\nda'), [])
  assert.deepEqual(parser.push('ta: {"total":2}\n\nevent: end\ndata: {}\n'), [
    { name: 'calls', data: { total: 2 } },
  ])
  assert.deepEqual(parser.push('\n'), [{ name: 'end', data: {} }])
})
