import { INTERRUPTION } from './interruption.ts'
import { LISTENING, TURN_END } from './listening.ts'
import { PRESENCE } from './presence.ts'
import type { Config, Setting } from './setting.ts'
import { SPEAKING } from './speaking.ts'
import { THINKING } from './thinking.ts'
import { TOOLS } from './tools.ts'

/** What each member of AgentConfig does, one scenario or more for each that has an effect. */
export const SETTINGS: readonly Setting[] = [
  ...LISTENING,
  ...TURN_END,
  ...INTERRUPTION,
  ...THINKING,
  ...TOOLS,
  ...SPEAKING,
  ...PRESENCE,
]

/** Accepted, kept and given back; what they ask for is not there yet. Values that are nobody's default. */
export const NOT_IN_EFFECT: Config = {
  AvatarConfig: { AvatarId: '5257' },
  VoiceprintConfig: { UseVoiceprint: true, VoiceprintId: 'ada', RegistrationMode: 'Implicit' },
  VcrConfig: {
    StillFrameMotion: { Enabled: true, CallbackDelay: 200 },
    InvalidFrameMotion: { Enabled: true, CallbackDelay: 5000 },
    PeopleCount: { Enabled: true },
    Equipment: { Enabled: true },
    HeadMotion: { Enabled: true },
    LookAway: { Enabled: true },
  },
  ExperimentalConfig: '{"AudioCodec":"G722"}',
}

/** For the client alone, which reads them in DescribeAIAgentInstance: to be given back is all they do. */
export const FOR_THE_CLIENT: Config = {
  AvatarUrl: 'https://example.com/a.jpg\n',
  AvatarUrlType: 'USER',
  TtsConfig: { VoiceIdList: ['tone', 'other'] },
}

/** Know one value only, which is also meant when they are absent. */
export const SINGLE_VALUED: Config = {
  TtsConfig: { PronunciationRules: [{ Word: 'a', Pronunciation: 'b', Type: 'replacement' }] },
  BackChannelingConfigs: [{ Enabled: true, Probability: 1, TriggerStage: 'pause_detected' }],
  BackChannelingConfig: [{ Enabled: true, Probability: 1, TriggerStage: 'pause_detected' }],
}
