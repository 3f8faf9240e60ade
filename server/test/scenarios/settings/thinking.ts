import assert from 'node:assert/strict'
import { ServerMessage } from '../../../src/schema/messages.ts'
import { ModelScript } from '../model-script.ts'
import { near, setting, together, type Config } from './setting.ts'
import { ask, firstHeardMs, joined, LONG, said, speaking } from './talks.ts'

/** What the model is asked when the user has typed these, one after the other. */
function requests(agentConfig: Config, ...texts: readonly string[]) {
  const model = new ModelScript(() => ({ text: 'Yes.' }))
  const talk = joined({ agentConfig, llmWith: model.on })
  for (const text of texts) {
    ask(talk, text)
    talk.run(2000)
  }
  talk.close()
  const last = model.requests.at(-1)
  return { last, messages: last?.messages.map(({ role, content }) => `${role}: ${content}`) ?? [] }
}

/** Says what the agent says when its model fails. */
function whenModelFails(agentConfig: Config): readonly string[] {
  const model = new ModelScript(() => ({ fails: true }))
  const talk = joined({ agentConfig, llmWith: model.on })
  ask(talk, 'Hello?')
  talk.run(5000)
  talk.close()
  return said(talk)
}

/** When the first words of an answer are heard whose pieces come a second apart. */
function firstWordsMs(agentConfig: Config, pieces: readonly string[]): number {
  const talk = joined({
    agentConfig,
    llmWith: (clock) => ({
      name: 'slow',
      start: (_, events) => {
        const stops = pieces.map((piece, index) =>
          clock.after(index * 1000, () => events.onDelta(piece)),
        )
        return { cancel: () => stops.forEach((stop) => stop()) }
      },
    }),
    tts: { msPerChar: 10 },
  })
  ask(talk, 'Go')
  talk.run(9000)
  talk.close()
  return firstHeardMs(talk)
}

const SHORT = ['Yes. ', 'No. ', 'Perhaps so. ', 'Who knows. ', 'Not I.']
const ENDLESS = ['A sentence without ', 'any end and so ', 'on and on ', 'it goes. ', 'x']
const ENDLESS_CHINESE = [
  '今天的天气非常好',
  '我们可以一起出去',
  '走一走看看风景',
  '再回来吃饭。',
  'x',
]

/** Whether the call has ended by the model's word, and after what. */
function whenModelHangsUp(agentConfig: Config) {
  const calls = [{ name: 'end_call', arguments: '{}' }]
  const talk = joined({ agentConfig, llmWith: new ModelScript(() => ({ text: 'Bye.', calls })).on })
  ask(talk, 'That is all.')
  talk.run(3000)
  const { hasEnded } = talk
  talk.close()
  return hasEnded
}

/** What the model knows of an answer that was cut after a second. */
function memoryOfCut(agentConfig: Config): string | undefined {
  const { talk, model } = speaking(agentConfig, ['stop'])
  talk.speak(0, 500)
  talk.run(5000)
  talk.close()
  return model.requests.at(-1)?.messages.find(({ role }) => role === 'assistant')?.content
}

