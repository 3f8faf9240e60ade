import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countTicksTo, labelEvery, pathOf, ticksTo } from './scale.ts'

test('lines stand at round numbers and reach over the highest value', () => {
  assert.deepEqual(ticksTo(0), [0, 1])
  assert.deepEqual(ticksTo(0.7), [0, 0.2, 0.4, 0.6, 0.8])
  assert.deepEqual(ticksTo(1240), [0, 500, 1000, 1500])
  assert.deepEqual(ticksTo(40), [0, 10, 20, 30, 40])
  assert.deepEqual(countTicksTo(0), [0, 1])
  assert.deepEqual(countTicksTo(3), [0, 1, 2, 3])
  assert.deepEqual(countTicksTo(9), [0, 5, 10])
})

test('labels that do not fit are left out evenly', () => {
  assert.equal(labelEvery(24, 1000, 48), 2)
  assert.equal(labelEvery(24, 300, 48), 4)
  assert.equal(labelEvery(31, 300, 48), 6)
  assert.equal(labelEvery(5, 0, 48), 6)
})

test('a line has a gap where there is no value', () => {
  assert.equal(pathOf([[0, 1], [10, 2.26], undefined, [30, 4]]), 'M0 1L10 2.3M30 4')
  assert.equal(pathOf([undefined]), '')
})
