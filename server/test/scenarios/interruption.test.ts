import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClientMessage, InterruptReason, ServerMessage } from '../../src/schema/messages.ts'
import { ModelScript } from './model-script.ts'
import { SimulatedCall, type CallStory } from './simulated-call.ts'

const LONG =
  'A rather long answer that goes on for quite a while, for no other reason than to be cut.'

/** A call whose agent has been speaking for a second. */
function speaking(story: CallStory = {}): { talk: SimulatedCall; model: ModelScript } {
  const model = new ModelScript((_, count) =>
    count === 1 ? { text: LONG } : { text: 'Yes.', afterMs: 500 },
  )
  const talk = new SimulatedCall({ tts: { msPerChar: 60 }, llmWith: model.on, ...story })
  talk.join()
  talk.send(ClientMessage.text, { text: 'Go', enableInterrupt: 1 })
  talk.run(1000)
  return { talk, model }
}

const reasons = (talk: SimulatedCall): unknown[] =>
  talk.texts(ServerMessage.interrupted).map((data) => (data as { reason: number }).reason)

const hears = (...texts: string[]): CallStory => ({
  asr: { texts, partials: true, firstPartialMs: 200 },
})

test('each way to interrupt has its reason, and the sound stops at once', () => {
  const cases: readonly (readonly [number, CallStory, (talk: SimulatedCall) => void])[] = [
    [InterruptReason.voice, hears('wait a moment'), (talk) => talk.speak(0, 700)],
    [
      InterruptReason.words,
      {
        ...hears('please hold on'),
        agentConfig: {
          InterruptConfig: { EnableVoiceInterrupt: false, InterruptWords: ['Hold on'] },
        },
      },
      (talk) => talk.speak(0, 700),
    ],
    [InterruptReason.command, {}, (talk) => talk.send(ClientMessage.interrupt)],
    [
      InterruptReason.speech,
      {},
      (talk) => void talk.call.command({ type: 'speech', text: 'News.', interrupts: true }),
    ],
    [
      InterruptReason.query,
      {},
      (talk) => talk.send(ClientMessage.text, { text: 'Stop', enableInterrupt: 1 }),
    ],
    [
      InterruptReason.unknown,
      {},
      (talk) => void talk.call.command({ type: 'takeover', humanUserId: 'human' }),
    ],
  ]
  for (const [reason, story, act] of cases) {
    const { talk } = speaking(story)
    act(talk)
    talk.run(6000)
    assert.deepEqual(reasons(talk), [reason])
    const at = talk.told.find(({ type }) => type === ServerMessage.interrupted)?.atMs ?? 0
    const until = talk.heardSpans()[0]?.untilMs ?? 0
    // What is broadcast instead is heard at once.
    const limitMs = reason === InterruptReason.speech ? 40 + 'News.'.length * 60 : 40
    assert.ok(until - at <= limitMs, `reason ${reason}: ${until} after ${at}`)
    talk.close()
  }
})

test('voice interruption off: nothing stops the agent, and what was said waits or is dropped', () => {
  for (const [mode, asked] of [
    ['cache', ['Go', 'and then what']],
    ['discard', ['Go']],
  ] as const) {
    const { talk, model } = speaking({
      ...hears('and then what'),
      agentConfig: {
        InterruptConfig: { EnableVoiceInterrupt: false, NoInterruptMode: mode },
      },
    })
    talk.speak(0, 800)
    talk.run(9000)
    assert.deepEqual(reasons(talk), [])
    assert.deepEqual(
      model.requests.map(({ messages }) => messages.at(-1)?.content),
      asked,
    )
    assert.ok((talk.heardSpans()[0]?.untilMs ?? 0) >= LONG.length * 60 - 60, 'heard whole')
    const shown = talk.texts(ServerMessage.userSubtitle) as { text: string }[]
    assert.equal(shown.at(-1)?.text, 'and then what', 'the subtitle is shown all the same')
    talk.close()
  }
})

test('interrupt words: removed for the model, or kept', () => {
  for (const [keeps, question] of [
    [false, 'is it raining'],
    [true, 'hold on, is it raining'],
  ] as const) {
    const { talk, model } = speaking({
      ...hears('hold on, is it raining'),
      agentConfig: {
        InterruptConfig: {
          EnableVoiceInterrupt: false,
          InterruptWords: ['hold on'],
          KeepInterruptWordsForLLM: keeps,
        },
      },
    })
    talk.speak(0, 900)
    talk.run(4000)
    assert.equal(model.requests.at(-1)?.messages.at(-1)?.content, question)
    talk.close()
  }
})

