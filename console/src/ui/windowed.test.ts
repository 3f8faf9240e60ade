import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowsInView } from './windowed.ts'

const list = { count: 100_000, rowPx: 40, heightPx: 800 }

test('of a long list some hundred rows are drawn, wherever it is scrolled to', () => {
  assert.deepEqual(rowsInView({ ...list, topPx: 200 }), { from: 0, until: 45 })
  assert.deepEqual(rowsInView({ ...list, topPx: -2_000_000 }), { from: 49_970, until: 50_050 })
  assert.deepEqual(rowsInView({ ...list, topPx: -4_000_000 }), { from: 99_970, until: 100_000 })
})

test('a short list is drawn whole', () => {
  assert.deepEqual(rowsInView({ ...list, count: 150, topPx: -3000 }), { from: 0, until: 150 })
})
