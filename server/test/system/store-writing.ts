/**
 * A program for `store-kill.test.ts`: writes to the store in the folder named by its argument as fast as it can, a
 * number of calls at a time, and prints a line for what the store has acknowledged, until it is killed.
 */
import { writeSync } from 'node:fs'
import { composeInstanceId } from '../../src/base/ids.ts'
import { silentLog } from '../../src/base/log.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'

const CALLS = 16

const opened = await openSqliteStore({ folder: process.argv[2] ?? '', log: silentLog })
if (!opened.ok) throw new Error(opened.error)
const store = opened.value

async function call(tail: number): Promise<void> {
  const createdMs = Date.now()
  const instanceId = composeInstanceId(createdMs, tail.toString(16).padStart(20, '0'))
  await store.createInstance({
    instanceId,
    agentId: 'a'.repeat(32),
    type: 'VoiceChat',
    channelId: `channel-${tail}`,
    agentUserId: 'agent',
    runtimeConfig: '{}',
    agentConfig: '{}',
    templateConfig: '{}',
    providers: '{}',
    createdMs,
    tokenLifeS: 60,
  })
  await store.recordCall(instanceId, [{ type: 'executing', atMs: Date.now() }])
  writeSync(1, `${instanceId} 0\n`)
  for (let entryId = 1; ; entryId += 1) {
    const beginMs = Date.now()
    const text = `sentence ${entryId} of call ${tail}`
    const whose = { entryId, turnId: entryId, role: 'user', kind: 'normal' } as const
    await store.recordCall(instanceId, [
      { type: 'sentence', sentence: { ...whose, text, beginMs, isFinal: true } },
      { type: 'turn', turn: { turnId: entryId, history: [{ role: 'user', content: text }] } },
    ])
    writeSync(1, `${instanceId} ${entryId}\n`)
    if (entryId % 10 === 0) await store.beat(Date.now())
  }
}

await Promise.all(Array.from({ length: CALLS }, (_, tail) => call(tail)))