test('"mhm", a configured acknowledgement and a cough: the answer is heard whole', () => {
  for (const [text, agentConfig] of [
    ['mhm', {}],
    ['嗯嗯', {}],
    ['roger that', { antiphon: { Acknowledgements: ['roger that'] } }],
    ['', {}],
  ] as const) {
    const { talk, model } = speaking({ ...hears(text), agentConfig })
    talk.speak(0, 400)
    talk.run(9000)
    assert.deepEqual(reasons(talk), [], text)
    assert.equal(model.requests.length, 1, text)
    const heardMs = talk
      .heardSpans()
      .reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs + 20, 0)
    // The frame that fades out is played again.
    assert.ok(Math.abs(heardMs - LONG.length * 60) <= 60, `${text}: ${heardMs}`)
    talk.close()
  }
})

test('a list of one’s own takes the place of the built-in acknowledgements', () => {
  const agentConfig = { antiphon: { Acknowledgements: ['roger'] } }
  const { talk } = speaking({ ...hears('mhm'), agentConfig })
  talk.speak(0, 400)
  talk.run(4000)
  assert.deepEqual(reasons(talk), [InterruptReason.voice])
  talk.close()
})

test('InterruptMinSpeech: one measure while the agent speaks, another while it thinks', () => {
  const agentConfig = { antiphon: { InterruptMinSpeech: { Speaking: 200, Thinking: 1500 } } }
  const { talk } = speaking({ ...hears('wait'), agentConfig })
  talk.speak(0, 700)
  talk.run(3000)
  assert.deepEqual(reasons(talk), [InterruptReason.voice])
  talk.close()
  const thinking = (forMs: number, config: object): string[] => {
    const model = new ModelScript((_, count) => ({ text: `Answer ${count}.`, afterMs: 1800 }))
    const call = new SimulatedCall({
      ...hears('and quickly'),
      agentConfig: config,
      llmWith: model.on,
    })
    call.join()
    call.send(ClientMessage.text, { text: 'Go', enableInterrupt: 1 })
    call.run(100)
    call.speak(0, forMs)
    call.run(9000)
    call.close()
    return (call.texts(ServerMessage.agentSubtitle) as { text: string }[])
      .map(({ text }) => text)
      .filter((text) => text !== '')
  }
  assert.deepEqual(thinking(600, agentConfig), ['Answer 1.', 'Answer 2.'], 'too short: both')
  assert.deepEqual(thinking(600, {}), ['Answer 2.'], 'the same turn')
  assert.deepEqual(thinking(2500, agentConfig), ['Answer 2.'], 'long enough')
})

test('push-to-talk: a press interrupts whatever EnableVoiceInterrupt says, and cancelled speech is gone', () => {
  const { talk, model } = speaking({
    ...hears('never mind', 'tell me more'),
    agentConfig: { EnablePushToTalk: true, InterruptConfig: { EnableVoiceInterrupt: false } },
  })
  talk.speak(0, 500)
  talk.run(800)
  assert.deepEqual(reasons(talk), [], 'nobody has pressed')
  talk.send(ClientMessage.talkStart)
  talk.speak(0, 600)
  talk.run(700)
  talk.send(ClientMessage.talkCancel)
  talk.run(1000)
  assert.deepEqual(reasons(talk), [InterruptReason.voice])
  assert.equal(model.requests.length, 1)
  talk.send(ClientMessage.talkStart)
  talk.speak(0, 600)
  // A long pause ends nothing while the button is held.
  talk.run(3000)
  assert.equal(model.requests.length, 1)
  talk.send(ClientMessage.talkFinish)
  talk.run(200)
  assert.equal(model.requests.length, 2)
  talk.run(3000)
  talk.send(ClientMessage.talkStart)
  talk.run(300)
  talk.send(ClientMessage.talkFinish)
  talk.run(3000)
  assert.equal(model.requests.length, 2, 'a press without speech is no turn')
  assert.deepEqual(talk.texts(ServerMessage.state).at(-1), { state: 1 })
  talk.close()
})
