import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClientMessage, ServerMessage } from '../../src/schema/messages.ts'
import { ModelScript } from './model-script.ts'
import { SimulatedCall, type CallStory } from './simulated-call.ts'

const PROMPTS = [{ Text: 'Are you there?', Probability: 0.5 }]

const idle = (userIdle: object, more: object = {}): object => ({
  AutoSpeechConfig: { UserIdle: { WaitTime: 5000, MaxRepeats: 2, Messages: PROMPTS, ...userIdle } },
  ...more,
})

const said = (talk: SimulatedCall): string[] =>
  (talk.texts(ServerMessage.agentSubtitle) as { text: string }[])
    .map(({ text }) => text)
    .filter((text) => text !== '')

const join = (story: CallStory): SimulatedCall => {
  const talk = new SimulatedCall({ tts: { msPerChar: 50 }, ...story })
  talk.join()
  return talk
}

test('UserIdle: prompts after each wait, then the farewell, then the call ends as idle', () => {
  const talk = join({ agentConfig: idle({ HangupEndWord: 'Goodbye then.' }) })
  talk.run(4900)
  assert.deepEqual(said(talk), [])
  talk.run(300)
  assert.deepEqual(said(talk), ['Are you there?'])
  talk.run(13_000)
  assert.deepEqual(said(talk), ['Are you there?', 'Are you there?', 'Goodbye then.'])
  assert.ok(talk.hasEnded)
  assert.deepEqual(talk.texts(ServerMessage.agentLeaving), [
    { reason: 2001, message: 'idle for too long' },
  ])
  const kinds = talk.records.flatMap(({ record }) =>
    record.type === 'sentence' && record.sentence.isFinal ? [record.sentence.kind] : [],
  )
  assert.deepEqual(kinds, ['speech', 'speech', 'speech'])
  assert.equal(talk.close(), 0)
})

test('UserIdle: each prompt has a number of its own, is known to the model, and the user starts the count anew', () => {
  const model = new ModelScript(() => ({ text: 'Yes.' }))
  const talk = join({ agentConfig: idle({ MaxRepeats: 1 }), llmWith: model.on })
  talk.run(5200)
  talk.send(ClientMessage.text, { text: 'I am.' })
  talk.run(1000)
  assert.deepEqual(
    model.requests[0]?.messages.map(({ role, content }) => `${role}: ${content}`),
    ['assistant: Are you there?', 'user: I am.'],
  )
  talk.run(5000)
  assert.equal(said(talk).filter((text) => text === 'Are you there?').length, 2)
  const ids = (talk.texts(ServerMessage.agentSubtitle) as { sentenceId: number }[]).map(
    ({ sentenceId }) => sentenceId,
  )
  assert.deepEqual([...new Set(ids)], [1, 2, 3])
  assert.ok(!talk.hasEnded)
  talk.close()
})

test('UserIdle without repeats hangs up at once; a prompt can be interrupted; a held button counts as presence', () => {
  const none = join({ agentConfig: idle({ MaxRepeats: 0 }) })
  none.run(5200)
  assert.ok(none.hasEnded)
  assert.deepEqual(said(none), [])
  none.close()
  const talk = join({
    agentConfig: idle({ Messages: [{ Text: 'A rather long question, is it not, all in all?' }] }),
    asr: { texts: ['stop'], partials: true, firstPartialMs: 200 },
  })
  talk.run(5500)
  talk.speak(0, 600)
  talk.run(500)
  assert.deepEqual(talk.texts(ServerMessage.interrupted), [{ reason: 2 }])
  talk.close()
  const held = join({ agentConfig: idle({}, { EnablePushToTalk: true }) })
  held.send(ClientMessage.talkStart)
  held.run(20_000)
  assert.deepEqual(said(held), [])
  held.send(ClientMessage.talkFinish)
  held.run(5500)
  assert.deepEqual(said(held), ['Are you there?'])
  held.close()
})

const slowly = (afterMs: number): CallStory['llmWith'] =>
  new ModelScript(() => ({ text: 'Here it is.', afterMs })).on

const PENDING = {
  WaitTime: 1000,
  Messages: [
    { Text: 'One moment.', Probability: 1 },
    { Text: 'Still looking.', Probability: 0 },
  ],
}

test('LlmPending: random says one filler, sequence one after each wait, and none is shown or remembered', () => {
  const spans = (pending: object, afterMs: number): number => {
    const talk = join({
      agentConfig: { AutoSpeechConfig: { LlmPending: { ...PENDING, ...pending } } },
      llmWith: slowly(afterMs),
    })
    talk.send(ClientMessage.text, { text: 'Go' })
    talk.run(afterMs + 4000)
    assert.deepEqual(said(talk), ['Here it is.'])
    const history = talk.records.flatMap(({ record }) =>
      record.type === 'turn' ? record.turn.history.map(({ content }) => content) : [],
    )
    assert.deepEqual(history, ['Go', 'Here it is.'])
    // Neither state nor subtitle tells of a filler.
    const states = talk.texts(ServerMessage.state) as { state: number }[]
    assert.deepEqual(
      states.map(({ state }) => state),
      [1, 2, 3, 1],
    )
    talk.close()
    return talk.heardSpans().length
  }
  assert.equal(spans({}, 500), 1)
  assert.equal(spans({}, 3500), 2)
  assert.equal(spans({ Mode: 'random' }, 3500), 2)
  assert.equal(spans({ Mode: 'sequence' }, 3500), 3)
  assert.equal(spans({ Mode: 'sequence' }, 8000), 3)
})

