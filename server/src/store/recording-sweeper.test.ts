import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { SimulatedClock } from '../base/simulated-clock.ts'
import { RecordingSweeper } from './recording-sweeper.ts'

const DAY_MS = 86_400_000
const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

test('recordings go some days after their last sound, a few at a time; without a limit none does', async () => {
  const clock = new SimulatedClock({ wallMs: 100 * DAY_MS })
  const written = new Map(Array.from({ length: 25 }, (_, day) => [`call-${day}`, day * 4 * DAY_MS]))
  const recordings = {
    listOlder: (beforeMs: number, limit: number) =>
      Promise.resolve(
        [...written].flatMap(([id, atMs]) => (atMs < beforeMs ? [id] : [])).slice(0, limit),
      ),
    remove: (id: string) => {
      written.delete(id)
      return Promise.resolve()
    },
  }
  const forever = new RecordingSweeper({ clock, log: silentLog, recordings, keepMs: undefined })
  assert.equal(clock.pending, 0)
  forever.close()
  const sweeper = new RecordingSweeper({ clock, log: silentLog, recordings, keepMs: 30 * DAY_MS })
  clock.advance(60)
  await settle()
  assert.equal(written.size, 15, 'a few at a time')
  for (let step = 0; step < 5; step += 1) {
    clock.advance(1000)
    await settle()
  }
  assert.deepEqual([...written.keys()][0], 'call-18')
  clock.advance(20 * DAY_MS)
  await settle()
  clock.advance(3_600_000)
  await settle()
  assert.ok(!written.has('call-18'), 'and later again')
  sweeper.close()
  assert.equal(clock.pending, 0)
})
