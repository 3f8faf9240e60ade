import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR_MS } from '../ports/statistics-store.ts'
import { agent, AGENT_ID, instance, T0, turn } from '../ports/store-samples.contract.ts'
import { apiUnderTest, NOW_MS } from '../../test/wire/api-under-test.ts'

const VERSION = '2026-11-01'

async function busyHour() {
  const api = apiUnderTest()
  const { store } = api
  await store.putAgent(agent({ name: 'Ann' }))
  for (const index of [0, 1, 2]) {
    const made = instance(-index * HOUR_MS, index)
    await store.createInstance(made)
    const atMs = T0 - index * HOUR_MS
    const spoken = {
      speechEndMs: atMs,
      turnEndMs: atMs + 1,
      firstAudioMs: atMs + 500 + index * 250,
    }
    await store.recordCall(made.instanceId, [
      { type: 'executing', atMs },
      { type: 'turn', turn: turn(1, spoken) },
      { type: 'provider-failure', atMs, part: 'llm', provider: 'openai' },
      { type: 'finished', atMs: atMs + 90_000, reason: 'user-left' },
    ])
  }
  return api
}

test('the last day is told hour by hour, with totals, agents and reasons', async () => {
  const { call } = await busyHour()
  const { status, json } = await call('DescribeStatistics', {}, VERSION)
  assert.equal(status, 200)
  const hours = json['Periods'] as readonly Record<string, unknown>[]
  assert.deepEqual(
    hours.map(({ Calls, Minutes, AnswerDelayP50Ms: p50 }) => [Calls, Minutes, Number(p50) > 480]),
    [1, 2, 3].map(() => [1, 1.5, true]),
  )
  const total = json['Total'] as Readonly<Record<string, number>>
  assert.deepEqual([total['Calls'], total['Ended'], total['Minutes']], [3, 3, 4.5])
  assert.ok(Math.abs((total['AnswerDelayP50Ms'] ?? 0) - 750) < 25)
  assert.ok(Math.abs((total['AnswerDelayP95Ms'] ?? 0) - 1000) < 30)
  assert.deepEqual(json['EndReasons'], [{ EndReason: 'user-left', Count: 3 }])
  assert.deepEqual(json['Failures'], [{ Kind: 'llm', Provider: 'openai', Count: 3 }])
  const agents = json['Agents'] as readonly Record<string, unknown>[]
  assert.deepEqual(
    agents.map(({ Name, Calls, CallsNow }) => [Name, Calls, CallsNow]),
    [['Ann', 3, 0]],
  )
})

test('a range can be asked for, of one agent; calls of now count wherever they began', async () => {
  const { call, calls } = await busyHour()
  const asked = { AIAgentId: AGENT_ID, StartTime: new Date(T0).toISOString() }
  const { json } = await call('DescribeStatistics', asked, VERSION)
  assert.equal((json['Total'] as Readonly<Record<string, number>>)['Calls'], 1)
  assert.equal(json['CallsNow'], 0)
  await call('GenerateAIAgentCall', { AIAgentId: AGENT_ID })
  assert.equal(calls.activeCount(AGENT_ID), 1)
  const now = await call('DescribeStatistics', asked, VERSION)
  assert.equal(now.json['CallsNow'], 1)
})

test('hours are put together to periods', async () => {
  const { call } = await busyHour()
  const { json } = await call('DescribeStatistics', { PeriodHours: '24' }, VERSION)
  const periods = json['Periods'] as readonly Record<string, unknown>[]
  assert.deepEqual(
    periods.map(({ StartTime, Calls }) => [StartTime, Calls]),
    [[json['StartTime'], 3]],
  )
})

test('a range that is none, or too long, is refused', async () => {
  const { call } = apiUnderTest()
  const ask = async (from: number, until: number): Promise<unknown> => {
    const StartTime = new Date(NOW_MS + from).toISOString()
    const EndTime = new Date(NOW_MS + until).toISOString()
    return (await call('DescribeStatistics', { StartTime, EndTime }, VERSION)).json['Code']
  }
  assert.equal(await ask(0, -2 * HOUR_MS), 'EndTimeMismatch')
  assert.equal(await ask(-32 * 24 * HOUR_MS, 0), 'InvalidParameter')
  assert.equal(await ask(-31 * 24 * HOUR_MS, 0), undefined)
  assert.equal(
    (await call('DescribeStatistics', { AIAgentId: 'f'.repeat(32) }, VERSION)).json['Code'],
    'AgentNotFound',
  )
})
