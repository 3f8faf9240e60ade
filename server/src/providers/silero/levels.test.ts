import assert from 'node:assert/strict'
import { test } from 'node:test'
import { levelSettings } from './levels.ts'

test('each VadLevel from 1 to 10 is stricter than the one before, and 11 is none of them', () => {
  const levels = Array.from({ length: 11 }, (_, level) => levelSettings(level))
  for (const [level, settings] of levels.entries()) {
    const next = levels[level + 1]
    if (next === undefined) continue
    assert.ok(next.threshold >= settings.threshold, `${level}`)
    assert.ok(next.startWindows >= settings.startWindows, `${level}`)
    const isSame =
      next.threshold === settings.threshold && next.startWindows === settings.startWindows
    assert.ok(!isSame, `${level} and ${level + 1}`)
  }
  const recommended = levelSettings(11)
  assert.ok(levels.every((settings) => settings.backgroundDb > recommended.backgroundDb))
})
