import { readFileSync } from 'node:fs'
import { said, sentence } from '../../src/ports/store-samples.contract.ts'
import { composeDialogueId } from '../../src/schema/dialogue-id.ts'
import { AGENT_ID, type Parameters, type VendorPort } from './vendor-port.ts'

const SOUND = new URL('../audio/tone_1khz_1s.wav', import.meta.url)
const POLICY = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'ice:*', Resource: '*' }],
})

type Least = (wire: VendorPort) => Parameters | Promise<Parameters>

const onAgent =
  (more: Parameters = {}): Least =>
  () => ({ AIAgentId: AGENT_ID, ...more })

const onCall =
  (more: Parameters = {}): Least =>
  async (wire) => ({ InstanceId: await wire.startCall(), ...more })

const nothing: Least = () => ({})

let names = 0
const newName = (): string => `name-${++names}`

const onUser: Least = async (wire) => {
  const UserName = newName()
  await wire.succeeds('CreateUser', { UserName })
  return { UserName }
}

const onPolicy: Least = async (wire) => {
  const PolicyName = newName()
  await wire.succeeds('PutPolicy', { PolicyName, PolicyDocument: POLICY })
  return { PolicyName }
}

const onRole: Least = async (wire) => {
  const RoleName = newName()
  await wire.succeeds('CreateRole', { RoleName })
  return { RoleName }
}

const onKey: Least = async (wire) => {
  const made = await wire.succeeds('CreateAccessKey', await onUser(wire))
  const { AccessKeyId } = made['AccessKey'] as { readonly AccessKeyId: string }
  return { UserAccessKeyId: AccessKeyId }
}

const holding: Least = async (wire) => ({ ...(await onPolicy(wire)), ...(await onUser(wire)) })

const onDialogue: Least = async (wire) => {
  const SessionId = newName()
  const instanceId = await wire.startCall({ SessionId })
  await wire.api.store.recordCall(instanceId, said(sentence(1, { text: 'Hello' })))
  return { SessionId, DialogueId: composeDialogueId({ instanceId, entryId: 1 }) }
}

const onSound: Least = async (wire) => {
  const AIAgentId = await newAgent(wire)
  const Content = readFileSync(SOUND).toString('base64')
  const { ResourceId } = await wire.succeeds('UploadAmbientSound', { AIAgentId, Content })
  return { AIAgentId, ResourceId: String(ResourceId) }
}

async function newAgent(wire: VendorPort): Promise<string> {
  const { AIAgentId } = await wire.succeeds('CreateAIAgent', { Name: newName() })
  return String(AIAgentId)
}

/**
 * What each operation needs at least, to succeed; what has to be there for that is made. The one operation that is
 * not here cannot be called with the account's key: AssumeRole has tests of its own (access.test.ts).
 */
export const LEAST: Readonly<Record<string, Least>> = {
  ListAIAgentInstance: onAgent(),
  DescribeAIAgentInstance: onCall(),
  StartAIAgentInstance: (wire) => ({
    AIAgentId: AGENT_ID,
    RuntimeConfig: JSON.stringify(wire.joining()),
  }),
  GenerateAIAgentCall: onAgent(),
  StopAIAgentInstance: onCall(),
  UpdateAIAgentInstance: onCall(),
  GetAIAgentConcurrency: onAgent(),
  SendAIAgentSpeech: onCall({ Text: 'Hello' }),
  SendAIAgentText: onCall({ Text: 'Hello' }),
  SendAIAgentDataChannelMessage: onCall({ Message: '{}' }),
  TakeoverAIAgentCall: onCall(),
  SetNotifyConfig: onAgent({ EnableNotify: 'false' }),
  DescribeNotifyConfig: onAgent(),
  ListAIAgentDialogues: () => ({ SessionId: 'session', StartTime: '5', EndTime: '17358082464030' }),
  DeleteAIAgentDialogue: onDialogue,
  StartRtcRobotInstance: (wire) => wire.robot(),
  StopRtcRobotInstance: onCall(),
  UpdateRtcRobotInstance: onCall(),
  DescribeRtcRobotInstance: onCall(),
  SearchAIAgentInstances: nothing,
  ExportAIAgentInstances: nothing,
  DescribeStatistics: nothing,
  ListProviders: nothing,
  TestProvider: () => ({ Kind: 'llm' }),
  DeleteAIAgentInstance: async (wire) => ({ InstanceId: await wire.finishedCall() }),
  CreateAIAgent: () => ({ Name: newName() }),
  UpdateAIAgent: onAgent(),
  DescribeAIAgent: onAgent(),
  ListAIAgents: nothing,
  DeleteAIAgent: async (wire) => ({ AIAgentId: await newAgent(wire) }),
  CreateCallbackSecret: onAgent(),
  ListCallbacks: nothing,
  ResendCallbacks: onAgent(),
  UploadAmbientSound: async (wire) => ({
    AIAgentId: await newAgent(wire),
    Content: readFileSync(SOUND).toString('base64'),
  }),
  ListAmbientSounds: onAgent(),
  DeleteAmbientSound: onSound,
  CreateUser: () => ({ UserName: newName() }),
  ListUsers: nothing,
  DeleteUser: onUser,
  CreateAccessKey: onUser,
  ListAccessKeys: onUser,
  UpdateAccessKey: async (wire) => ({ ...(await onKey(wire)), Status: 'Inactive' }),
  DeleteAccessKey: onKey,
  PutPolicy: () => ({ PolicyName: newName(), PolicyDocument: POLICY }),
  ListPolicies: nothing,
  DeletePolicy: onPolicy,
  AttachPolicy: holding,
  DetachPolicy: holding,
  CreateRole: () => ({ RoleName: newName() }),
  ListRoles: nothing,
  DeleteRole: onRole,
  GetCallerIdentity: nothing,
}

/** A request that succeeds, made anew each time. */
export const leastOf = async (action: string, wire: VendorPort): Promise<Parameters> =>
  (await LEAST[action]?.(wire)) ?? {}
