/** Workers that cannot do their work, with programs that stand in for them. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { silentLog } from '../../src/base/log.ts'
import { systemClock } from '../../src/base/system-clock.ts'
import { WorkerSlots } from '../../src/workers/worker-slots.ts'
import { temporaryFolder, until } from './antiphon-process.ts'

function slotsOf(t: TestContext, program: string): { slots: WorkerSlots; deaths: string[] } {
  const file = join(temporaryFolder(), 'worker.mjs')
  writeFileSync(file, program)
  const deaths: string[] = []
  const slots = new WorkerSlots({
    entry: pathToFileURL(file),
    count: 1,
    setup: () => ({}),
    environment: process.env,
    clock: systemClock,
    log: silentLog,
    events: {
      onMessage: () => {},
      onLive: () => {},
      onReady: () => {},
      onDeath: (_slot, reason) => deaths.push(reason),
    },
  })
  t.after(() => slots.close())
  return { slots, deaths }
}

test('workers that die when they are started do not keep the server waiting', async (t) => {
  const { slots, deaths } = slotsOf(t, 'process.exit(3)')
  assert.deepEqual(await slots.listening(), {
    ok: false,
    error: 'A media worker dies when it is started (code 3).',
  })
  assert.equal(deaths.length, 2)
})

test('a worker that fails to start says why the server does not', async (t) => {
  const { slots } = slotsOf(t, `process.send({ type: 'failed', message: 'No port.' })`)
  assert.deepEqual(await slots.listening(), { ok: false, error: 'No port.' })
})

test('a worker that fails later is tried again, and readiness tells the reason meanwhile', async (t) => {
  const mark = JSON.stringify(join(temporaryFolder(), 'has-failed'))
  const { slots, deaths } = slotsOf(
    t,
    `import { existsSync, writeFileSync } from 'node:fs'
    process.on('message', () => {})
    process.send({ type: 'listening' })
    const isSecond = existsSync(${mark})
    writeFileSync(${mark}, '')
    const news = isSecond ? { type: 'ready' } : { type: 'failed', message: 'No model.' }
    setTimeout(() => process.send(news), 100)`,
  )
  assert.deepEqual(await slots.listening(), { ok: true, value: undefined })
  assert.match(errorOf(slots), /still loading/)
  await until(() => deaths.length === 1)
  assert.match(errorOf(slots), /cannot start: No model\./)
  await until(() => slots.readiness().ok)
  assert.deepEqual(deaths, ['SIGKILL'])
})

test('a worker whose event loop is blocked is replaced', { timeout: 30_000 }, async (t) => {
  const mark = JSON.stringify(join(temporaryFolder(), 'has-hung'))
  const { slots, deaths } = slotsOf(
    t,
    `import { existsSync, writeFileSync } from 'node:fs'
    process.on('message', () => {})
    process.send({ type: 'listening' })
    process.send({ type: 'ready' })
    setInterval(() => process.send({ type: 'alive' }), 1000)
    if (!existsSync(${mark})) {
      writeFileSync(${mark}, '')
      setTimeout(() => { for (;;); }, 100)
    }`,
  )
  assert.deepEqual(await slots.listening(), { ok: true, value: undefined })
  await until(() => deaths.length === 1, 15_000)
  assert.deepEqual(deaths, ['SIGKILL'])
  await until(() => slots.readiness().ok)
})

function errorOf(slots: WorkerSlots): string {
  const readiness = slots.readiness()
  return readiness.ok ? '' : readiness.error
}
