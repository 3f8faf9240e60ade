import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeInTurn } from './in-turn.ts'

test('tasks of one name wait for each other, also after a failure; others do not wait', async () => {
  const inTurn = makeInTurn()
  const story: string[] = []
  let release = (): void => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const first = inTurn('a', async () => {
    await gate
    story.push('first')
    throw new Error('first failed')
  })
  const second = inTurn('a', () => Promise.resolve(story.push('second')))
  await inTurn('b', () => Promise.resolve(story.push('other')))
  release()
  await assert.rejects(first, /first failed/)
  await second
  assert.deepEqual(story, ['other', 'first', 'second'])
})
