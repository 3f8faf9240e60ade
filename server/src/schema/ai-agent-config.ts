import { Type, type Static } from 'typebox'
import { antiphonConfig } from './antiphon-config.ts'
import { described } from './described.ts'
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
  described(
    {
      Greeting: Type.Optional(Type.String({ maxLength: 1024 })),
      GreetingDelay: Type.Optional(Type.Integer({ minimum: 0, maximum: 5000 })),
      WakeUpQuery: Type.Optional(Type.String()),
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
      BackChannelingConfig: Type.Optional(Type.Array(backChannelingRule)),
      PreConnectAudioUrl: Type.Optional(Type.String()),
      antiphon: Type.Optional(antiphonConfig),
    },
    {
      Greeting: {
        text: 'What the agent says first, once a user is connected. Without one it waits to be spoken to.',
        isLong: true,
      },
      GreetingDelay: {
        text: 'How long the agent waits before its greeting.',
        unit: 'ms',
        default: 0,
      },
      WakeUpQuery:
        'What the user is taken to have said before the call: the agent answers it right after the greeting.',
      MaxIdleTime: {
        text: 'The call ends when nobody has said anything for so long; -1 is never.',
        unit: 's',
        default: 600,
      },
      UserOnlineTimeout: {
        text: 'The call ends when nobody has joined for so long.',
        unit: 's',
        default: 60,
      },
      UserOfflineTimeout: {
        text: 'The call ends when the last user has been gone for so long.',
        unit: 's',
        default: 5,
      },
      EnablePushToTalk: {
        text: 'The user holds a button to speak, instead of being heard all the time.',
        default: false,
      },
      GracefulShutdown: {
        text: 'When it is stopped, the agent first finishes what it is saying, for 10 s at most.',
        default: false,
      },
      Volume: {
        text: "Loudness of the agent's voice: 0 is mute, 100 unchanged, 200 double. When it is not given, loudness is evened out.",
        unit: '%',
      },
      WorkflowOverrideParams:
        'JSON text with settings of workflow nodes for this call, by node id: stt, llm and tts, each with members of AsrConfig, LlmConfig and TtsConfig. They come over the agent’s settings and under those of the call.',
      AvatarUrl: 'Address of a picture of the agent, for the client to show.',
      AvatarUrlType: 'Kind of AvatarUrl; clients write USER.',
      EnableIntelligentSegment: {
        text: 'Joins short sentences of the user that follow one another into one turn.',
        default: true,
      },
      AsrConfig: 'Speech recognition.',
      TtsConfig: 'Speech synthesis.',
      LlmConfig: 'The language model.',
      AvatarConfig: 'The digital human.',
      InterruptConfig: 'How the user may cut the agent off.',
      VoiceprintConfig: 'Speaker recognition.',
      TurnDetectionConfig: "How the end of the user's turn is found.",
      ExperimentalConfig: 'JSON text with switches that are not released; kept and given back.',
      VcrConfig: "What is looked for in the user's picture.",
      AmbientSoundConfig: 'Sound under the whole call.',
      AutoSpeechConfig: 'What the agent says by itself.',
      BackChannelingConfigs: 'When the agent drops in a short word to show that it listens.',
      BackChannelingConfig:
        'Former name of BackChannelingConfigs, which wins where both are given.',
      PreConnectAudioUrl:
        'Address of a sound that is played after connecting, before the greeting.',
      antiphon: 'Settings of this server’s own.',
    },
  ),
  { additionalProperties: true },
)

export type AIAgentConfig = Static<typeof aiAgentConfig>
