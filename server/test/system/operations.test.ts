/** Every operation on calls, by both of the vendor's npm clients, against a server that really runs. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeChannelToken } from '../../src/schema/channel-token.ts'
import { startAntiphon, until, type Antiphon } from './antiphon-process.ts'
import { ApiCaller } from './api-caller.ts'
import { SocketCaller } from './socket-caller.ts'
import type { VendorClients } from './vendor-client.ts'

type Answer = Record<string, unknown>

let server: Antiphon
let api: ApiCaller
let agentId = ''
before(async () => {
  server = await startAntiphon()
  api = new ApiCaller(server)
  agentId = await api.makeAgent(
    {},
    {
      asr: { provider: 'scripted' },
      llm: { provider: 'scripted', replies: ['Yes.'] },
      tts: { provider: 'scripted' },
      vad: { provider: 'energy' },
    },
  )
})
after(async () => {
  await server.end()
})

function joining(channelId: string): { ChannelId: string; AuthToken: string } {
  const file = readFileSync(join(server.folder, 'rtc-app.json'), 'utf8')
  const app = JSON.parse(file) as { appId: string; appKey: string }
  const expiresS = Math.floor(Date.now() / 1000) + 60
  const AuthToken = makeChannelToken({ ...app, channelId, userId: 'agent', expiresS })
  return { ChannelId: channelId, AuthToken }
}

const CLIENTS: readonly [name: string, pick: (vendor: VendorClients) => VendorClients['call']][] = [
  ['generic client', (vendor) => vendor.call],
  ['pop-core', (vendor) => vendor.callOld],
]

for (const [name, pick] of CLIENTS) {
  test(`${name}: a call is started, reached, listed, handed over and stopped`, async () => {
    const call = pick(api.vendor)
    const refused = (action: string, query: Answer, code: string): Promise<void> =>
      assert.rejects(call(action, query), (error: Error & { code?: string }) => {
        assert.equal(error.code, code, error.message)
        return true
      })
    const made = await call('GenerateAIAgentCall', { AIAgentId: agentId, UserId: 'u', Expire: 600 })
    const InstanceId = String(made['InstanceId'])
    await refused(
      'SendAIAgentDataChannelMessage',
      { InstanceId, Message: '{}' },
      'InvalidInstanceStatus',
    )
    const user = await SocketCaller.connect(
      server.origin,
      String(made['ChannelId']),
      String(made['Token']),
    )
    await until(() => user.of(1001).length > 0)
    await call('SendAIAgentSpeech', { InstanceId, Text: 'Good day.' })
    await until(() => [...user.answered().values()].includes('Good day.'))
    await call('SendAIAgentText', { InstanceId, Text: 'Are you there?' })
    await until(() => [...user.answered().values()].includes('Yes.'))
    await call('SendAIAgentDataChannelMessage', { InstanceId, Message: '{"a":[1]}' })
    await until(() => user.of(1011).length === 1)
    assert.deepEqual(user.of(1011)[0]?.data, { message: '{"a":[1]}' })
    await call('UpdateAIAgentInstance', { InstanceId, AgentConfig: '{"EnablePushToTalk":true}' })
    await until(() => user.of(1007).length === 1)
    const { ActiveCount } = await call('GetAIAgentConcurrency', { AIAgentId: agentId })
    assert.equal(ActiveCount, 1)
    const { Instances } = await call('ListAIAgentInstance', { AIAgentId: agentId, PageSize: 1 })
    assert.equal((Instances as Answer[])[0]?.['Status'], 'Executing')
    const taken = await call('TakeoverAIAgentCall', { InstanceId, RequireToken: true })
    assert.deepEqual(Object.keys(taken).sort(), [
      'ChannelId',
      'HumanAgentUserId',
      'RequestId',
      'Token',
    ])
    await until(() => user.of(1012).length === 1)
    await refused('SendAIAgentText', { InstanceId, Text: 'x' }, 'InvalidInstanceStatus')
    await call('StopAIAgentInstance', { InstanceId })
    await until(() => !user.isOpen)
    const { Instance } = await call('DescribeAIAgentInstance', { InstanceId })
    assert.equal((Instance as Answer)['Status'], 'Finished')
    for (const action of ['UpdateAIAgentInstance', 'SendAIAgentText', 'TakeoverAIAgentCall'])
      await refused(action, { InstanceId, Text: 'x' }, 'InvalidInstanceStatus')
    await refused('SendAIAgentSpeech', { InstanceId: 'none', Text: 'x' }, 'InstanceNotFound')
    await refused('StartAIAgentInstance', { AIAgentId: agentId }, 'MissingRuntimeConfig')
    await refused(
      'GenerateAIAgentCall',
      { AIAgentId: agentId, Expire: 604_801 },
      'InvalidParameter',
    )
    await refused('GetAIAgentConcurrency', { AIAgentId: 'none' }, 'AgentNotFound')
  })

  test(`${name}: the older form starts, changes, describes and stops the same calls`, async () => {
    const call = pick(api.vendor)
    const { ChannelId, AuthToken } = joining(`robot-${name.replace(' ', '-')}`)
    const place = { ChannelId, UserId: 'agent', AuthToken }
    const Config = JSON.stringify({ Greeting: 'Hello.' })
    const { InstanceId } = await call('StartRtcRobotInstance', {
      RobotId: agentId,
      ...place,
      Config,
    })
    const change = JSON.stringify({ EnableVoiceInterrupt: false })
    await call('UpdateRtcRobotInstance', { InstanceId, Config: change })
    const described = JSON.parse(
      JSON.stringify(await call('DescribeRtcRobotInstance', { InstanceId })),
    ) as Answer
    assert.deepEqual(
      { ...described, RequestId: '' },
      {
        ...place,
        RequestId: '',
        Status: 'Executing',
        Config: { Greeting: 'Hello.', EnableVoiceInterrupt: false },
      },
    )
    const { Instance } = await call('DescribeAIAgentInstance', { InstanceId })
    assert.equal((Instance as Answer)['Status'], 'Created')
    await call('StopRtcRobotInstance', { InstanceId })
    const { Status } = await call('DescribeRtcRobotInstance', { InstanceId })
    assert.equal(Status, 'Finished')
  })
}
