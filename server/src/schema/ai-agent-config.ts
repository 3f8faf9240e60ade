import { Type, type Static } from 'typebox'
import { llmConfig } from './llm-config.ts'
import {
  ambientSoundConfig,
  asrConfig,
  seconds,
  secondsOrNever,
  ttsConfig,
  voiceprintConfig,
  volume,
} from './speech-config.ts'
import {
  autoSpeechConfig,
  backChannelingRule,
  interruptConfig,
  turnDetectionConfig,
} from './turn-taking-config.ts'
import { avatarConfig, vcrConfig } from './vision-config.ts'
import { wireJsonText } from './wire.ts'

/**
 * Configuration of an agent or a call. Everything is optional: what is absent (or empty text) keeps the
 * agent's value, and what the agent does not say is the product's default. Unknown members are kept.
 */
export const aiAgentConfig = Type.Object(
  {
    Greeting: Type.Optional(Type.String({ maxLength: 1024 })),
    GreetingDelay: Type.Optional(Type.Integer({ minimum: 0, maximum: 5000 })),
    WakeUpQuery: Type.Optional(Type.String()),
    /** Seconds; −1 is never. */
    MaxIdleTime: Type.Optional(secondsOrNever),
    UserOnlineTimeout: Type.Optional(seconds),
    UserOfflineTimeout: Type.Optional(seconds),
    EnablePushToTalk: Type.Optional(Type.Boolean()),
    GracefulShutdown: Type.Optional(Type.Boolean()),
    Volume: Type.Optional(volume),
    WorkflowOverrideParams: Type.Optional(wireJsonText()),
    AvatarUrl: Type.Optional(Type.String()),
    AvatarUrlType: Type.Optional(Type.String()),
    EnableIntelligentSegment: Type.Optional(Type.Boolean()),
    AsrConfig: Type.Optional(asrConfig),
    TtsConfig: Type.Optional(ttsConfig),
    LlmConfig: Type.Optional(llmConfig),
    AvatarConfig: Type.Optional(avatarConfig),
    InterruptConfig: Type.Optional(interruptConfig),
    VoiceprintConfig: Type.Optional(voiceprintConfig),
    TurnDetectionConfig: Type.Optional(turnDetectionConfig),
    ExperimentalConfig: Type.Optional(wireJsonText()),
    VcrConfig: Type.Optional(vcrConfig),
    AmbientSoundConfig: Type.Optional(ambientSoundConfig),
    AutoSpeechConfig: Type.Optional(autoSpeechConfig),
    BackChannelingConfigs: Type.Optional(Type.Array(backChannelingRule)),
    /** Former name of `BackChannelingConfigs`, which wins where both are given. */
    BackChannelingConfig: Type.Optional(Type.Array(backChannelingRule)),
    /** Played after connecting, before the greeting. */
    PreConnectAudioUrl: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
)

export type AIAgentConfig = Static<typeof aiAgentConfig>
