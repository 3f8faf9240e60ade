import { ask, CALL_API_VERSION } from '../base/api.ts'
import { browserParts, CallDesk } from './call-desk.ts'

/** One desk for the whole visit: a call goes on while its user looks at other pages. */
export const talkDesk = new CallDesk(browserParts())

/** Applies a configuration to the call with that agent, if there is one; true when it was. */
export async function updateRunningCall(agentId: string, config: object): Promise<boolean> {
  const { instanceId, view } = talkDesk
  if (instanceId === undefined || view.screen !== 'calling' || view.agentId !== agentId)
    return false
  const answer = await ask({
    action: 'UpdateAIAgentInstance',
    version: CALL_API_VERSION,
    parameters: { InstanceId: instanceId, AgentConfig: config },
  })
  return answer.ok
}