test('LlmPending: a reply that comes while a filler is heard waits for its end', () => {
  const talk = join({
    agentConfig: { AutoSpeechConfig: { LlmPending: PENDING } },
    llmWith: slowly(1200),
  })
  talk.send(ClientMessage.text, { text: 'Go' })
  talk.run(4000)
  const [only] = talk.heardSpans()
  const bothMs = ('One moment.'.length + 'Here it is.'.length) * 50
  assert.ok(Math.abs((only?.untilMs ?? 0) - (only?.fromMs ?? 0) - bothMs) <= 60)
  talk.close()
})

test('MaxIdleTime: counts only silence, stands still while the agent speaks, prompts do not reset it', () => {
  const talk = join({ agentConfig: idle({ MaxRepeats: 10 }, { MaxIdleTime: 12 }) })
  // Two prompts of 700 ms each stand in between.
  talk.run(13_300)
  assert.ok(!talk.hasEnded)
  talk.run(300)
  assert.ok(talk.hasEnded)
  talk.close()
  const noisy = join({ agentConfig: { MaxIdleTime: 10 }, asr: { texts: [''] } })
  noisy.speak(5000, 400)
  noisy.run(10_200)
  assert.ok(noisy.hasEnded, 'noise is no interaction')
  noisy.close()
  const typed = join({ agentConfig: { MaxIdleTime: 10 }, llm: { replies: ['Ok.'] } })
  typed.run(8000)
  typed.send(ClientMessage.text, { text: 'Hi' })
  typed.run(9500)
  assert.ok(!typed.hasEnded)
  typed.run(1500)
  assert.ok(typed.hasEnded)
  typed.close()
  const never = join({ agentConfig: { MaxIdleTime: -1 } })
  never.run(2_000_000)
  assert.ok(!never.hasEnded)
  never.close()
})

test('GracefulShutdown: the sentence is finished, ten seconds at most, and nobody is listened to', () => {
  const endedMs = (answer: string, isGraceful: boolean): number => {
    const model = new ModelScript(() => ({ text: answer }))
    const talk = join({ agentConfig: { GracefulShutdown: isGraceful }, llmWith: model.on })
    talk.send(ClientMessage.text, { text: 'Go' })
    talk.run(500)
    talk.send(ClientMessage.stop)
    talk.send(ClientMessage.text, { text: 'Wait!' })
    talk.run(30_000)
    assert.ok(talk.hasEnded)
    assert.equal(model.requests.length, 1)
    talk.close()
    return (talk.heardSpans()[0]?.untilMs ?? 0) - 500
  }
  const short = 'A sentence of two seconds, more or less.'
  assert.ok(Math.abs(endedMs(short, true) - (short.length * 50 - 500)) <= 80)
  assert.ok(endedMs(short, false) <= 20)
  const endless = 'And on it goes. '.repeat(40)
  assert.ok(Math.abs(endedMs(endless, true) - 10_000) <= 60)
})

test('UserOnlineTimeout and UserOfflineTimeout of 0 end the call at once', () => {
  const alone = new SimulatedCall({ agentConfig: { UserOnlineTimeout: 0 } })
  alone.run(20)
  assert.ok(alone.hasEnded)
  alone.close()
  const left = join({ agentConfig: { UserOfflineTimeout: 0 } })
  left.run(1000)
  left.leave()
  left.run(20)
  assert.ok(left.hasEnded)
  left.close()
})

test('BackChannelingConfigs under the older name and with the other spelling; none without Enabled', () => {
  const words = [{ Text: 'uh-huh', Probability: 1 }]
  const softWords = (rules: object): number => {
    const talk = join({
      agentConfig: { AsrConfig: { AsrMaxSilence: 1200 }, ...rules },
      asr: { texts: ['a long story'] },
      llm: { replies: [''] },
    })
    talk.speak(100, 2000)
    talk.speak(2600, 1000)
    talk.run(6000)
    talk.close()
    return talk.heardSpans().length
  }
  assert.equal(
    softWords({ BackChannelingConfig: [{ Enable: true, Probability: 1, Words: words }] }),
    1,
  )
  assert.equal(
    softWords({
      BackChannelingConfig: [{ Enabled: true, Probability: 1, Words: words }],
      BackChannelingConfigs: [{ Enabled: false, Probability: 1, Words: words }],
    }),
    0,
  )
  // As the vendor's Python client writes it: the list that nobody gave is there, empty.
  assert.equal(
    softWords({
      BackChannelingConfig: [{ Enabled: true, Probability: 1, Words: words }],
      BackChannelingConfigs: [],
    }),
    1,
  )
  assert.equal(
    softWords({ BackChannelingConfigs: [{ Enabled: true, Probability: 0, Words: words }] }),
    0,
  )
})
