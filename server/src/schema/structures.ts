import type { TObject } from 'typebox'
import * as access from './access.ts'
import { aiAgentConfig } from './ai-agent-config.ts'
import { aiAgentDialogue, dialogueAttachment } from './ai-agent-dialogue.ts'
import { aiAgentInstanceDetail, aiAgentInstanceListItem } from './ai-agent-instance.ts'
import { aiAgentTemplateConfig, TEMPLATES } from './ai-agent-template-config.ts'
import { aiAgent } from './ai-agent.ts'
import { antiphonConfig, toolDeclaration } from './antiphon-config.ts'
import { foundCall } from './found-call.ts'
import { llmConfig, llmFunctionMapping, llmHistoryMessage } from './llm-config.ts'
import { rtcRobotConfig, rtcRobotUpdatableConfig } from './rtc-robot-config.ts'
import { aiAgentRuntimeConfig } from './runtime-config.ts'
import * as speech from './speech-config.ts'
import * as turns from './turn-taking-config.ts'
import * as vision from './vision-config.ts'

/** The structures that have a name, as the OpenAPI description and the reference call them. */
export const STRUCTURES: Readonly<Record<string, TObject>> = {
  AIAgentConfig: aiAgentConfig,
  AsrConfig: speech.asrConfig,
  TtsConfig: speech.ttsConfig,
  PronunciationRule: speech.pronunciationRule,
  LlmConfig: llmConfig,
  LlmHistoryMessage: llmHistoryMessage,
  LlmFunctionMapping: llmFunctionMapping,
  TurnDetectionConfig: turns.turnDetectionConfig,
  InterruptConfig: turns.interruptConfig,
  AutoSpeechConfig: turns.autoSpeechConfig,
  AutoSpeechUserIdle: turns.autoSpeechUserIdle,
  AutoSpeechLlmPending: turns.autoSpeechLlmPending,
  WeightedMessage: turns.weightedMessage,
  BackChannelingRule: turns.backChannelingRule,
  WeightedWord: turns.weightedWord,
  AmbientSoundConfig: speech.ambientSoundConfig,
  VoiceprintConfig: speech.voiceprintConfig,
  AvatarConfig: vision.avatarConfig,
  VcrConfig: vision.vcrConfig,
  VcrToggle: vision.vcrToggle,
  VcrFrameMotion: vision.vcrFrameMotion,
  AIAgentRuntimeConfig: aiAgentRuntimeConfig,
  AIAgentTemplateConfig: aiAgentTemplateConfig,
  AIAgentTemplateVoiceChat: TEMPLATES.VoiceChat,
  AIAgentTemplateVisionChat: TEMPLATES.VisionChat,
  AIAgentTemplateAvatarChat3D: TEMPLATES.AvatarChat3D,
  AIAgentTemplateVideoChat: TEMPLATES.VideoChat,
  AIAgentInstanceListItem: aiAgentInstanceListItem,
  AIAgentInstanceDetail: aiAgentInstanceDetail,
  AIAgent: aiAgent,
  AIAgentDialogue: aiAgentDialogue,
  DialogueAttachment: dialogueAttachment,
  RtcRobotConfig: rtcRobotConfig,
  RtcRobotUpdatableConfig: rtcRobotUpdatableConfig,
  AntiphonConfig: antiphonConfig,
  AntiphonTool: toolDeclaration,
  FoundCall: foundCall,
  User: access.accessUser,
  AccessKey: access.accessKey,
  NewAccessKey: access.newAccessKey,
  Policy: access.accessPolicy,
  Role: access.accessRole,
}
