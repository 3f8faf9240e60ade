import { Type } from 'typebox'
import { TEMPLATES } from './ai-agent-template-config.ts'
import { described } from './described.ts'

/** Members that can be changed while the robot runs, and that a description gives back. */
const updatable = {
  EnableVoiceInterrupt: TEMPLATES.VoiceChat.properties.EnableVoiceInterrupt,
  Greeting: TEMPLATES.VoiceChat.properties.Greeting,
  VoiceId: TEMPLATES.VoiceChat.properties.VoiceId,
}
const ABOUT = {
  EnableVoiceInterrupt: 'Whether speech interrupts the robot. Takes effect at once.',
  Greeting: 'Said when the user has come; no longer changed once it was said.',
  VoiceId: 'Voice. A change is heard from the next sentence on.',
}
const { AsrMaxSilence, UserOnlineTimeout, UserOfflineTimeout, Volume } =
  TEMPLATES.VoiceChat.properties
const { UseVoiceprint, VoiceprintId } = TEMPLATES.VoiceChat.properties

/** Settings of an RTC robot, the former name of an agent: part of the flat form of a configuration. */
export const rtcRobotConfig = Type.Object(
  described(
    {
      ...updatable,
      AsrMaxSilence,
      UserOnlineTimeout,
      UserOfflineTimeout,
      UseVoiceprint,
      VoiceprintId,
      Volume,
    },
    {
      ...ABOUT,
      AsrMaxSilence: { text: 'Silence that ends a sentence.', unit: 'ms', default: 400 },
      UserOnlineTimeout: { text: 'How long to wait for the user.', unit: 's', default: 60 },
      UserOfflineTimeout: { text: 'How long the user may be gone.', unit: 's', default: 5 },
      UseVoiceprint: 'Answers only the registered speaker.',
      VoiceprintId: 'The registered voiceprint.',
      Volume: { text: 'Loudness of the voice.', unit: '%' },
    },
  ),
  { additionalProperties: true },
)

/** What a description gives back of it. */
export const rtcRobotUpdatableConfig = Type.Object(described(updatable, ABOUT), {
  additionalProperties: true,
})
