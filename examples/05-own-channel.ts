/** A call in a channel of your own, with tokens that you make; watched, changed and stopped by the API. */
import { createHash } from 'node:crypto'
import { call, OWN_VERSION } from './client.ts'

/** See docs/channels.md. */
function channelToken(channelId: string, userId: string, expiresS: number): string {
  const appid = process.env['ANTIPHON_RTC_APP_ID'] ?? ''
  const appKey = process.env['ANTIPHON_RTC_APP_KEY'] ?? ''
  const signed = appid + appKey + channelId + userId + expiresS
  const token = createHash('sha256').update(signed).digest('hex')
  const facts = { appid, channelid: channelId, userid: userId, nonce: '', timestamp: expiresS }
  return Buffer.from(JSON.stringify({ ...facts, token })).toString('base64')
}

const expiresS = Math.floor(Date.now() / 1000) + 3600
const channelId = `room-${expiresS}`
const { Agents } = await call('ListAIAgents', {}, OWN_VERSION)
const { InstanceId } = await call('StartAIAgentInstance', {
  AIAgentId: Agents[0].AIAgentId,
  RuntimeConfig: {
    ChannelId: channelId,
    AgentUserId: 'agent',
    AuthToken: channelToken(channelId, 'agent', expiresS),
  },
})
console.log(`alice joins ${channelId} with ${channelToken(channelId, 'alice', expiresS)}`)

const AgentConfig = { AsrConfig: { AsrMaxSilence: 800 } }
await call('UpdateAIAgentInstance', { InstanceId, AgentConfig })
const status = async () => (await call('DescribeAIAgentInstance', { InstanceId })).Instance
const { Status, AgentConfig: changed } = await status()
console.log(`${Status}, a sentence ends after ${changed.AsrConfig.AsrMaxSilence} ms of silence`)
await call('StopAIAgentInstance', { InstanceId })
console.log((await status()).Status)
