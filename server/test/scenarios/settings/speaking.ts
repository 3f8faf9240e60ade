import assert from 'node:assert/strict'
import { fail, ok } from '../../../src/base/result.ts'
import type { RecordingWriter } from '../../../src/ports/recordings.ts'
import type { Sounds } from '../../../src/ports/sounds.ts'
import { memoryRecordings } from '../../../src/store/memory-recordings.ts'
import { Participant } from '../participant.ts'
import { SimulatedCall, type CallStory } from '../simulated-call.ts'
import { near, setting, together, type Config } from './setting.ts'
import { firstHeardMs, joined, said, userTexts, voiceRequest } from './talks.ts'

/** A square wave of so many ms: its peak is its level. */
const sound = (ms: number, level: number): Int16Array =>
  Int16Array.from({ length: ms * 24 }, (_, index) => (index % 48 < 24 ? level : -level))

const SOUNDS: Sounds = {
  fetch: (url) =>
    Promise.resolve(url === 'https://x/jingle.wav' ? ok(sound(1000, 20_000)) : fail('no sound')),
  ambient: (_agentId, id) =>
    Promise.resolve(id === 'public_park' ? ok(sound(4000, 1000)) : fail('no background')),
}

/** Promises are settled; virtual time does not move. */
const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

async function withSounds(agentConfig: Config): Promise<SimulatedCall> {
  const talk = new SimulatedCall({ sounds: SOUNDS, agentConfig })
  await settle()
  talk.join()
  await settle()
  talk.run(3000)
  talk.close()
  return talk
}

const GREETING = 'Welcome to ACME, dear caller.'

/** A call with nothing but its beginning. */
function greeted(agentConfig: Config, story: CallStory = {}): SimulatedCall {
  const talk = joined({ agentConfig, ...story })
  talk.run(6000)
  talk.close()
  return talk
}

const heardMs = (talk: SimulatedCall): number => {
  const [first] = talk.heardSpans()
  return (first?.untilMs ?? 0) - (first?.fromMs ?? 0) + 20
}

/** Kinds of files that are recorded of a greeting. */
function recorded(agentConfig: Config): string {
  const kinds = new Set<string>()
  const writer: RecordingWriter = {
    writeCall: () => void kinds.add('call'),
    writeSentence: ({ role }) => void kinds.add(`sentence of the ${role}`),
    close: () => Promise.resolve(),
  }
  greeted(agentConfig, { recordings: { ...memoryRecordings(), open: () => writer } })
  return [...kinds].toSorted().join(', ')
}

const HUMAN_HZ = 1500
const AGENT_HZ = 440

/** What the user hears of a human who has taken over and says something. */
function takenOver(agentConfig: Config) {
  const talk = new SimulatedCall({ agentConfig, asr: { texts: ['Good day.'] } })
  const user = new Participant(talk, 'user', 1000)
  const human = new Participant(talk, 'human', HUMAN_HZ)
  user.join()
  talk.run(100)
  talk.call.command({ type: 'takeover', humanUserId: 'human' })
  human.join()
  talk.run(100)
  human.speak(800)
  talk.run(4000)
  talk.close()
  return { ownMs: user.heardMs(HUMAN_HZ), agentsMs: user.heardMs(AGENT_HZ) }
}

/** The greeting comes late enough to hear a change that follows the user’s coming. */
const voice = (tts: object): Config => ({
  Greeting: GREETING,
  GreetingDelay: 100,
  TtsConfig: tts,
})
const RULES = [
  { Word: 'ACME', Pronunciation: 'ackmee', Type: 'replacement' },
  { Word: 'ackmee', Pronunciation: 'aakmi', Type: '' },
]

