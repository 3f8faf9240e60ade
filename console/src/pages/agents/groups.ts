/** The parts of the editor, in the order of a conversation, and the members of AgentConfig in each. */
export const GROUPS = {
  listening: ['AsrConfig', 'VoiceprintConfig', 'VcrConfig'],
  turnEnd: ['TurnDetectionConfig', 'EnableIntelligentSegment', 'EnablePushToTalk'],
  interruption: ['InterruptConfig'],
  thinking: ['LlmConfig', 'WorkflowOverrideParams'],
  speaking: [
    'Greeting',
    'GreetingDelay',
    'PreConnectAudioUrl',
    'TtsConfig',
    'Volume',
    'AmbientSoundConfig',
    'AvatarConfig',
    'AvatarUrl',
    'AvatarUrlType',
  ],
  presence: ['WakeUpQuery', 'AutoSpeechConfig', 'BackChannelingConfigs'],
  limits: ['MaxIdleTime', 'UserOnlineTimeout', 'UserOfflineTimeout', 'GracefulShutdown'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type Group = keyof typeof GROUPS | 'more'

/** What older clients write; kept, but offered only once it is there. */
const FORMER: readonly string[] = ['BackChannelingConfig']

/** Every member stands in one group: what is new in the schema and in none of the above is under `more`. */
export function membersOf(group: Group, members: readonly string[]): readonly string[] {
  if (group !== 'more') return GROUPS[group].filter((name) => members.includes(name))
  const placed: readonly string[] = Object.values(GROUPS).flat()
  return members.filter((name) => !placed.includes(name) && !FORMER.includes(name))
}
