import { Type } from 'typebox'
import { llmHistoryLimit, llmHistoryMessage } from './llm-config.ts'
import { asrConfig, seconds, secondsOrNever, volume } from './speech-config.ts'
import { wireId, wireJsonText } from './wire.ts'

/** The deprecated flat form of the configuration: members that every kind of agent has. */
const flat = {
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
  /** Only in this form; true lets text be cut by characters for an earlier start. */
  CharBreak: Type.Optional(Type.Boolean()),
}
const avatarId = { AvatarId: Type.Optional(wireId()) }
const avatarUrl = {
  AvatarUrl: Type.Optional(Type.String()),
  AvatarUrlType: Type.Optional(Type.String()),
}
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
  {
    VoiceChat: Type.Optional(TEMPLATES.VoiceChat),
    VisionChat: Type.Optional(TEMPLATES.VisionChat),
    AvatarChat3D: Type.Optional(TEMPLATES.AvatarChat3D),
    VideoChat: Type.Optional(TEMPLATES.VideoChat),
  },
  open,
)