export const SPEAKING = [
  setting({
    path: 'Greeting',
    config: { Greeting: GREETING },
    play: (config) => greeted(config),
    holds: (talk) => {
      assert.deepEqual(said(talk), [GREETING])
      near(heardMs(talk), GREETING.length * 50)
    },
  }),
  setting({
    path: 'GreetingDelay',
    config: { Greeting: GREETING, GreetingDelay: 1500 },
    play: (config) => firstHeardMs(greeted(config)),
    holds: (ms) => near(ms, 1500),
  }),
  setting({
    path: 'WakeUpQuery',
    config: { Greeting: 'Hello.', WakeUpQuery: 'What is new?' },
    play: (config) => greeted(config, { llm: { echo: true } }),
    holds: (talk) => {
      assert.deepEqual(said(talk), ['Hello.', 'What is new?'])
      assert.deepEqual(userTexts(talk), ['What is new?'])
    },
  }),
  setting({
    path: 'PreConnectAudioUrl',
    config: { Greeting: 'Hello.', PreConnectAudioUrl: 'https://x/jingle.wav', Volume: 100 },
    play: withSounds,
    holds: (talk) => {
      assert.equal(talk.peakAt(500), 20_000)
      assert.ok(talk.peakAt(1200) > 5000, 'the greeting follows')
    },
  }),
  ...together(['AmbientSoundConfig.ResourceId', 'AmbientSoundConfig.Volume'], {
    config: { AmbientSoundConfig: { ResourceId: 'public_park', Volume: 40 } },
    play: withSounds,
    holds: (talk) => assert.equal(talk.peakAt(2000), 400),
  }),
  ...[0, 50, 200].map((Volume) =>
    setting({
      path: 'Volume',
      config: { Greeting: GREETING, Volume },
      play: (config) => greeted(config).peakAt(800),
      holds: (peak) => assert.ok(Math.abs(peak - 60 * Volume) <= 300, String(peak)),
    }),
  ),
  setting({
    path: 'TtsConfig.VoiceId',
    config: voice({ VoiceId: ' other\n' }),
    play: (config) => voiceRequest(config)?.voiceId,
    holds: (voiceId) => assert.equal(voiceId, 'other'),
  }),
  setting({
    path: 'TtsConfig.SpeechRate',
    config: voice({ SpeechRate: 2 }),
    play: (config) => heardMs(greeted(config)),
    holds: (ms) => near(ms, GREETING.length * 25, 40),
  }),
  ...together(
    ['TtsConfig.PronunciationRules[].Word', 'TtsConfig.PronunciationRules[].Pronunciation'],
    {
      config: voice({ PronunciationRules: RULES }),
      play: (config) => voiceRequest(config)?.text,
      holds: (text) => assert.equal(text, GREETING.replace('ACME', 'aakmi')),
    },
  ),
  ...together(['TtsConfig.ModelId', 'TtsConfig.LanguageId', 'TtsConfig.Emotion'], {
    config: voice({ ModelId: 'speech-02-turbo', LanguageId: 'Chinese,Yue', Emotion: 'calm' }),
    play: (config) => voiceRequest(config)?.style,
    holds: (style) =>
      assert.deepEqual(style, {
        modelId: 'speech-02-turbo',
        languageId: 'Chinese,Yue',
        emotion: 'calm',
      }),
  }),
  ...(
    [
      ['Call', 'call'],
      ['Sentences', 'sentence of the agent'],
      ['Both', 'call, sentence of the agent'],
    ] as const
  ).map(([Recording, kinds]) =>
    setting({
      path: 'antiphon.Recording',
      config: { Greeting: GREETING, antiphon: { Recording } },
      play: recorded,
      holds: (seen) => assert.equal(seen, kinds),
    }),
  ),
  setting({
    path: 'antiphon.TakeoverMode',
    config: { antiphon: { TakeoverMode: 0 } },
    play: takenOver,
    holds: ({ ownMs, agentsMs }) => {
      assert.equal(ownMs, 0)
      assert.ok(agentsMs > 300, `${agentsMs} ms in the agent’s voice`)
    },
  }),
]
