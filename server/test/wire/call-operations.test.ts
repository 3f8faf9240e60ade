/** What goes between several of the operations on calls, through the vendor's own client. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fail } from '../../src/base/result.ts'
import type { CommandRefusal } from '../../src/ports/calls.ts'
import { AGENT_ID, DESCRIBED, VendorPort, type Parameters } from './vendor-port.ts'

let wire: VendorPort
before(async () => {
  wire = await VendorPort.open()
})
after(() => wire.close())

test('a call that is over can be read and stopped, and nothing else', async () => {
  const InstanceId = await wire.finishedCall()
  for (const action of ['Describe', 'Stop']) {
    await wire.succeeds(`${action}AIAgentInstance`, { InstanceId })
    await wire.succeeds(`${action}RtcRobotInstance`, { InstanceId })
  }
  const over = /^400 InvalidInstanceStatus /
  await wire.fails('UpdateAIAgentInstance', { InstanceId, UserData: 'x' }, over)
  await wire.fails('UpdateRtcRobotInstance', { InstanceId, Config: '{}' }, over)
  await wire.fails('SendAIAgentSpeech', { InstanceId, Text: 'x' }, over)
  await wire.fails('SendAIAgentText', { InstanceId, Text: 'x' }, over)
  await wire.fails('SendAIAgentDataChannelMessage', { InstanceId, Message: '1' }, over)
  await wire.fails('TakeoverAIAgentCall', { InstanceId }, over)
})

test('what a running call refuses reaches the client in words', async () => {
  const InstanceId = await wire.startCall()
  const cases: [CommandRefusal, string, Parameters, RegExp][] = [
    ['gone', 'SendAIAgentSpeech', { Text: 'x' }, /^400 InvalidInstanceStatus .*finished/],
    [
      'taken-over',
      'SendAIAgentText',
      { Text: 'x' },
      /^400 InvalidInstanceStatus .*A human has taken/,
    ],
    ['taken-over', 'TakeoverAIAgentCall', {}, /^400 InvalidInstanceStatus .*A human has taken/],
    [
      'nobody-there',
      'SendAIAgentDataChannelMessage',
      { Message: '{}' },
      /^400 InvalidInstanceStatus .*No user is connected/,
    ],
    [
      'name-taken',
      'TakeoverAIAgentCall',
      { HumanAgentUserId: 'user' },
      /^400 InvalidParameter .*HumanAgentUserId .*the only user/,
    ],
  ]
  cases.push(['not-stored', 'SendAIAgentText', { Text: 'x' }, /^503 ServiceUnavailable /])
  for (const [refusal, action, query, expected] of cases) {
    wire.api.calls.commandOutcome = fail(refusal)
    await wire.fails(action, { InstanceId, ...query }, expected)
  }
  wire.api.calls.commandOutcome = { ok: true, value: undefined }
})

test('TakeoverAIAgentCall: the human’s name and token', async () => {
  const InstanceId = await wire.startCall()
  const { Instance } = await wire.succeeds('DescribeAIAgentInstance', { InstanceId })
  const { RuntimeConfig } = Instance as { RuntimeConfig: Record<string, string> }
  const plain = await wire.succeeds('TakeoverAIAgentCall', { InstanceId })
  assert.match(String(plain['HumanAgentUserId']), /^[0-9a-f]{32}$/)
  assert.equal(plain['ChannelId'], RuntimeConfig['ChannelId'])
  assert.ok(!('Token' in plain))
  assert.ok(
    !(
      'Token' in (await wire.succeeds('TakeoverAIAgentCall', { InstanceId, RequireToken: 'false' }))
    ),
  )
  const query = { InstanceId, HumanAgentUserId: ' Jo_1-2 ', RequireToken: 'true' }
  const named = await wire.succeeds('TakeoverAIAgentCall', query)
  assert.equal(named['HumanAgentUserId'], 'Jo_1-2')
  const token = JSON.parse(Buffer.from(String(named['Token']), 'base64').toString()) as object
  assert.equal((token as { userid: string }).userid, 'Jo_1-2')
  assert.equal((token as { channelid: string }).channelid, RuntimeConfig['ChannelId'])
  const told = wire.api.calls.commanded.slice(-1)
  assert.deepEqual(told, [
    { instanceId: InstanceId, command: { type: 'takeover', humanUserId: 'Jo_1-2' } },
  ])
  const agent = { InstanceId, HumanAgentUserId: RuntimeConfig['AgentUserId'] ?? '' }
  for (const query of [
    agent,
    { InstanceId, HumanAgentUserId: 'a b' },
    { InstanceId, HumanAgentUserId: 'u'.repeat(65) },
  ])
    await wire.fails('TakeoverAIAgentCall', query, /^400 InvalidParameter .*HumanAgentUserId/)
})

test('times and pages of ListAIAgentInstance that do not fit together', async () => {
  const times = { StartTime: '2026-03-01T12:00:01Z', EndTime: '2026-03-01T12:00:00Z' }
  const list = (query: Parameters, expected: RegExp) =>
    wire.fails('ListAIAgentInstance', { AIAgentId: AGENT_ID, ...query }, expected)
  await list(times, /^400 EndTimeMismatch .*does not math/)
  await list({ StartTime: 'yesterday' }, /^400 MalformedStartTime .*StartTime is not valid/)
  await list({ EndTime: '2026-03-01' }, /^400 MalformedEndTime .*EndTime is not valid/)
  const { Instances } = await wire.succeeds('ListAIAgentInstance', {
    AIAgentId: AGENT_ID,
    PageSize: '0',
  })
  assert.deepEqual(Instances, [])
})

test('a robot is an agent: its instance is the same in both forms', async () => {
  const start = wire.robot()
  const Config = JSON.stringify({ Greeting: 'Hi', AsrMaxSilence: '300', Volume: 50, Other: 1 })
  const started = await wire.succeeds('StartRtcRobotInstance', {
    ...start,
    Config,
    UserData: 'mine',
  })
  const InstanceId = String(started['InstanceId'])
  const old = await wire.succeeds('DescribeRtcRobotInstance', { InstanceId })
  assert.deepEqual(
    { ...old, RequestId: '' },
    {
      RequestId: '',
      Status: 'Executing',
      ChannelId: start['ChannelId'],
      UserId: 'agent',
      AuthToken: start['AuthToken'],
      UserData: 'mine',
      Config: { Greeting: 'Hi', VoiceId: 'v' },
    },
  )
  const { Instance } = await wire.succeeds('DescribeAIAgentInstance', { InstanceId })
  const { AgentConfig, Status } = Instance as { AgentConfig: object; Status: string }
  assert.equal(Status, 'Created')
  assert.deepEqual(AgentConfig, {
    Greeting: 'Hi',
    Other: 1,
    Volume: 50,
    TtsConfig: { VoiceId: 'v' },
    AsrConfig: { AsrMaxSilence: 300 },
  })
  const change = JSON.stringify({ EnableVoiceInterrupt: false, VoiceId: 'w' })
  await wire.succeeds('UpdateRtcRobotInstance', { InstanceId, Config: change })
  const { Config: changed } = await wire.succeeds('DescribeRtcRobotInstance', { InstanceId })
  assert.deepEqual(changed, { Greeting: 'Hi', VoiceId: 'w', EnableVoiceInterrupt: false })
  assert.match(
    wire.api.calls.updated.at(-1)?.change.agentConfig ?? '',
    /"EnableVoiceInterrupt":false/,
  )
  await wire.succeeds('StopRtcRobotInstance', { InstanceId })
  assert.equal(wire.api.calls.stopped.at(-1), InstanceId)
  await wire.fails('StartRtcRobotInstance', start, /^409 InstanceAlreadyExists/)
  const { ChannelId: other } = wire.joining()
  await wire.fails(
    'StartRtcRobotInstance',
    { ...wire.robot(), ChannelId: other },
    /^400 InvalidAuthToken .*, AuthToken is not valid/,
  )
  const long = JSON.stringify({ AsrMaxSilence: 1201 })
  await wire.fails(
    'StartRtcRobotInstance',
    { ...wire.robot(), Config: long },
    /parameter Config\.AsrMaxSilence value/,
  )
  await wire.fails(
    'StartRtcRobotInstance',
    { ...wire.robot(), UserId: 'a b' },
    /parameter UserId value/,
  )
})

test('each documented member of an instance is given back once it has a value', async () => {
  const InstanceId = await wire.finishedCall()
  const notYet = ['CallInfo'] // There is no telephone yet.
  const { Instance } = await wire.succeeds('DescribeAIAgentInstance', { InstanceId })
  const documented = DESCRIBED['DescribeAIAgentInstance']?.response[0]?.fields ?? []
  const names = documented.map(({ name }) => name).filter((name) => !notYet.includes(name))
  assert.deepEqual(Object.keys(Instance as object).sort(), names.sort())
  const { Instances } = await wire.succeeds('ListAIAgentInstance', {
    AIAgentId: AGENT_ID,
    PageSize: '100',
  })
  const fields = DESCRIBED['ListAIAgentInstance']?.response[0]?.fields ?? []
  const finished = (Instances as Record<string, unknown>[]).find((one) => 'CallLogUrl' in one)
  assert.deepEqual(Object.keys(finished ?? {}).sort(), fields.map(({ name }) => name).sort())
})