export const THINKING = [
  setting({
    path: 'LlmConfig.LlmSystemPrompt',
    config: { LlmConfig: { LlmSystemPrompt: 'Be brief.' } },
    play: (config) => requests(config, 'one').messages,
    holds: (messages) => assert.deepEqual(messages, ['system: Be brief.', 'user: one']),
  }),
  ...together(['LlmConfig.LlmHistory[].Role', 'LlmConfig.LlmHistory[].Content'], {
    config: {
      LlmConfig: {
        LlmHistory: [
          { Role: 'user', Content: 'My name is Ada.' },
          { Role: 'plugin', Content: 'Looked up.' },
          { Role: 'assistant', Content: 'Hello Ada.' },
        ],
      },
    },
    play: (config) => requests(config, 'one').messages,
    holds: (messages) =>
      assert.deepEqual(messages, [
        'user: My name is Ada.',
        'plugin: Looked up.',
        'assistant: Hello Ada.',
        'user: one',
      ]),
  }),
  setting({
    path: 'LlmConfig.LlmHistoryLimit',
    config: { LlmConfig: { LlmHistoryLimit: 1 } },
    play: (config) => requests(config, 'one', 'two', 'three').messages,
    holds: (messages) =>
      assert.deepEqual(messages, ['user: two', 'assistant: Yes.', 'user: three']),
  }),
  setting({
    path: 'LlmConfig.LlmHistoryLimit',
    config: { LlmConfig: { LlmHistoryLimit: 0 } },
    play: (config) => requests(config, 'one', 'two').messages,
    holds: (messages) => assert.deepEqual(messages, ['user: two']),
  }),
  setting({
    path: 'LlmConfig.HistorySyncWithTTS',
    config: { LlmConfig: { HistorySyncWithTTS: true } },
    play: memoryOfCut,
    holds: (memory) => {
      assert.match(memory ?? '', /^A rather .*<ims_agent_interrupted>/)
      assert.ok(LONG.startsWith(memory?.replace('<ims_agent_interrupted>', '') ?? 'nothing'))
    },
  }),
  setting({
    path: 'LlmConfig.OpenAIExtraQuery',
    config: { LlmConfig: { OpenAIExtraQuery: 'tier=gold' } },
    play: (config) => requests(config, 'one').last?.extraQuery,
    holds: (query) => assert.equal(query, 'tier=gold'),
  }),
  // The published sample has it as JSON text within JSON text.
  ...['{"biz_params":{"a":1}}', '"{\\"biz_params\\":{\\"a\\":1}}"'].map((BailianAppParams) =>
    setting({
      path: 'LlmConfig.BailianAppParams',
      config: { LlmConfig: { BailianAppParams } },
      play: (config) => requests(config, 'one').last?.appParams,
      holds: (params) => assert.equal(params, '{"biz_params":{"a":1}}'),
    }),
  ),
  setting({
    path: 'LlmConfig.LlmCompleteReply',
    config: { LlmConfig: { LlmCompleteReply: true } },
    play: (config) => {
      const talk = joined({ agentConfig: config, llm: { replies: ['One. Two.'] } })
      ask(talk, 'Go')
      talk.run(2000)
      talk.close()
      return talk.texts(ServerMessage.replyComplete)
    },
    holds: (told) => assert.deepEqual(told, [{ text: 'One. Two.', sentenceId: 1 }]),
  }),
  ...together(['LlmConfig.FunctionMap[].Function', 'LlmConfig.FunctionMap[].MatchFunction'], {
    config: {
      LlmConfig: { FunctionMap: [{ Function: 'hangup', MatchFunction: 'end_call' }] },
    },
    play: whenModelHangsUp,
    holds: (hasEnded) => assert.ok(hasEnded, 'the call goes on'),
  }),
  setting({
    path: 'LlmConfig.OutputMinLength',
    config: { LlmConfig: { OutputMinLength: 18 } },
    play: (config) => firstWordsMs(config, SHORT),
    holds: (ms) => near(ms, 2000),
  }),
  ...together(['LlmConfig.OutputMaxDelay', 'LlmConfig.OutputMinLength'], {
    config: { LlmConfig: { OutputMinLength: 18, OutputMaxDelay: 1500 } },
    play: (config) => firstWordsMs(config, SHORT),
    holds: (ms) => near(ms, 1500),
  }),
  setting({
    path: 'CharBreak',
    config: { CharBreak: true },
    play: (config) => firstWordsMs(config, ENDLESS),
    holds: (ms) => near(ms, 1000),
  }),
  setting({
    path: 'CharBreak',
    config: { CharBreak: true },
    play: (config) => firstWordsMs(config, ENDLESS_CHINESE),
    holds: (ms) => near(ms, 0),
  }),
  setting({
    path: 'WorkflowOverrideParams',
    config: { WorkflowOverrideParams: '{"llm":{"LlmSystemPrompt":"Be kind."}}' },
    play: (config) => requests(config, 'one').messages,
    holds: (messages) => assert.deepEqual(messages, ['system: Be kind.', 'user: one']),
  }),
  setting({
    path: 'antiphon.Apology',
    config: { antiphon: { Apology: 'The line is bad.' } },
    play: whenModelFails,
    holds: (heard) => assert.deepEqual(heard, ['The line is bad.']),
  }),
  setting({
    path: 'antiphon.EnableApology',
    config: { antiphon: { EnableApology: false } },
    play: whenModelFails,
    holds: (heard) => assert.deepEqual(heard, []),
  }),
  setting({
    path: 'antiphon.SpeculativeStart',
    config: { AsrConfig: { AsrMaxSilence: 1000 }, antiphon: { SpeculativeStart: true } },
    play: (config) => {
      const model = new ModelScript(() => ({ text: 'Very well.', afterMs: 900 }))
      const asr = { texts: ['please bring me two pizzas'] }
      const talk = joined({ agentConfig: config, asr, llmWith: model.on })
      talk.speak(100, 1000)
      talk.run(5000)
      talk.close()
      return firstHeardMs(talk) - 1100
    },
    // The end of the turn is at 1000 ms, and the model takes 900.
    holds: (ms) => assert.ok(ms >= 980 && ms < 1400, `${ms} ms`),
  }),
]
