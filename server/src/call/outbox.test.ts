import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Outbox } from './outbox.ts'

const open = (): { outbox: Outbox; story: string[] } => {
  const story: string[] = []
  const outbox = new Outbox({
    store: (seq) => story.push(`store ${seq}`),
    send: ({ type }) => story.push(`send ${type}`),
  })
  return { outbox, story }
}

test('a promise is kept once all that was recorded before it is durable, and no sooner', () => {
  const { outbox, story } = open()
  outbox.whenStored(() => story.push('nothing was asked for'))
  outbox.record([{ type: 'executing', atMs: 1 }])
  outbox.record([{ type: 'executing', atMs: 2 }])
  outbox.whenStored(() => story.push('kept'))
  outbox.record([{ type: 'executing', atMs: 3 }])
  outbox.stored(1)
  assert.deepEqual(story, ['nothing was asked for', 'store 1', 'store 2', 'store 3'])
  outbox.stored(2)
  assert.equal(story.at(-1), 'kept')
  outbox.stored(3)
  assert.equal(story.length, 5, 'once')
})

test('a call that closes leaves nobody waiting', () => {
  const { outbox, story } = open()
  outbox.record([{ type: 'executing', atMs: 1 }])
  outbox.whenStored(() => story.push('let go'))
  outbox.close()
  outbox.close()
  assert.deepEqual(story, ['store 1', 'let go'])
})
