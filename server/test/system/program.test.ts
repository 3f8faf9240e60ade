/** A program written against the vendor's API: its own npm clients, a WebSocket for the sound, real speech. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeChannelToken, type RtcApp } from '../../src/schema/channel-token.ts'
import { startAntiphon, until, type Antiphon } from './antiphon-process.ts'
import { SocketCaller, sound } from './socket-caller.ts'
import {
  OWN_VERSION,
  vendorClients,
  type VendorClients,
  type VendorError,
} from './vendor-client.ts'

let server: Antiphon
let vendor: VendorClients

before(async () => {
  server = await startAntiphon()
  vendor = vendorClients(server)
})
after(async () => {
  await server.end()
})

interface Listed {
  readonly Status: string
  readonly CallLogUrl?: string
  readonly RuntimeConfig: { readonly ChannelId: string; readonly AgentUserId: string }
  readonly AgentConfig: { readonly Greeting?: string }
  readonly TemplateConfig: { readonly VoiceChat: { readonly Greeting?: string } }
  readonly UserData?: string
}

async function makeAgent(agentConfig: object = {}, providers: object = {}): Promise<string> {
  const made = await vendor.call(
    'CreateAIAgent',
    { Name: 'Test', Type: 'VoiceChat', AgentConfig: agentConfig, Providers: providers },
    OWN_VERSION,
  )
  return String(made['AIAgentId'])
}

async function list(agentId: string, query: object = {}): Promise<readonly Listed[]> {
  const answer = await vendor.call('ListAIAgentInstance', { AIAgentId: agentId, ...query })
  return answer['Instances'] as readonly Listed[]
}

async function startCall(
  agentId: string,
  query: object = {},
): Promise<{
  readonly caller: SocketCaller
  readonly instanceId: string
  readonly channelId: string
}> {
  const made = await vendor.call('GenerateAIAgentCall', { AIAgentId: agentId, ...query })
  const channelId = String(made['ChannelId'])
  const caller = await SocketCaller.connect(server.origin, channelId, String(made['Token']))
  return { caller, channelId, instanceId: String(made['InstanceId']) }
}

async function rejection(promise: Promise<unknown>): Promise<VendorError> {
  return promise.then(
    () => assert.fail('it was accepted'),
    (error: unknown) => error as VendorError,
  )
}

const ended = (instanceId: string): Promise<void> =>
  until(async () => {
    const described = await vendor.call('DescribeAIAgentInstance', { InstanceId: instanceId })
    return (described['Instance'] as { Status: string }).Status === 'Finished'
  })

test('an agent is made, called, answers two spoken turns, and the call is listed at each stage', async () => {
  const agentId = await makeAgent({ Greeting: 'Hello from the test agent.' })
  const made = await vendor.call('GenerateAIAgentCall', {
    AIAgentId: agentId,
    UserId: 'caller-1',
    UserData: '{"order":"4711 ✓"}',
  })
  const [created] = await list(agentId)
  assert.equal(created?.Status, 'Created')
  assert.equal(created?.CallLogUrl, undefined)
  assert.equal(created?.UserData, '{"order":"4711 ✓"}')
  assert.equal(created?.AgentConfig.Greeting, 'Hello from the test agent.')
  assert.equal(created?.TemplateConfig.VoiceChat.Greeting, 'Hello from the test agent.')
  assert.equal(created?.RuntimeConfig.ChannelId, made['ChannelId'])
  assert.equal(created?.RuntimeConfig.AgentUserId, made['AIAgentUserId'])

  const caller = await SocketCaller.connect(
    server.origin,
    String(made['ChannelId']),
    String(made['Token']),
  )
  await until(() => caller.answered().get(1)?.includes('Hello') === true)
  assert.equal((await list(agentId))[0]?.Status, 'Executing')
  await until(() => caller.of(1001).at(-1)?.data['state'] === 1)

  await caller.play(sound('en_two_turns.wav'))
  await until(() => caller.said().length >= 2)
  await until(() => caller.of(1001).at(-1)?.data['state'] === 1, 20_000)
  const [first = '', second = ''] = caller.said()
  assert.match(first.toLowerCase(), /what time/)
  assert.match(second.toLowerCase(), /day/)
  const answers = [...caller.answered().values()].slice(1)
  assert.equal(answers.length, 2, JSON.stringify(answers))
  assert.ok(answers.every((answer) => answer.trim() !== ''))
  assert.ok(
    caller.of(1003).some(({ data }) => data['end'] === false),
    'partial subtitles',
  )
  const heardMs =
    caller.heard.filter(({ frame }) => frame.some((one) => Math.abs(one) > 500)).length * 20
  assert.ok(heardMs > 2000, `the agent was heard for ${heardMs} ms`)

  await vendor.call('StopAIAgentInstance', { InstanceId: made['InstanceId'] })
  const [finished] = await list(agentId)
  assert.equal(finished?.Status, 'Finished')
  await until(() => !caller.isOpen)
  assert.equal(caller.of(1010).length, 1)

  const log = (await (await fetch(finished?.CallLogUrl ?? '')).json()) as {
    instanceId: string
    startTime: number
    dialog: { id: number; begin: number; role: string; type: string; text: string }[]
    antiphon: { turns: { endOfSpeech?: number }[] }
  }
  assert.equal(log.instanceId, made['InstanceId'])
  assert.deepEqual(
    log.dialog.map(({ role, type }) => `${role} ${type}`),
    ['agent greeting', 'user normal', 'agent normal', 'user normal', 'agent normal'],
  )
  assert.deepEqual(
    log.dialog.map(({ id }) => id),
    [1, 2, 3, 4, 5],
  )
  assert.equal(log.dialog[1]?.text, first)
  const tampered = await fetch((finished?.CallLogUrl ?? '').replace('signature=', 'signature=0'))
  assert.equal(tampered.status, 403)

  const old = await vendor.callOld('ListAIAgentInstance', { AIAgentId: agentId })
  assert.equal((old['Instances'] as readonly Listed[])[0]?.Status, 'Finished')
})

test('silence, noise and a tone cause no turn', async () => {
  const agentId = await makeAgent()
  const { caller, instanceId } = await startCall(agentId)
  for (const name of ['silence_2s.wav', 'noise_pink_3s.wav', 'tone_1khz_1s.wav']) {
    await caller.play(sound(name))
  }
  await caller.play(new Int16Array(16_000 * 2))
  assert.deepEqual(caller.said(), [])
  assert.deepEqual(caller.of(1002), [])
  caller.close()
  await vendor.call('StopAIAgentInstance', { InstanceId: instanceId })
})

for (const { name, config, turns } of [
  {
    name: 'one turn with AsrMaxSilence 1200',
    config: { AsrConfig: { AsrMaxSilence: 1200 } },
    turns: 1,
  },
  {
    name: 'two with 400 and EnableIntelligentSegment false',
    config: { AsrConfig: { AsrMaxSilence: 400 }, EnableIntelligentSegment: false },
    turns: 2,
  },
]) {
  test(`a pause of 0.9 s in a sentence: ${name}`, async () => {
    const agentId = await makeAgent(config)
    const { caller, instanceId } = await startCall(agentId)
    await caller.play(sound('en_pause_700ms.wav'))
    await until(() => caller.said().length >= turns)
    await caller.play(new Int16Array(16_000 * 2))
    assert.equal(caller.said().length, turns, JSON.stringify(caller.said()))
    assert.match(caller.said().join(' ').toLowerCase(), /order.*pizza.*water/)
    caller.close()
    await vendor.call('StopAIAgentInstance', { InstanceId: instanceId })
  })
}

test('paging, time range and order of the list', async () => {
  const agentId = await makeAgent({}, SCRIPTED)
  const times: number[] = []
  for (let index = 0; index < 5; index += 1) {
    const made = await vendor.call('GenerateAIAgentCall', {
      AIAgentId: agentId,
      UserData: String(index),
    })
    times.push(Number.parseInt(String(made['InstanceId']).slice(0, 12), 16))
    await vendor.call('StopAIAgentInstance', { InstanceId: made['InstanceId'] })
  }
  const userData = async (query: object): Promise<unknown[]> =>
    (await list(agentId, query)).map((row) => row.UserData)
  assert.deepEqual(await userData({}), ['4', '3', '2', '1', '0'])
  assert.deepEqual(await userData({ PageSize: 2, PageNumber: 2 }), ['2', '1'])
  assert.deepEqual(await userData({ PageSize: 2, PageNumber: 4 }), [])
  assert.deepEqual(await userData({ PageSize: 0 }), [])
  const iso = (index: number): string => new Date(times[index] ?? 0).toISOString()
  assert.deepEqual(await userData({ StartTime: iso(1), EndTime: iso(3) }), ['3', '2', '1'])
  assert.deepEqual(await userData({ StartTime: iso(4) }), ['4'])
})

test('every documented error reaches the vendor’s client as it is', async () => {
  const agentId = await makeAgent({}, SCRIPTED)
  const refusals: readonly [query: object, code: string, status: number][] = [
    [{}, 'MissingAIAgentId', 400],
    [{ AIAgentId: '0'.repeat(32) }, 'AgentNotFound', 404],
    [{ AIAgentId: agentId, PageSize: 101 }, 'InvalidParameter', 400],
    [{ AIAgentId: agentId, PageSize: -1 }, 'InvalidParameter', 400],
    [{ AIAgentId: agentId, PageNumber: 0 }, 'InvalidParameter', 400],
    [{ AIAgentId: agentId, PageNumber: 101 }, 'InvalidParameter', 400],
    [{ AIAgentId: agentId, PageNumber: 'x' }, 'InvalidParameter', 400],
    [{ AIAgentId: agentId, StartTime: 'yesterday' }, 'MalformedStartTime', 400],
    [{ AIAgentId: agentId, EndTime: '2026-13-01T00:00:00Z' }, 'MalformedEndTime', 400],
    [
      { AIAgentId: agentId, StartTime: '2026-02-01T00:00:00Z', EndTime: '2026-01-01T00:00:00Z' },
      'EndTimeMismatch',
      400,
    ],
  ]
  for (const [query, code, status] of refusals) {
    const error = await rejection(vendor.call('ListAIAgentInstance', { ...query }))
    assert.equal(error.code, code, JSON.stringify(query))
    assert.equal(error.data?.['statusCode'] ?? error.statusCode, status, JSON.stringify(query))
  }
  const language = await rejection(
    vendor.call('GenerateAIAgentCall', {
      AIAgentId: await makeAgent(),
      AgentConfig: { AsrConfig: { AsrLanguageId: 'zh_mandarin' } },
    }),
  )
  assert.equal(language.code, 'InvalidParameter')
  assert.match(language.message, /AsrConfig\.AsrLanguageId/)
  const later = await rejection(vendor.call('ForwardAIAgentCall', { InstanceId: 'x' }))
  assert.equal(later.code, 'InvalidAction.NotSupported')
  assert.match(later.message, /Action ForwardAIAgentCall is not supported by this server yet\./)
  const unknown = await rejection(vendor.call('MakeCoffee', {}))
  assert.equal(unknown.code, 'InvalidAction.NotFound')
})

test('a deleted agent’s calls stay listed', async () => {
  const agentId = await makeAgent({}, SCRIPTED)
  const { caller, instanceId } = await startCall(agentId)
  await vendor.call('DeleteAIAgent', { AIAgentId: agentId }, OWN_VERSION)
  await until(async () => (await list(agentId))[0]?.Status === 'Executing')
  const gone = await rejection(vendor.call('GenerateAIAgentCall', { AIAgentId: agentId }))
  assert.equal(gone.code, 'AgentNotFound')
  await vendor.call('StopAIAgentInstance', { InstanceId: instanceId })
  assert.equal((await list(agentId))[0]?.Status, 'Finished')
  caller.close()
})

test('a call is started in the caller’s own channel, with tokens the caller made', async () => {
  const agentId = await makeAgent({}, SCRIPTED)
  const app = JSON.parse(readFileSync(join(server.folder, 'rtc-app.json'), 'utf8')) as RtcApp
  const channelId = 'my-own_channel-1'
  const expiresS = Math.floor(Date.now() / 1000) + 600
  const tokenFor = (userId: string): string =>
    makeChannelToken({ ...app, channelId, userId, expiresS })
  const RuntimeConfig = { ChannelId: channelId, AgentUserId: 'agent', AuthToken: tokenFor('agent') }
  const started = await vendor.call('StartAIAgentInstance', { AIAgentId: agentId, RuntimeConfig })
  const taken = await rejection(
    vendor.call('StartAIAgentInstance', { AIAgentId: agentId, RuntimeConfig }),
  )
  assert.equal(taken.code, 'InstanceAlreadyExists')
  const foreign = await rejection(
    vendor.call('StartAIAgentInstance', {
      AIAgentId: agentId,
      RuntimeConfig: { ...RuntimeConfig, AgentUserId: 'other' },
    }),
  )
  assert.equal(foreign.code, 'InvalidAuthToken')
  const caller = await SocketCaller.connect(server.origin, channelId, tokenFor('me'))
  await until(() => caller.of(1001).length > 0)
  caller.send(1111, { text: 'hello', enableInterrupt: 1 })
  await until(() => [...caller.answered().values()].join('').includes('Hello yourself.'))
  const [listed] = await list(agentId)
  assert.equal(listed?.Status, 'Executing')
  assert.deepEqual(
    { ...listed?.RuntimeConfig, VoiceChat: undefined },
    { ...RuntimeConfig, VoiceChat: undefined },
  )
  await vendor.call('UpdateAIAgentInstance', {
    InstanceId: started['InstanceId'],
    AgentConfig: { InterruptConfig: { EnableVoiceInterrupt: false } },
    UserData: 'changed',
  })
  await until(() => caller.of(1004).length === 1)
  assert.deepEqual(caller.of(1004)[0]?.data, { enable: false })
  assert.equal((await list(agentId))[0]?.UserData, 'changed')
  await vendor.call('StopAIAgentInstance', { InstanceId: started['InstanceId'] })
  await vendor.call('StopAIAgentInstance', { InstanceId: started['InstanceId'] })
  const late = await rejection(
    vendor.call('UpdateAIAgentInstance', { InstanceId: started['InstanceId'], UserData: 'x' }),
  )
  assert.equal(late.code, 'InvalidInstanceStatus')
  caller.close()
})

test('a program has the agent speak, asks it by text, sends its client a message, counts calls', async () => {
  const agentId = await makeAgent({}, { ...SCRIPTED, tts: { provider: 'scripted', msPerChar: 20 } })
  const { caller, instanceId } = await startCall(agentId)
  await until(() => caller.of(1001).length > 0)
  const counted = await vendor.call('GetAIAgentConcurrency', { AIAgentId: agentId })
  assert.equal(counted['ActiveCount'], 1)
  const about = { InstanceId: instanceId }
  await vendor.call('SendAIAgentSpeech', { ...about, Text: 'Your taxi has arrived outside.' })
  await until(() => [...caller.answered().values()].includes('Your taxi has arrived outside.'))
  await vendor.call('SendAIAgentSpeech', {
    ...about,
    Text: 'And it waits.',
    EnableInterrupt: false,
  })
  await vendor.call('SendAIAgentText', { ...about, Text: 'what now' })
  await until(() => caller.said().includes('what now'))
  await until(() => [...caller.answered().values()].includes('Hello yourself.'))
  await vendor.call('SendAIAgentDataChannelMessage', { ...about, Message: '{"card":1}' })
  await until(() => caller.of(1011).length === 1)
  assert.deepEqual(caller.of(1011)[0]?.data, { message: '{"card":1}' })
  for (const [action, query, code] of [
    ['SendAIAgentSpeech', { ...about }, 'MissingText'],
    ['SendAIAgentSpeech', { ...about, Text: 'x'.repeat(1025) }, 'InvalidParameter'],
    ['SendAIAgentSpeech', { ...about, Text: 'x', Type: 'AudioUrl' }, 'InvalidParameter'],
    ['SendAIAgentDataChannelMessage', { ...about, Message: 'no json' }, 'InvalidParameter'],
    ['SendAIAgentText', { InstanceId: '0'.repeat(32), Text: 'x' }, 'InstanceNotFound'],
  ] as const) {
    assert.equal((await rejection(vendor.call(action, query))).code, code, action)
  }
  await vendor.call('StopAIAgentInstance', about)
  const late = await rejection(vendor.call('SendAIAgentText', { ...about, Text: 'hello?' }))
  assert.equal(late.code, 'InvalidInstanceStatus')
  const none = await vendor.call('GetAIAgentConcurrency', { AIAgentId: agentId })
  assert.equal(none['ActiveCount'], 0)
  caller.close()
})

test('a second connection of the same user replaces the first; a bad token is told why it is bad', async () => {
  const agentId = await makeAgent({}, SCRIPTED)
  const made = await vendor.call('GenerateAIAgentCall', { AIAgentId: agentId })
  const channelId = String(made['ChannelId'])
  const token = String(made['Token'])
  const first = await SocketCaller.connect(server.origin, channelId, token)
  await until(() => first.of(1001).length > 0)
  const second = await SocketCaller.connect(server.origin, channelId, token)
  await until(() => !first.isOpen && second.of(1001).length > 0)
  assert.equal((await list(agentId))[0]?.Status, 'Executing')
  for (const bad of ['', 'nonsense', token.replace(/.{6}$/, 'AAAAA=')]) {
    await assert.rejects(SocketCaller.connect(server.origin, channelId, bad), /401/, bad)
  }
  const refused = await fetch(`${server.origin}/rtc/channels/${channelId}`, {
    method: 'POST',
    headers: { Authorization: 'Bearer nonsense', 'Content-Type': 'application/sdp' },
    body: 'v=0\r\n',
  })
  assert.equal(refused.status, 401)
  assert.ok(String(((await refused.json()) as { Message: string }).Message).length > 10)
  second.send(1100)
  await ended(String(made['InstanceId']))
})

const SCRIPTED = {
  asr: { provider: 'scripted', texts: ['hello'] },
  llm: { provider: 'scripted', replies: ['Hello yourself.'] },
  tts: { provider: 'scripted' },
  vad: { provider: 'energy' },
}
