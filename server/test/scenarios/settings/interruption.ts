import assert from 'node:assert/strict'
import { ClientMessage } from '../../../src/schema/messages.ts'
import { ModelScript } from '../model-script.ts'
import { setting, together, type Config } from './setting.ts'
import { ask, joined, LONG, questionOf, reasons, said, speaking } from './talks.ts'

/** The user says this while the agent speaks. */
function during(agentConfig: Config, text: string, forMs = 800) {
  const { talk, model } = speaking(agentConfig, [text])
  talk.speak(0, forMs)
  talk.run(9000)
  talk.close()
  const heardMs = talk
    .heardSpans()
    .reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs + 20, 0)
  return {
    reasons: reasons(talk),
    asked: model.requests.map((_, index) => questionOf(model, index)),
    isWhole: heardMs >= LONG.length * 60 - 120,
  }
}

const notByVoice = (more: object): Config => ({
  InterruptConfig: { EnableVoiceInterrupt: false, ...more },
})
const HOLD_ON = 'hold on, is it raining'

/** Answers of a call in which the user speaks for 600 ms while the model is asked. */
function answersWhenInterruptedEarly(agentConfig: Config): readonly string[] {
  const model = new ModelScript((_, count) => ({ text: `Answer ${count}.`, afterMs: 1800 }))
  const talk = joined({
    agentConfig,
    asr: { texts: ['and quickly'], partials: true, firstPartialMs: 200 },
    llmWith: model.on,
  })
  ask(talk, 'Go')
  talk.run(100)
  talk.speak(0, 600)
  talk.run(9000)
  talk.close()
  return said(talk)
}

/** How long the agent goes on after the client has stopped the call in the middle of an answer. */
function afterStopMs(agentConfig: Config): number {
  const { talk } = speaking(agentConfig)
  talk.send(ClientMessage.stop)
  talk.run(20_000)
  talk.close()
  return (talk.heardSpans()[0]?.untilMs ?? 0) - 1000
}

export const INTERRUPTION = [
  setting({
    path: 'InterruptConfig.EnableVoiceInterrupt',
    config: notByVoice({}),
    play: (config) => during(config, 'and then what'),
    holds: (seen) =>
      assert.deepEqual(seen, { reasons: [], asked: ['Go', 'and then what'], isWhole: true }),
  }),
  ...together(['InterruptConfig.NoInterruptMode', 'InterruptConfig.EnableVoiceInterrupt'], {
    config: notByVoice({ NoInterruptMode: 'discard' }),
    play: (config) => during(config, 'and then what'),
    holds: (seen) => assert.deepEqual(seen, { reasons: [], asked: ['Go'], isWhole: true }),
  }),
  setting({
    path: 'InterruptConfig.InterruptWords',
    config: notByVoice({ InterruptWords: ['Hold on'] }),
    play: (config) => during(config, HOLD_ON),
    holds: (seen) =>
      assert.deepEqual(seen, { reasons: [1], asked: ['Go', 'is it raining'], isWhole: false }),
  }),
  setting({
    path: 'InterruptConfig.KeepInterruptWordsForLLM',
    config: notByVoice({ InterruptWords: ['hold on'], KeepInterruptWordsForLLM: true }),
    play: (config) => during(config, HOLD_ON),
    holds: (seen) =>
      assert.deepEqual(seen, { reasons: [1], asked: ['Go', HOLD_ON], isWhole: false }),
  }),
  setting({
    path: 'antiphon.Acknowledgements',
    config: { antiphon: { Acknowledgements: ['roger that'] } },
    play: (config) => during(config, 'Roger that.', 400),
    holds: (seen) => assert.deepEqual(seen, { reasons: [], asked: ['Go'], isWhole: true }),
  }),
  setting({
    path: 'antiphon.InterruptMinSpeech.Speaking',
    config: { antiphon: { InterruptMinSpeech: { Speaking: 1200 } } },
    play: (config) => during(config, 'wait', 700),
    holds: (seen) => assert.deepEqual([seen.reasons, seen.isWhole], [[], true]),
  }),
  setting({
    path: 'antiphon.InterruptMinSpeech.Thinking',
    config: { antiphon: { InterruptMinSpeech: { Thinking: 1500 } } },
    play: answersWhenInterruptedEarly,
    holds: (answers) => assert.deepEqual(answers, ['Answer 1.', 'Answer 2.']),
  }),
  setting({
    path: 'GracefulShutdown',
    config: { GracefulShutdown: true },
    play: afterStopMs,
    holds: (ms) => assert.ok(ms > 3000, `the sentence was cut after ${ms} ms`),
  }),
]
