/** Lists the agents, and of each the newest calls. */
import { call, OWN_VERSION } from './client.ts'

const { Agents } = await call('ListAIAgents', {}, OWN_VERSION)
for (const { AIAgentId, Name } of Agents) {
  console.log(`${Name} (${AIAgentId})`)
  const { Instances } = await call('ListAIAgentInstance', { AIAgentId, PageSize: 5 })
  for (const { Status, RuntimeConfig, UserData = '' } of Instances)
    console.log(`  ${Status} in channel ${RuntimeConfig.ChannelId} ${UserData}`)
}
