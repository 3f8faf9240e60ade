import { assumeRole } from './assume-role.ts'
import { createAIAgent } from './create-ai-agent.ts'
import { deleteAIAgent } from './delete-ai-agent.ts'
import { deleteAIAgentDialogue } from './delete-ai-agent-dialogue.ts'
import { deleteAIAgentInstance } from './delete-ai-agent-instance.ts'
import { describeAIAgent } from './describe-ai-agent.ts'
import { describeAIAgentInstance } from './describe-ai-agent-instance.ts'
import { generateAIAgentCall } from './generate-ai-agent-call.ts'
import { getAIAgentConcurrency } from './get-ai-agent-concurrency.ts'
import { sendAIAgentDataChannelMessage } from './send-ai-agent-data-channel-message.ts'
import { sendAIAgentSpeech } from './send-ai-agent-speech.ts'
import { sendAIAgentText } from './send-ai-agent-text.ts'
import { listAIAgentInstance } from './list-ai-agent-instance.ts'
import { listAIAgentDialogues } from './list-ai-agent-dialogues.ts'
import { listAIAgents } from './list-ai-agents.ts'
import { deleteAmbientSound } from './delete-ambient-sound.ts'
import { listAmbientSounds } from './list-ambient-sounds.ts'
import { uploadAmbientSound } from './upload-ambient-sound.ts'
import { createUser } from './create-user.ts'
import { listUsers } from './list-users.ts'
import { deleteUser } from './delete-user.ts'
import { createAccessKey } from './create-access-key.ts'
import { listAccessKeys } from './list-access-keys.ts'
import { updateAccessKey } from './update-access-key.ts'
import { deleteAccessKey } from './delete-access-key.ts'
import { putPolicy } from './put-policy.ts'
import { listPolicies } from './list-policies.ts'
import { deletePolicy } from './delete-policy.ts'
import { attachPolicy } from './attach-policy.ts'
import { detachPolicy } from './detach-policy.ts'
import { createRole } from './create-role.ts'
import { listRoles } from './list-roles.ts'
import { deleteRole } from './delete-role.ts'
import { getCallerIdentity } from './get-caller-identity.ts'
import { exportAIAgentInstances } from './export-ai-agent-instances.ts'
import { searchAIAgentInstances } from './search-ai-agent-instances.ts'
import { describeStatistics } from './describe-statistics.ts'
import { listProviders } from './list-providers.ts'
import { testProvider } from './test-provider.ts'
import type { Operation } from './operation.ts'
import { startAIAgentInstance } from './start-ai-agent-instance.ts'
import { stopAIAgentInstance } from './stop-ai-agent-instance.ts'
import { updateAIAgent } from './update-ai-agent.ts'
import { updateAIAgentInstance } from './update-ai-agent-instance.ts'
import { takeoverAIAgentCall } from './takeover-ai-agent-call.ts'
import { startRtcRobotInstance } from './start-rtc-robot-instance.ts'
import { stopRtcRobotInstance } from './stop-rtc-robot-instance.ts'
import { updateRtcRobotInstance } from './update-rtc-robot-instance.ts'
import { describeRtcRobotInstance } from './describe-rtc-robot-instance.ts'
import { setNotifyConfig } from './set-notify-config.ts'
import { describeNotifyConfig } from './describe-notify-config.ts'
import { createCallbackSecret } from './create-callback-secret.ts'
import { listCallbacks } from './list-callbacks.ts'
import { resendCallbacks } from './resend-callbacks.ts'

/** All operations of the API. */
export const OPERATIONS: readonly Operation[] = [
  listAIAgentInstance,
  describeAIAgentInstance,
  startAIAgentInstance,
  generateAIAgentCall,
  stopAIAgentInstance,
  updateAIAgentInstance,
  getAIAgentConcurrency,
  sendAIAgentSpeech,
  sendAIAgentText,
  sendAIAgentDataChannelMessage,
  takeoverAIAgentCall,
  setNotifyConfig,
  describeNotifyConfig,
  listAIAgentDialogues,
  deleteAIAgentDialogue,
  startRtcRobotInstance,
  stopRtcRobotInstance,
  updateRtcRobotInstance,
  describeRtcRobotInstance,
  searchAIAgentInstances,
  exportAIAgentInstances,
  describeStatistics,
  listProviders,
  testProvider,
  deleteAIAgentInstance,
  createAIAgent,
  updateAIAgent,
  describeAIAgent,
  listAIAgents,
  deleteAIAgent,
  createCallbackSecret,
  listCallbacks,
  resendCallbacks,
  uploadAmbientSound,
  listAmbientSounds,
  deleteAmbientSound,
  createUser,
  listUsers,
  deleteUser,
  createAccessKey,
  listAccessKeys,
  updateAccessKey,
  deleteAccessKey,
  putPolicy,
  listPolicies,
  deletePolicy,
  attachPolicy,
  detachPolicy,
  createRole,
  listRoles,
  deleteRole,
  assumeRole,
  getCallerIdentity,
]

const byName = new Map(OPERATIONS.map((entry) => [`${entry.version} ${entry.name}`, entry]))

export const findOperation = (version: string, name: string): Operation | undefined =>
  byName.get(`${version} ${name}`)
