import assert from 'node:assert/strict'
import { ModelScript } from '../model-script.ts'
import { SimulatedCall } from '../simulated-call.ts'
import type { TtsRequest } from '../../../src/ports/tts.ts'
import { near, setting, together, type Config } from './setting.ts'
import { ask, joined, said, withVoice } from './talks.ts'

/** When a call in which nothing happens has ended; `NaN` if it has not after so many ms. */
function endMs(talk: SimulatedCall, limitMs: number): number {
  const fromMs = talk.clock.nowMs()
  while (!talk.hasEnded && talk.clock.nowMs() - fromMs < limitMs) talk.run(100)
  const ms = talk.hasEnded ? talk.clock.nowMs() - fromMs : Number.NaN
  talk.close()
  return ms
}

/** What is said, and when the call has ended, while the user is silent. */
function silent(agentConfig: Config) {
  const talk = joined({ agentConfig })
  const ms = endMs(talk, 60_000)
  return { ms, said: said(talk) }
}

const idle = (more: object): Config => ({
  AutoSpeechConfig: {
    UserIdle: {
      WaitTime: 6000,
      MaxRepeats: 6,
      Messages: [
        { Text: 'Never said.', Probability: 0 },
        { Text: 'Are you there?', Probability: 0.4 },
      ],
      ...more,
    },
  },
})
const USER_IDLE = 'AutoSpeechConfig.UserIdle'

const pending = (more: object): Config => ({
  AutoSpeechConfig: {
    LlmPending: {
      WaitTime: 1500,
      Messages: [
        { Text: 'No.', Probability: 0 },
        { Text: 'One moment please.', Probability: 0.5 },
      ],
      ...more,
    },
  },
})
const LLM_PENDING = 'AutoSpeechConfig.LlmPending'

/** What the voice says, and when, while the model takes eight seconds; several turns of it. */
function whileSlow(agentConfig: Config) {
  const requests: TtsRequest[] = []
  const model = new ModelScript(() => ({ text: 'Here.', afterMs: 8000 }))
  const talk = withVoice(agentConfig, requests, { llmWith: model.on })
  for (let turn = 0; turn < 4; turn += 1) {
    ask(talk, 'Go')
    talk.run(10_000)
  }
  talk.close()
  const first = talk.heardSpans()[0]?.fromMs ?? Number.NaN
  return { texts: requests.map(({ text }) => text), firstMs: first }
}

/** The words that the agent drops in after pauses of the user. */
function backchannels(agentConfig: Config): readonly string[] {
  const requests: TtsRequest[] = []
  const talk = withVoice(agentConfig, requests, {
    asr: { texts: ['a long story'] },
    llm: { replies: [''] },
  })
  for (let pause = 0; pause < 10; pause += 1) talk.speak(100 + pause * 2500, 1900)
  talk.run(32_000)
  talk.close()
  return requests.map(({ text }) => text)
}

const MEMBERS = ['Enabled', 'Probability', 'Words[].Text', 'Words[].Probability']

/** Under each of its two names. */
const backchanneling = (name: string) =>
  together(
    MEMBERS.map((member) => `${name}[].${member}`),
    {
      config: {
        AsrConfig: { AsrMaxSilence: 1200 },
        [name]: [
          {
            Enabled: true,
            Probability: 1,
            Words: [
              { Text: 'no', Probability: 0 },
              { Text: 'uh-huh', Probability: 0.2 },
            ],
          },
        ],
      },
      play: backchannels,
      holds: (words) => {
        assert.ok(words.length >= 4, words.join())
        assert.deepEqual(new Set(words), new Set(['uh-huh']))
      },
    },
  )

export const PRESENCE = [
  ...together([`${USER_IDLE}.WaitTime`, `${USER_IDLE}.MaxRepeats`], {
    config: idle({ MaxRepeats: 2 }),
    play: silent,
    holds: ({ ms, said: prompts }) => {
      assert.deepEqual(prompts, ['Are you there?', 'Are you there?'])
      // Three waits, two prompts of 700 ms.
      near(ms, 3 * 6000 + 2 * 700, 150)
    },
  }),
  ...together([`${USER_IDLE}.Messages[].Text`, `${USER_IDLE}.Messages[].Probability`], {
    config: idle({}),
    play: silent,
    holds: ({ said: prompts }) =>
      assert.deepEqual(prompts, Array<string>(6).fill('Are you there?')),
  }),
  setting({
    path: `${USER_IDLE}.HangupEndWord`,
    config: idle({ MaxRepeats: 0, HangupEndWord: 'Goodbye then.' }),
    play: silent,
    holds: ({ said: prompts }) => assert.deepEqual(prompts, ['Goodbye then.']),
  }),
  ...together(
    [
      `${LLM_PENDING}.WaitTime`,
      `${LLM_PENDING}.Messages[].Text`,
      `${LLM_PENDING}.Messages[].Probability`,
    ],
    {
      config: pending({}),
      play: whileSlow,
      holds: ({ texts, firstMs }) => {
        const turn = ['One moment please.', 'Here.']
        assert.deepEqual(texts, [...turn, ...turn, ...turn, ...turn])
        near(firstMs, 1500)
      },
    },
  ),
  setting({
    path: `${LLM_PENDING}.Mode`,
    config: pending({ Mode: 'sequence' }),
    play: whileSlow,
    holds: ({ texts }) =>
      assert.deepEqual(texts.slice(0, 3), ['No.', 'One moment please.', 'Here.']),
  }),
  ...backchanneling('BackChannelingConfigs'),
  ...backchanneling('BackChannelingConfig'),
  setting({
    path: 'MaxIdleTime',
    config: { MaxIdleTime: 10 },
    play: (config) => endMs(joined({ agentConfig: config }), 700_000),
    holds: (ms) => near(ms, 10_000, 150),
  }),
  setting({
    path: 'MaxIdleTime',
    config: { MaxIdleTime: -1 },
    play: (config) => endMs(joined({ agentConfig: config }), 700_000),
    holds: (ms) => assert.ok(Number.isNaN(ms), `ended after ${ms} ms`),
  }),
  setting({
    path: 'UserOnlineTimeout',
    config: { UserOnlineTimeout: 7 },
    play: (config) => endMs(new SimulatedCall({ agentConfig: config }), 70_000),
    holds: (ms) => near(ms, 7000, 150),
  }),
  setting({
    path: 'UserOfflineTimeout',
    config: { UserOfflineTimeout: 12 },
    play: (config) => {
      const talk = joined({ agentConfig: config })
      talk.run(1000)
      talk.leave()
      return endMs(talk, 20_000)
    },
    holds: (ms) => near(ms, 12_000, 150),
  }),
]
