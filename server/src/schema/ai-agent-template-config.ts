import { Type } from 'typebox'
import { described } from './described.ts'
import { llmHistoryLimit, llmHistoryMessage } from './llm-config.ts'
import { asrConfig, seconds, secondsOrNever, volume } from './speech-config.ts'
import { wireId, wireJsonText } from './wire.ts'

/** The deprecated flat form of the configuration: members that every kind of agent has. */
const flat = described(
  {
    Greeting: Type.Optional(Type.String({ maxLength: 128 })),
    WakeUpQuery: Type.Optional(Type.String()),
    MaxIdleTime: Type.Optional(secondsOrNever),
    UserOnlineTimeout: Type.Optional(seconds),
    UserOfflineTimeout: Type.Optional(seconds),
    EnablePushToTalk: Type.Optional(Type.Boolean()),
    GracefulShutdown: Type.Optional(Type.Boolean()),
    Volume: Type.Optional(volume),
    WorkflowOverrideParams: Type.Optional(wireJsonText()),
    EnableIntelligentSegment: Type.Optional(Type.Boolean()),
    EnableVoiceInterrupt: Type.Optional(Type.Boolean()),
    InterruptWords: Type.Optional(Type.Array(Type.String())),
    AsrLanguageId: asrConfig.properties.AsrLanguageId,
    AsrMaxSilence: asrConfig.properties.AsrMaxSilence,
    AsrHotWords: asrConfig.properties.AsrHotWords,
    VadLevel: asrConfig.properties.VadLevel,
    VoiceId: Type.Optional(wireId({ maxLength: 64 })),
    VoiceIdList: Type.Optional(Type.Array(Type.String())),
    UseVoiceprint: Type.Optional(Type.Boolean()),
    VoiceprintId: Type.Optional(wireId()),
    LlmHistory: Type.Optional(Type.Array(llmHistoryMessage)),
    LlmHistoryLimit: Type.Optional(llmHistoryLimit),
    LlmSystemPrompt: Type.Optional(Type.String()),
    BailianAppParams: Type.Optional(wireJsonText()),
    CharBreak: Type.Optional(Type.Boolean()),
  },
  {
    Greeting: 'As in AgentConfig.',
    WakeUpQuery: 'As in AgentConfig.',
    MaxIdleTime: { text: 'As in AgentConfig.', unit: 's', default: 600 },
    UserOnlineTimeout: { text: 'As in AgentConfig.', unit: 's', default: 60 },
    UserOfflineTimeout: { text: 'As in AgentConfig.', unit: 's', default: 5 },
    EnablePushToTalk: { text: 'As in AgentConfig.', default: false },
    GracefulShutdown: { text: 'As in AgentConfig.', default: false },
    Volume: { text: 'As in AgentConfig.', unit: '%' },
    WorkflowOverrideParams: 'As in AgentConfig.',
    EnableIntelligentSegment: { text: 'As in AgentConfig.', default: true },
    EnableVoiceInterrupt: { text: 'InterruptConfig.EnableVoiceInterrupt.', default: true },
    InterruptWords: 'InterruptConfig.InterruptWords.',
    AsrLanguageId: 'AsrConfig.AsrLanguageId.',
    AsrMaxSilence: { text: 'AsrConfig.AsrMaxSilence.', unit: 'ms', default: 400 },
    AsrHotWords: 'AsrConfig.AsrHotWords.',
    VadLevel: 'AsrConfig.VadLevel.',
    VoiceId: 'TtsConfig.VoiceId.',
    VoiceIdList: 'TtsConfig.VoiceIdList.',
    UseVoiceprint: { text: 'VoiceprintConfig.UseVoiceprint.', default: false },
    VoiceprintId: 'VoiceprintConfig.VoiceprintId.',
    LlmHistory: 'LlmConfig.LlmHistory.',
    LlmHistoryLimit: { text: 'LlmConfig.LlmHistoryLimit.', unit: 'turns', default: 10 },
    LlmSystemPrompt: 'LlmConfig.LlmSystemPrompt.',
    BailianAppParams: 'LlmConfig.BailianAppParams.',
    CharBreak: {
      text: 'Lets text be cut by characters, for an earlier start of the voice. Only in this form.',
      default: false,
    },
  },
)
const avatarId = described(
  { AvatarId: Type.Optional(wireId()) },
  { AvatarId: 'AvatarConfig.AvatarId.' },
)
const avatarUrl = described(
  {
    AvatarUrl: Type.Optional(Type.String()),
    AvatarUrlType: Type.Optional(Type.String()),
  },
  { AvatarUrl: 'As in AgentConfig.', AvatarUrlType: 'As in AgentConfig.' },
)
const open = { additionalProperties: true }

/** What a deprecated configuration holds under the key of each kind of agent. */
export const TEMPLATES = {
  VoiceChat: Type.Object({ ...flat, ...avatarUrl }, open),
  VisionChat: Type.Object(flat, open),
  AvatarChat3D: Type.Object({ ...flat, ...avatarId }, open),
  VideoChat: Type.Object({ ...flat, ...avatarId }, open),
} as const

export type TemplateType = keyof typeof TEMPLATES

/** Only the member of the agent's own kind counts. */
export const aiAgentTemplateConfig = Type.Object(
  described(
    {
      VoiceChat: Type.Optional(TEMPLATES.VoiceChat),
      VisionChat: Type.Optional(TEMPLATES.VisionChat),
      AvatarChat3D: Type.Optional(TEMPLATES.AvatarChat3D),
      VideoChat: Type.Optional(TEMPLATES.VideoChat),
    },
    {
      VoiceChat: 'Of voice agents.',
      VisionChat: 'Of vision agents.',
      AvatarChat3D: 'Of agents with a digital human.',
      VideoChat: 'Of video agents.',
    },
  ),
  open,
)
