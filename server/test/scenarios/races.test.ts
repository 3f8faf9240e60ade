/** Two clients at once, in more than 1,000 orders of events: no wrong status, no lost change. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClientMessage } from '../../src/schema/messages.ts'
import { InterleavedServer } from './interleaved-server.ts'

const ROUNDS = 260
const STATUSES = ['Created', 'Executing', 'Finished']
const OWN = '2026-11-01'

type Json = Record<string, unknown>

/** Runs a story under many orders; a failure names the seed. */
function race(name: string, story: (server: InterleavedServer) => Promise<void>): void {
  test(`${ROUNDS} orders of: ${name}`, async () => {
    for (let seed = 0; seed < ROUNDS; seed += 1) {
      const server = new InterleavedServer(seed)
      try {
        await story(server)
        assert.deepEqual(server.errors, [])
      } catch (error) {
        throw new Error(`with seed ${seed}: ${String(error)} ${server.errors.join('\n')}`, {
          cause: error,
        })
      } finally {
        server.close()
      }
    }
  })
}

const codeOf = ({ status, json }: { readonly status: number; readonly json: Json }): string =>
  `${status} ${String(json['Code'] ?? '')}`.trim()

async function makeAgent(server: InterleavedServer): Promise<string> {
  const making = server.call('CreateAIAgent', { Name: 'agent' }, OWN)
  await server.run(making)
  return String((await making).json['AIAgentId'])
}

const start = (server: InterleavedServer, AIAgentId: string): ReturnType<typeof server.call> =>
  server.call('GenerateAIAgentCall', { AIAgentId, UserId: 'user' })

async function statusOf(server: InterleavedServer, InstanceId: string): Promise<string> {
  const { json } = await server.call('DescribeAIAgentInstance', { InstanceId })
  return String((json['Instance'] as Json)['Status'])
}

/** Looks at a call until told to stop, and sees that its status never goes back. */
function watch(server: InterleavedServer, instanceId: string) {
  let isDone = false
  const watching = (async () => {
    let last = 0
    while (!isDone) {
      const status = STATUSES.indexOf(await statusOf(server, instanceId))
      assert.ok(status >= last, `${STATUSES[last]} became ${STATUSES[status]}`)
      last = status
      await server.pause()
    }
  })()
  return {
    watching,
    stop: () => {
      isDone = true
    },
  }
}

/** The id of the only call, as soon as it is stored. */
async function onlyCall(server: InterleavedServer): Promise<string> {
  for (;;) {
    const [instance] = await server.kept.liveInstances()
    if (instance !== undefined) return instance.instanceId
    await server.pause()
  }
}

race('stopping a call that is being started', async (server) => {
  const agentId = await makeAgent(server)
  const starting = start(server, agentId)
  const stopping = (async () => {
    const instanceId = await onlyCall(server)
    const watched = watch(server, instanceId)
    for (let pauses = server.dice(4); pauses > 0; pauses -= 1) await server.pause()
    const stored = await server.kept.getInstance(instanceId)
    if (server.dice(2) === 0) server.join(stored?.channelId ?? '')
    const stopped = await server.call('StopAIAgentInstance', { InstanceId: instanceId })
    assert.equal(codeOf(stopped), '200')
    assert.equal(await statusOf(server, instanceId), 'Finished', 'stopped, but not finished')
    watched.stop()
    await watched.watching
    return instanceId
  })()
  await server.run(starting, stopping)
  assert.equal(codeOf(await starting), '200')
  await server.settle(500)
  const stored = await server.kept.getInstance(await stopping)
  assert.deepEqual([stored?.status, stored?.endReason], ['Finished', 'stopped'])
  assert.equal(server.pool.callCount, 0)
})

race('changing a call that is about to end', async (server) => {
  const agentId = await makeAgent(server)
  const starting = start(server, agentId)
  await server.run(starting)
  const { InstanceId, ChannelId } = (await starting).json as Record<string, string>
  const instanceId = InstanceId ?? ''
  const user = server.join(ChannelId ?? '')
  assert.ok(user)
  await server.settle(server.dice(300))
  const update = (change: Record<string, string>): Promise<string> =>
    server.call('UpdateAIAgentInstance', { InstanceId: instanceId, ...change }).then(codeOf)
  const changing = Promise.all([
    update({ AgentConfig: '{"Greeting":"one"}', UserData: 'changed' }),
    update({ AgentConfig: '{"MaxIdleTime":77}' }),
    server.pause().then(() => update({ AgentConfig: '{"WakeUpQuery":"three"}' })),
  ])
  const ending = (async () => {
    for (let pauses = server.dice(6); pauses > 0; pauses -= 1) await server.pause()
    if (server.dice(2) === 0) user.leave()
    else await server.call('StopAIAgentInstance', { InstanceId: instanceId })
  })()
  const watched = watch(server, instanceId)
  await server.run(changing, ending)
  watched.stop()
  await server.run(watched.watching)
  await server.settle(8000)
  const stored = await server.kept.getInstance(instanceId)
  assert.equal(stored?.status, 'Finished')
  const config = JSON.parse(stored?.agentConfig ?? '') as Json
  const template = (JSON.parse(stored?.templateConfig ?? '') as Record<string, Json>)['VoiceChat']
  const made = [
    config['Greeting'] === 'one',
    config['MaxIdleTime'] === 77,
    config['WakeUpQuery'] === 'three',
  ]
  for (const [index, code] of (await changing).entries()) {
    assert.ok(code === '200' || code === '400 InvalidInstanceStatus', code)
    assert.equal(made[index], code === '200', `change ${index} was answered ${code}`)
  }
  assert.equal(template?.['Greeting'], config['Greeting'])
  assert.equal(stored?.userData === 'changed', made[0])
  assert.equal(server.pool.callCount, 0)
})

