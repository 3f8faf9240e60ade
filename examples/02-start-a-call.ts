/** Starts a call with the newest agent and says how a client joins it. */
import { call, endpoint, OWN_VERSION } from './client.ts'

const { Agents } = await call('ListAIAgents', {}, OWN_VERSION)
const started = await call('GenerateAIAgentCall', {
  AIAgentId: Agents[0].AIAgentId,
  UserId: 'alice',
  AgentConfig: { Greeting: 'Hello Alice. What can I do for you?' },
  UserData: '{"order":4711}',
})
const page = new URLSearchParams({
  server: `http://${endpoint}`,
  channel: started.ChannelId,
  user: started.UserId,
  token: started.Token,
})
const path = `${endpoint}/rtc/channels/${started.ChannelId}`
console.log(`call       ${started.InstanceId}`)
console.log(`page       ${new URL(`browser.html#${page}`, import.meta.url)}`)
console.log(`WebRTC     POST http://${path} with "Authorization: Bearer ${started.Token}"`)
console.log(`WebSocket  ws://${path}/socket?token=${encodeURIComponent(started.Token)}`)
