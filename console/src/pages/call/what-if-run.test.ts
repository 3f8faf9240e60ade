import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { answersOf } from './answers.ts'
import type { CallLog } from './log.ts'
import { sourceOf } from './source.ts'
import { timelineOf } from './timeline.ts'
import { playOtherwise } from './what-if-run.ts'

const log = JSON.parse(
  readFileSync(new URL('fixture/shop-call.json', import.meta.url), 'utf8'),
) as CallLog

test('without a change the call goes as it went, held and cut sound included', () => {
  const played = playOtherwise(log, [])
  assert.ok(played.ok)
  const { result, source } = played.value
  assert.deepEqual([result.differences, result.unexplained], [[], 0])
  const recorded = timelineOf(sourceOf(log))
  const other = timelineOf(source)
  assert.deepEqual(
    other.marks.map(({ kind }) => kind),
    recorded.marks.map(({ kind }) => kind),
  )
  assert.deepEqual(
    source.lines.map(({ text, spokenText }) => spokenText ?? text),
    sourceOf(log).lines.map(({ text, spokenText }) => spokenText ?? text),
  )
})

test('with a longer silence the user who paused is waited for, and every answer is later', () => {
  const played = playOtherwise(log, [{ path: 'AsrConfig.AsrMaxSilence', value: 1200 }])
  assert.ok(played.ok)
  const { result, source } = played.value
  const delays = answersOf(source.decisions).map(({ totalMs }) => totalMs)
  const before = answersOf(log.antiphon.decisions).filter(({ isForgotten }) => !isForgotten)
  assert.equal(delays.length, before.length)
  for (const [index, { totalMs }] of before.entries()) {
    const laterMs = (delays[index] ?? 0) - totalMs
    assert.ok(Math.abs(laterMs - 700) < 10, `turn ${index}: ${laterMs} ms later`)
  }
  const spans = timelineOf(source).spans.filter(({ turnId }) => turnId === 2)
  const silence = spans.find(({ kind }) => kind === 'silence')
  assert.equal(Math.round((silence?.endMs ?? 0) - (silence?.startMs ?? 0)), 1200)
  assert.deepEqual(
    result.differences.map(({ kind }) => kind),
    [...before.map(() => 'answer-delay'), 'interruption-gone'],
  )
  assert.ok(!source.decisions.some(({ kind }) => kind === 'turn-continued'))
})

test('a value that is not allowed is refused by its name', () => {
  const played = playOtherwise(log, [{ path: 'AsrConfig.AsrMaxSilence', value: 5 }])
  assert.match(played.ok ? '' : played.error, /^AsrConfig\.AsrMaxSilence must be /)
})
