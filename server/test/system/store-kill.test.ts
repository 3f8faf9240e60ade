import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { silentLog } from '../../src/base/log.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'

const program = fileURLToPath(new URL('./store-writing.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'antiphon-kill-'))
const children: ChildProcess[] = []
after(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Starts the writing program; `lines` grows by what the store has acknowledged to it. */
function startWriting(): { child: ChildProcess; lines: () => string[] } {
  const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  // What follows the last line end was cut off by the kill.
  return { child, lines: () => output.split('\n').slice(0, -1) }
}

async function until(isSo: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 30_000
  while (!isSo()) {
    assert.ok(performance.now() < deadlineMs, 'waited for 30 s')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

test('kill -9 loses nothing that was acknowledged, and gives the folder free', async () => {
  const acknowledged = new Map<string, number>()
  for (let round = 0; round < 3; round += 1) {
    const { child, lines } = startWriting()
    await until(() => lines().length > 500 + round * 333)
    const refused = await openSqliteStore({ folder, log: silentLog })
    assert.ok(!refused.ok)
    assert.match(refused.error, /another antiphon is running on it/)
    const closed = once(child, 'close')
    const killedMs = Date.now()
    child.kill('SIGKILL')
    await closed
    for (const line of lines()) {
      const [instanceId = '', entryId] = line.split(' ')
      acknowledged.set(instanceId, Math.max(Number(entryId), acknowledged.get(instanceId) ?? 0))
    }

    const opened = await openSqliteStore({ folder, log: silentLog })
    assert.ok(opened.ok, opened.ok ? '' : opened.error)
    const store = opened.value
    assert.equal((await store.liveInstances()).length, acknowledged.size)
    for (const [instanceId, count] of acknowledged) {
      const found = await store.getCall(instanceId)
      assert.equal(found?.instance.status, 'Executing')
      // There may be more: written, but killed before it was told.
      const numbers = found.sentences.map(({ entryId }) => entryId)
      assert.ok(numbers.length >= count, `${numbers.length} of ${count} sentences`)
      assert.deepEqual(
        numbers,
        Array.from(numbers, (_, index) => index + 1),
      )
      assert.deepEqual(
        found.turns.map(({ turnId }) => turnId),
        numbers,
      )
    }
    const newest = lines().at(-1)?.split(' ')[0] ?? ''
    const signMs = (await store.lastSignOfLifeMs(newest)) ?? 0
    assert.ok(Math.abs(killedMs - signMs) < 1000, `${killedMs - signMs} ms before the kill`)
    await store.close()
  }
})
