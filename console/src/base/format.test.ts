import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesText, spanText } from './format.ts'

test('spans are told in the unit that reads best', () => {
  const shown = [undefined, 0, 640, 1240, 12_400, 125_000, 3_725_000].map(spanText)
  assert.deepEqual(shown, ['–', '0 ms', '640 ms', '1.24 s', '12.4 s', '2:05', '1:02:05'])
})

test('sizes too', () => {
  assert.deepEqual([12, 5200, 5_200_000, 52_000_000].map(bytesText), [
    '12 B',
    '5.2 kB',
    '5.2 MB',
    '52 MB',
  ])
})
