import assert from 'node:assert/strict'
import { test } from 'node:test'
import { play } from './play.ts'
import type { Verdict } from './turn-judge.ts'

const echo = { reply: (question: string) => `You said ${question}.` }
const turnDetection = { isSemantic: true, hasJudge: true, endWords: [] }

const askedAt = (
  text: string,
  judge: { readonly verdict?: Verdict; readonly judgeDelayMs?: number },
): number => {
  const { story } = play({ turnDetection }, [{ atMs: 0, say: text, forMs: 1000 }], {
    ...echo,
    ...judge,
  })
  return Number.parseInt(story.find((line) => line.includes('ask:')) ?? '', 10)
}

test('a better judge decides against our word lists, both ways', () => {
  assert.equal(askedAt('my number is five five', { verdict: 'complete', judgeDelayMs: 50 }), 1400)
  assert.equal(
    askedAt('I would like two pizzas', { verdict: 'incomplete', judgeDelayMs: 50 }),
    5000,
  )
  assert.equal(askedAt('I would like two pizzas', { verdict: 'unsure', judgeDelayMs: 50 }), 2500)
})

test('a judge that is a little late is waited for, one that is slow or fails is not', () => {
  assert.equal(askedAt('I would like the', { verdict: 'complete', judgeDelayMs: 600 }), 1780)
  const slow = askedAt('I would like two pizzas', { verdict: 'incomplete', judgeDelayMs: 5000 })
  assert.equal(slow, 2100, 'our own word lists decide')
  assert.equal(askedAt('I would like two pizzas', { judgeDelayMs: 50 }), 1400)
})

test('speech that goes on is judged anew, with all that was said', () => {
  const { log, story } = play(
    { turnDetection },
    [
      { atMs: 0, say: 'I would like two', forMs: 1000 },
      { atMs: 1300, say: 'pizzas please', forMs: 1000 },
    ],
    { ...echo, verdict: 'complete', judgeDelayMs: 150 },
  )
  const questions = log.flatMap(({ action }) =>
    action.type === 'judge-start' ? [action.text] : [],
  )
  assert.deepEqual(questions, ['I would like two', 'I would like two pizzas please'])
  assert.equal(story.filter((line) => line.includes('ask:')).length, 1)
})
