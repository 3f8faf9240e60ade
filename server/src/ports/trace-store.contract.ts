import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CallRecord, Decision } from './call-record.ts'
import { instance, sentence, T0, type StoreHarness } from './store-samples.contract.ts'

const decision = (change: Partial<Decision> = {}): Decision => ({
  kind: 'turn-end',
  atMs: T0 + 5,
  turnId: 1,
  words: 'silence 400 ms, complete: “再见”',
  figures: { silenceMs: 400 },
  ...change,
})

const trace = (stretchMs: number, lines: string): CallRecord => ({
  type: 'trace',
  stretchMs,
  lines,
})

export function traceTests({ opens, restarts }: StoreHarness): void {
  const { instanceId } = instance()

  test('a call can be played again from what was kept, stretch after stretch, also after a restart', async () => {
    const first = await opens()
    const { store } = first
    await store.createInstance(instance())
    await store.createInstance(instance(1))
    const long = `{"text":"${'long and varied '.repeat(3000)}"}\n`
    await store.recordCall(instanceId, [
      { type: 'decision', decision: decision() },
      { type: 'sentence', sentence: sentence(1) },
      trace(T0, '{"head":1}\n{"text":"你好 “quoted”"}\n'),
    ])
    await store.recordCall(instance(1).instanceId, [trace(T0, '{"other":1}\n')])
    await store.recordCall(instanceId, [trace(T0, long)])
    const { store: next } = await restarts(first)
    const { turnId: _, ...callEnd } = decision({ kind: 'call-end', words: 'idle', figures: {} })
    await next.recordCall(instanceId, [
      trace(T0 + 9000, '{"head":2}\n'),
      { type: 'decision', decision: callEnd },
    ])
    assert.deepEqual(await next.getTrace(instanceId), {
      decisions: [decision(), callEnd],
      stretches: [
        { stretchMs: T0, pieces: ['{"head":1}\n{"text":"你好 “quoted”"}\n', long] },
        { stretchMs: T0 + 9000, pieces: ['{"head":2}\n'] },
      ],
    })
    assert.deepEqual(await next.getTrace(instance(1).instanceId), {
      decisions: [],
      stretches: [{ stretchMs: T0, pieces: ['{"other":1}\n'] }],
    })
  })

  test('a call that left no trace, and one that never was, have none', async () => {
    const { store } = await opens()
    await store.createInstance(instance())
    const nothing = { decisions: [], stretches: [] }
    assert.deepEqual(await store.getTrace(instanceId), nothing)
    assert.deepEqual(await store.getTrace('0'.repeat(32)), nothing)
  })
}
