import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fitted, msOf, pxOf, shown, tickText, ticks, totalPx, zoomed } from './viewport.ts'

const extent = { startMs: 0, endMs: 60_000, widthPx: 600 }

test('what is under the pointer stays there when coming closer, and the whole is the limit', () => {
  const near = zoomed(extent, fitted(extent), { factor: 4, anchorPx: 300 })
  assert.equal(near.msPerPx, 25)
  assert.equal(pxOf(extent, near, 30_000), 300)
  assert.equal(msOf(extent, near, 300), 30_000)
  assert.equal(totalPx(extent, near), 2400)
  const far = zoomed(extent, near, { factor: 0.01, anchorPx: 0 })
  assert.deepEqual(far, fitted(extent))
  assert.equal(zoomed(extent, near, { factor: 1e6, anchorPx: 0 }).msPerPx, 2)
})

test('a call shorter than the closest view is shown as a whole', () => {
  const short = { startMs: 0, endMs: 300, widthPx: 600 }
  assert.equal(zoomed(short, fitted(short), { factor: 8, anchorPx: 0 }).msPerPx, 0.5)
})

test('a turn is brought into view with room around it', () => {
  const view = shown(extent, 58_000, 60_000)
  assert.ok(pxOf(extent, view, 58_000) >= 0)
  assert.ok(pxOf(extent, view, 60_000) <= extent.widthPx)
})

test('ticks stand at round times, no closer than their names need', () => {
  assert.deepEqual(
    ticks(extent, fitted(extent)),
    [0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000],
  )
  assert.deepEqual(
    [tickText(65_000, 5000), tickText(3_725_000, 60_000), tickText(1250, 50)],
    ['1:05', '1:02:05', '1.25 s'],
  )
})
