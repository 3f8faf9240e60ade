import assert from 'node:assert/strict'
import { ClientMessage } from '../../../src/schema/messages.ts'
import { ModelScript } from '../model-script.ts'
import { near, setting, together, type Config } from './setting.ts'
import { heardOnce, joined, questionOf, speaking, userTexts } from './talks.ts'

/** What the model is asked when the user says two things with a pause of 800 ms between them. */
function questions(agentConfig: Config): readonly (string | undefined)[] {
  const model = new ModelScript(() => ({ text: 'Yes.', afterMs: 1500 }))
  const talk = joined({
    agentConfig,
    asr: { texts: ['a pizza', 'with cheese'] },
    llmWith: model.on,
  })
  talk.speak(100, 600)
  talk.speak(1500, 600)
  talk.run(9000)
  talk.close()
  return model.requests.map((_, index) => questionOf(model, index))
}

/** When the model was asked, if the user speaks before a press of the button and with a pause during one. */
function askedAtMs(agentConfig: Config): readonly number[] {
  const model = new ModelScript(() => ({ text: '' }))
  const talk = joined({ agentConfig, asr: { texts: ['a word'] }, llmWith: model.on })
  talk.speak(0, 500)
  talk.run(2000)
  talk.send(ClientMessage.talkStart)
  talk.speak(0, 500)
  talk.speak(2000, 500)
  talk.run(4000)
  talk.send(ClientMessage.talkFinish)
  talk.run(500)
  talk.close()
  return model.askedMs
}

/** How long after 2.5 s of sound without words began the agent was still heard. */
function heardOnMs(agentConfig: Config): number {
  const { talk } = speaking(agentConfig, [''])
  talk.speak(0, 2500)
  talk.run(2400)
  talk.close()
  return (talk.heardSpans()[0]?.untilMs ?? Number.NaN) - 1000
}

export const LISTENING = [
  setting({
    path: 'AsrConfig.AsrMaxSilence',
    config: { AsrConfig: { AsrMaxSilence: 1000 } },
    play: (config) => heardOnce('go', config).askedAfterMs,
    holds: (ms) => near(ms, 1000),
  }),
  setting({
    path: 'AsrConfig.AsrLanguageId',
    config: { AsrConfig: { AsrLanguageId: 'zh_en' } },
    play: (config) => heardOnce('go', config).options?.languageId,
    holds: (language) => assert.equal(language, 'zh_en'),
  }),
  setting({
    path: 'AsrConfig.AsrHotWords',
    config: { AsrConfig: { AsrHotWords: ['Antiphon'] } },
    play: (config) => heardOnce('tell me about antifon', config).question,
    holds: (question) => assert.equal(question, 'tell me about Antiphon'),
  }),
  setting({
    path: 'antiphon.HotWords',
    config: { antiphon: { HotWords: ['量子比特'] } },
    play: (config) => heardOnce('什么是亮子比特', config).question,
    holds: (question) => assert.equal(question, '什么是量子比特'),
  }),
  setting({
    path: 'antiphon.SensitiveWords',
    config: { antiphon: { SensitiveWords: ['damn'] } },
    play: (config) => heardOnce('damn it all', config),
    holds: ({ shown, question }) =>
      assert.deepEqual([shown, question], ['**** it all', 'damn it all']),
  }),
  setting({
    path: 'AsrConfig.CustomParams',
    config: { AsrConfig: { CustomParams: 'domain=bank&x=1' } },
    play: (config) => heardOnce('go', config).options?.customParams,
    holds: (params) => assert.equal(params, 'domain=bank&x=1'),
  }),
  setting({
    path: 'AsrConfig.VadLevel',
    config: { AsrConfig: { VadLevel: 0 } },
    play: heardOnMs,
    holds: (ms) => assert.ok(ms >= 2380, `sound alone stopped the agent after ${ms} ms`),
  }),
  setting({
    path: 'AsrConfig.VadLevel',
    config: { AsrConfig: { VadLevel: 10 } },
    play: heardOnMs,
    holds: (ms) => near(ms, 340, 40),
  }),
  setting({
    path: 'AsrConfig.VadDuration',
    config: { AsrConfig: { VadDuration: 1000 } },
    play: heardOnMs,
    holds: (ms) => near(ms, 1000, 40),
  }),
  setting({
    path: 'EnableIntelligentSegment',
    config: { EnableIntelligentSegment: false },
    play: questions,
    holds: (asked) => assert.equal(asked.at(-1), 'with cheese'),
  }),
  setting({
    path: 'EnablePushToTalk',
    config: { EnablePushToTalk: true },
    play: askedAtMs,
    holds: (asked) => {
      assert.equal(asked.length, 1)
      near(asked[0] ?? 0, 6000)
    },
  }),
]

const semantic = (more: object): Config => ({
  TurnDetectionConfig: { Mode: 'Semantic', ...more },
})
const unfinishedMs = (config: Config): number => heardOnce('I would like the', config).askedAfterMs

export const TURN_END = [
  setting({
    path: 'TurnDetectionConfig.Mode',
    config: semantic({}),
    play: unfinishedMs,
    holds: (ms) => near(ms, 4000),
  }),
  ...(
    [
      ['Low', 6000],
      ['Medium', 4000],
      ['High', 2000],
    ] as const
  ).map(([Eagerness, waitMs]) =>
    setting({
      path: 'TurnDetectionConfig.Eagerness',
      // Goes before SemanticWaitDuration.
      config: semantic({ Eagerness, SemanticWaitDuration: 700 }),
      play: unfinishedMs,
      holds: (ms) => near(ms, waitMs),
    }),
  ),
  setting({
    path: 'TurnDetectionConfig.SemanticWaitDuration',
    config: semantic({ SemanticWaitDuration: 1500 }),
    play: unfinishedMs,
    holds: (ms) => near(ms, 1500),
  }),
  setting({
    path: 'TurnDetectionConfig.TurnEndWords',
    config: { ...semantic({ TurnEndWords: ['over'] }), AsrConfig: { AsrMaxSilence: 1200 } },
    play: (config) => heardOnce('I would like the, over.', config),
    holds: ({ askedAfterMs, question }) => {
      assert.ok(askedAfterMs < 350, `${askedAfterMs} ms`)
      assert.equal(question, 'I would like the, over.')
    },
  }),
  ...together(['antiphon.TurnJudge', 'TurnDetectionConfig.Mode'], {
    config: { ...semantic({}), antiphon: { TurnJudge: 'model' } },
    play: (config) => {
      const model = new ModelScript(({ messages }) =>
        messages[0]?.role === 'system' ? { text: 'COMPLETE', afterMs: 50 } : { text: 'Yes.' },
      )
      const talk = joined({
        agentConfig: config,
        asr: { texts: ['I would like the'] },
        llmWith: model.on,
      })
      talk.speak(100, 1000)
      talk.run(9000)
      talk.close()
      return { judged: model.requests.length, ms: (model.askedMs.at(-1) ?? 0) - 1100, talk }
    },
    holds: ({ judged, ms, talk }) => {
      near(ms, 400)
      assert.equal(judged, 2)
      assert.deepEqual(userTexts(talk), ['I would like the'])
    },
  }),
]
