import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiUnderTest } from '../../test/wire/api-under-test.ts'
import type { Recording } from '../ports/recordings.ts'
import { memoryRecordings } from '../store/memory-recordings.ts'

test('a call shows its recordings with addresses, and they are deleted with it', async () => {
  const kept: Record<string, readonly Recording[]> = {}
  const recordings = memoryRecordings(kept)
  const api = apiUnderTest({ recordings })
  const made = await api.call('CreateAIAgent', { Name: 'A' }, '2026-11-01')
  const AIAgentId = String(made.json['AIAgentId'])
  const { json } = await api.call('GenerateAIAgentCall', { AIAgentId })
  const InstanceId = String(json['InstanceId'])
  const describe = async (): Promise<Record<string, unknown>> =>
    (await api.call('DescribeAIAgentInstance', { InstanceId })).json['Instance'] as never
  assert.equal((await describe())['antiphon'], undefined)
  kept[InstanceId] = [
    { fileName: 'call.wav', kind: 'call', startMs: 1000, durationMs: 90_000, sizeBytes: 64 },
    {
      fileName: '2-agent.wav',
      kind: 'sentence',
      role: 'agent',
      entryId: 2,
      startMs: 2000,
      durationMs: 31_500,
      sizeBytes: 65,
    },
  ]
  const url = (name: string): string =>
    `http://127.0.0.1:8090/recordings/${InstanceId}/${name}?signature=x`
  assert.deepEqual((await describe())['antiphon'], {
    Recordings: [
      { Kind: 'call', Url: url('call.wav'), StartTime: 1000, Duration: 90_000, Size: 64 },
      {
        Kind: 'sentence',
        Role: 'agent',
        Id: 2,
        Url: url('2-agent.wav'),
        StartTime: 2000,
        Duration: 31_500,
        Size: 65,
      },
    ],
    RecordedSeconds: 121.5,
    RecordedMinutes: 3,
  })
  const gone = { type: 'finished', atMs: api.clock.wallMs(), reason: 'stopped' } as const
  await api.store.recordCall(InstanceId, [gone])
  await api.call('DeleteAIAgentInstance', { InstanceId }, '2026-11-01')
  assert.deepEqual(recordings.removed, [InstanceId])
})
