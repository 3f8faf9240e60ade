import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AmbientRecord, AmbientStore } from './ambient-store.ts'

const AGENT = 'a'.repeat(32)

const record = (resourceId: string, createdMs: number): AmbientRecord => ({
  resourceId,
  agentId: AGENT,
  name: 'Büro',
  format: 'MP3',
  sizeBytes: 1234,
  durationMs: 5000,
  createdMs,
})

/** What every store of background sounds must do. */
export function ambientStoreContract(name: string, open: () => AmbientStore): void {
  test(`${name}: what is put is listed, oldest first, and read as it was`, async () => {
    const store = open()
    const [first, second] = [record('f'.repeat(32), 1000), record('0'.repeat(32), 2000)]
    await store.put(second, Uint8Array.of(2))
    await store.put(first, Uint8Array.of(1, 1))
    assert.deepEqual(await store.list(AGENT), [first, second])
    const bytes = await store.read(AGENT, first.resourceId)
    assert.deepEqual(bytes && [...bytes], [1, 1])
    assert.deepEqual(await store.list('b'.repeat(32)), [])
  })

  test(`${name}: what is removed is gone, once`, async () => {
    const store = open()
    const sound = record('c'.repeat(32), 1)
    await store.put(sound, Uint8Array.of(1))
    assert.equal(await store.remove(AGENT, sound.resourceId), true)
    assert.equal(await store.remove(AGENT, sound.resourceId), false)
    assert.equal(await store.read(AGENT, sound.resourceId), undefined)
    assert.deepEqual(await store.list(AGENT), [])
  })

  test(`${name}: no id leads anywhere else`, async () => {
    const store = open()
    await store.put(record('d'.repeat(32), 1), Uint8Array.of(1))
    for (const odd of [
      '',
      '.',
      '..',
      '../x',
      'a/b',
      '/etc/passwd',
      'd'.repeat(31),
      'public_park',
    ]) {
      assert.equal(await store.read(AGENT, odd), undefined, odd)
      assert.equal(await store.remove(AGENT, odd), false, odd)
      assert.deepEqual(await store.list(odd), [], odd)
    }
  })
}
