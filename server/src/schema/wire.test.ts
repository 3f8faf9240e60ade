import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gmtTime, readBoolean, readInteger, readNumber, readTime } from './wire.ts'

test('a time is read in any ISO 8601 form that has a zone', () => {
  const right = Date.UTC(2023, 0, 2, 3, 4, 5)
  for (const text of [
    '2023-01-02T03:04:05Z',
    '2023-01-02t03:04:05z',
    '2023-01-02 03:04:05Z',
    '20230102T030405Z',
    '2023-002T03:04:05Z',
    '2023-01-02T03:04:05+00:00',
    '2023-01-02T11:04:05+08:00',
    '2023-01-02T11:04:05 08:00', // the plus became a blank in the query
    '2023-01-02T11:04:05+0800',
    '2023-01-02T11:04:05+08',
    '2023-01-01T22:34:05-04:30',
    ' 2023-01-02T03:04:05Z ',
  ]) {
    assert.equal(readTime(text), right, text)
  }
  assert.equal(readTime('2023-01-02T03:04:05.678Z'), right + 678)
  assert.equal(readTime('2023-01-02T03:04:05,6789Z'), right + 678)
  assert.equal(readTime('2023-01-02T03:04Z'), right - 5000)
  assert.equal(readTime('2023-01-01T24:00:00Z'), Date.UTC(2023, 0, 2))
  assert.equal(readTime('2024-02-29T00:00:00Z'), Date.UTC(2024, 1, 29))
})

test('what is no moment is not read', () => {
  for (const text of [
    '',
    'yesterday',
    '2023-01-02',
    '2023-01-02T03:04:05',
    '1672628645',
    '2023-13-01T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2023-366T00:00:00Z',
    '2023-01-02T25:00:00Z',
    '2023-01-02T24:00:01Z',
    '2023-01-02T00:60:00Z',
    '2023-01-02T00:00:60Z',
    '2023-01-02T00:00:00+24:00',
    '2023-0102T00:00:00Z',
    'Mon, 02 Jan 2023 03:04:05 GMT',
  ]) {
    assert.equal(readTime(text), undefined, text)
  }
})

test('numbers and truth values may be text', () => {
  assert.deepEqual([readInteger(' 10 '), readInteger('+5'), readInteger(-3)], [10, 5, -3])
  for (const wrong of ['1.5', '1e3', '0x10', '', 'ten', 1.5, true, null, '9'.repeat(20)]) {
    assert.equal(readInteger(wrong), undefined, String(wrong))
  }
  assert.deepEqual([readNumber('1.5'), readNumber('1e1'), readNumber(2)], [1.5, 10, 2])
  assert.equal(readNumber('1,5'), undefined)
  assert.deepEqual([true, 'TRUE', '1', 1, false, 'false', 0].map(readBoolean), [
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ])
  assert.equal(readBoolean('yes'), undefined)
})

test('GmtCreate is written with milliseconds and a numeric zone', () => {
  assert.equal(gmtTime(Date.UTC(2025, 6, 18, 6, 39, 8)), '2025-07-18T06:39:08.000+00:00')
})