race('changing a call by the API and by its user at once', async (server) => {
  const agentId = await makeAgent(server)
  const starting = start(server, agentId)
  await server.run(starting)
  const { InstanceId, ChannelId } = (await starting).json as Record<string, string>
  const user = server.join(ChannelId ?? '')
  assert.ok(user)
  await server.settle(200)
  const update = async (AgentConfig: string): Promise<void> => {
    const given = { InstanceId: InstanceId ?? '', AgentConfig }
    assert.equal(codeOf(await server.call('UpdateAIAgentInstance', given)), '200')
  }
  const say = async (type: number, data: object): Promise<void> => {
    for (let pauses = server.dice(5); pauses > 0; pauses -= 1) await server.pause()
    user.send(type, data)
  }
  await server.run(
    update('{"Greeting":"one"}'),
    update('{"TtsConfig":{"SpeechRate":1.5}}'),
    say(ClientMessage.maxSilence, { asrMaxSilence: 700 }),
    say(ClientMessage.systemPrompt, { prompt: 'two' }),
  )
  await server.settle(500)
  const expected = {
    Greeting: 'one',
    TtsConfig: { SpeechRate: 1.5 },
    AsrConfig: { AsrMaxSilence: 700 },
    LlmConfig: { LlmSystemPrompt: 'two' },
  }
  const config = async (): Promise<Json> =>
    JSON.parse((await server.kept.getInstance(InstanceId ?? ''))?.agentConfig ?? '') as Json
  assert.deepEqual(await config(), expected)
  // The call itself has come to the same.
  user.send(ClientMessage.voiceInterrupt, { enable: false })
  await server.settle(500)
  const last = { ...expected, InterruptConfig: { EnableVoiceInterrupt: false } }
  assert.deepEqual(JSON.parse(server.lastSettings), last)
  assert.deepEqual(await config(), last)
})

race('listing calls while others are started', async (server) => {
  const agentId = await makeAgent(server)
  const started = new Set<string>()
  const starter = async (calls: number): Promise<void> => {
    for (let call = 0; call < calls; call += 1) {
      const answer = await start(server, agentId)
      assert.equal(codeOf(answer), '200')
      started.add(String(answer.json['ChannelId']))
    }
  }
  await server.run(starter(2))
  await server.settle(50)
  const before = await newest(server, agentId)
  const untilTime = new Date(server.clock.wallMs() - 1).toISOString()
  const list = async (parameters: Record<string, string>): Promise<string[]> => {
    const answer = await server.call('ListAIAgentInstance', { AIAgentId: agentId, ...parameters })
    assert.equal(codeOf(answer), '200')
    return (answer.json['Instances'] as { RuntimeConfig: { ChannelId: string } }[]).map(
      (row) => row.RuntimeConfig.ChannelId,
    )
  }
  let isDone = false
  const starting = Promise.all([starter(2), starter(1)]).finally(() => {
    isDone = true
  })
  const listing = (async () => {
    while (!isDone) {
      const known = [...started]
      const all = await list({ PageSize: '100' })
      assert.equal(new Set(all).size, all.length, 'a call is listed twice')
      for (const channel of known) assert.ok(all.includes(channel), 'a started call is not listed')
      assert.deepEqual(all.slice(-2), before, 'the oldest are the last')
      const pages = [
        ...(await list({ PageSize: '1', PageNumber: '1', EndTime: untilTime })),
        ...(await list({ PageSize: '1', PageNumber: '2', EndTime: untilTime })),
      ]
      assert.deepEqual(pages, before, 'the past has changed')
    }
  })()
  await server.run(starting, listing)
  assert.equal((await newest(server, agentId)).length, 5)
})

/** The channels of the agent's calls as they are stored, the newest call first. */
async function newest(server: InterleavedServer, agentId: string): Promise<string[]> {
  const rows = await server.kept.listInstances({ agentId, pageSize: 100, pageNumber: 1 })
  return rows.map(({ runtimeConfig }) => {
    const config = JSON.parse(runtimeConfig) as { ChannelId: string }
    return config.ChannelId
  })
}
