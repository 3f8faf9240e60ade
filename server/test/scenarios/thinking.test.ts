import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClientMessage, ServerMessage } from '../../src/schema/messages.ts'
import { ModelScript, ToolScript } from './model-script.ts'
import { SimulatedCall } from './simulated-call.ts'

const WEATHER = {
  Name: 'weather',
  Description: 'Looks outside.',
  Parameters: { type: 'object', properties: { city: { type: 'string' } } },
  Url: 'https://example.org/weather',
  Filler: 'Just a moment please.',
}

const said = (talk: SimulatedCall): string =>
  (talk.texts(ServerMessage.agentSubtitle) as { text: string }[]).map(({ text }) => text).join('')

const ask = (talk: SimulatedCall, text: string): void =>
  talk.send(ClientMessage.text, { text, enableInterrupt: 1 })

test('a function is offered, called and its result told to the model; the agent speaks meanwhile', () => {
  const model = new ModelScript((_, count) =>
    count === 1
      ? {
          text: 'Let me look outside. ',
          calls: [{ name: 'weather', arguments: '{"city":"Oslo"}' }],
        }
      : { text: 'It is clear.' },
  )
  const tools = new ToolScript(() => ({ content: '{"sky":"clear"}', afterMs: 4000 }))
  const talk = new SimulatedCall({
    agentConfig: { antiphon: { Tools: [WEATHER] } },
    llmWith: model.on,
    tools: tools.on,
    tts: { msPerChar: 50 },
  })
  talk.join()
  ask(talk, 'How is the weather in Oslo?')
  talk.run(8000)
  assert.deepEqual(
    model.requests[0]?.tools?.map(({ name }) => name),
    ['weather'],
  )
  assert.equal(tools.calls[0]?.arguments, '{"city":"Oslo"}')
  assert.equal(tools.calls[0]?.tool.url, WEATHER.Url)
  assert.deepEqual(
    model.requests[1]?.messages.map(({ role, content }) => `${role}: ${content}`),
    [
      'user: How is the weather in Oslo?',
      'assistant: Let me look outside. ',
      'tool: {"sky":"clear"}',
    ],
  )
  assert.equal(said(talk), 'Let me look outside. It is clear.')
  // The words before, the filler (which is no part of the answer), the answer.
  const spans = talk.heardSpans()
  assert.ok((spans[0]?.fromMs ?? 0) < 200)
  const fillerMs = 'Just a moment please.'.length * 50
  const filler = spans.find(({ fromMs, untilMs }) => Math.abs(untilMs - fromMs - fillerMs) < 60)
  assert.ok(filler !== undefined && filler.fromMs < 2500, JSON.stringify(spans))
  assert.ok((spans.at(-1)?.fromMs ?? 0) >= 4000)
  assert.equal(talk.close(), 0)
})

test('a user who interrupts while a function runs: its result is known to the next question', () => {
  const model = new ModelScript((_, count) =>
    count === 1 ? { calls: [{ name: 'weather', arguments: '{}' }] } : { text: 'All right.' },
  )
  const tools = new ToolScript(() => ({ content: 'clear', afterMs: 3000 }))
  const talk = new SimulatedCall({
    agentConfig: { antiphon: { Tools: [WEATHER] } },
    llmWith: model.on,
    tools: tools.on,
  })
  talk.join()
  ask(talk, 'Weather?')
  talk.run(500)
  ask(talk, 'Never mind.')
  talk.run(5000)
  ask(talk, 'And now?')
  talk.run(3000)
  assert.equal(tools.calls.length, 1)
  const contents = model.requests.at(-1)?.messages.map(({ content }) => content) ?? []
  assert.ok(contents.includes('clear'), contents.join(' | '))
  const turns = talk.records.flatMap(({ record }) => (record.type === 'turn' ? [record.turn] : []))
  const first = turns.findLast(({ turnId }) => turnId === 1)
  assert.ok(first?.history.some(({ role, content }) => role === 'tool' && content === 'clear'))
  assert.equal(talk.close(), 0)
})

test('a call that ends takes its functions along', () => {
  const model = new ModelScript(() => ({ calls: [{ name: 'weather', arguments: '{}' }] }))
  const tools = new ToolScript(() => ({ content: 'clear', afterMs: 60_000 }))
  const talk = new SimulatedCall({
    agentConfig: { antiphon: { Tools: [WEATHER] } },
    llmWith: model.on,
    tools: tools.on,
  })
  talk.join()
  ask(talk, 'Weather?')
  talk.run(500)
  talk.send(ClientMessage.stop)
  talk.run(500)
  assert.ok(talk.hasEnded)
  assert.equal(talk.close(), 0)
})

test('FunctionMap: a function of the model hangs up after its words; others are left alone', () => {
  const model = new ModelScript(() => ({
    text: 'Goodbye then.',
    calls: [{ name: 'end_call', arguments: '{}' }],
  }))
  const talk = new SimulatedCall({
    agentConfig: {
      LlmConfig: { FunctionMap: [{ Function: 'hangup', MatchFunction: 'end_call' }] },
    },
    llmWith: model.on,
  })
  talk.join()
  ask(talk, 'Bye')
  talk.run(5000)
  assert.ok(talk.hasEnded)
  assert.equal(said(talk), 'Goodbye then.')
  talk.close()
})

test('a model that gives nothing for 15 s is asked once more, then an apology is heard', () => {
  const model = new ModelScript(() => ({ isSilent: true }))
  const talk = new SimulatedCall({
    agentConfig: { antiphon: { Apology: 'The line is bad.' } },
    llmWith: model.on,
  })
  talk.join()
  ask(talk, 'Hello?')
  talk.run(40_000)
  assert.deepEqual(model.askedMs, [0, 15_000])
  assert.equal(said(talk), 'The line is bad.')
  assert.ok((talk.heardSpans()[0]?.fromMs ?? 0) >= 30_000)
  assert.equal(talk.close(), 0)
})

test('a model that thinks for long is not given up', () => {
  let finish = (): void => {}
  const talk = new SimulatedCall({
    llmWith: (clock) => ({
      name: 'thinker',
      start: (_, events) => {
        const stop = clock.after(5000, () => events.onThinking?.())
        finish = () => {
          events.onDelta('Forty-two.')
          events.onEnd()
        }
        return { cancel: stop }
      },
    }),
  })
  talk.join()
  ask(talk, 'What is the answer?')
  talk.run(25_000)
  assert.equal(said(talk), '')
  finish()
  talk.run(3000)
  assert.equal(said(talk), 'Forty-two.')
  talk.close()
})

test('the apology is in the call’s language, in the agent’s words, or left out', () => {
  const after = (agentConfig: object): string => {
    const model = new ModelScript(() => ({ fails: true }))
    const talk = new SimulatedCall({ agentConfig, llmWith: model.on })
    talk.join()
    ask(talk, 'Hello?')
    talk.run(5000)
    talk.close()
    assert.equal(model.requests.length, 2)
    return said(talk)
  }
  assert.match(after({}), /^Sorry/)
  assert.match(after({ AsrConfig: { AsrLanguageId: 'zh_mandarin' } }), /抱歉/)
  assert.equal(after({ antiphon: { Apology: 'Oops.' } }), 'Oops.')
  assert.equal(after({ antiphon: { EnableApology: false } }), '')
})

test('what the model is asked with: prompt, history, limit, extendData, extra query, parameters', () => {
  const model = new ModelScript(() => ({ text: 'Yes.' }))
  const talk = new SimulatedCall({
    agentConfig: {
      LlmConfig: {
        LlmSystemPrompt: 'Be brief.',
        LlmHistory: [
          { Role: 'user', Content: 'old question' },
          { Role: 'plugin', Content: 'old lookup' },
          { Role: 'assistant', Content: 'old answer' },
        ],
        LlmHistoryLimit: 2,
        OpenAIExtraQuery: 'tier=gold',
        BailianAppParams: '{"biz_params":{"a":1}}',
      },
    },
    llmWith: model.on,
  })
  talk.join()
  ask(talk, 'one')
  talk.run(2000)
  const [first] = model.requests
  assert.deepEqual(
    first?.messages.map(({ role, content }) => `${role}: ${content}`),
    [
      'system: Be brief.',
      'user: old question',
      'plugin: old lookup',
      'assistant: old answer',
      'user: one',
    ],
  )
  assert.deepEqual(first?.extendData, {
    instanceId: 'instance',
    channelId: 'channel',
    sentenceId: 1,
  })
  assert.equal(first.extraQuery, 'tier=gold')
  assert.equal(first.appParams, '{"biz_params":{"a":1}}')
  talk.send(ClientMessage.appParams, { params: '{"memory_id":"m"}' })
  talk.send(ClientMessage.systemPrompt, { prompt: 'Be long.' })
  talk.call.change({ userData: 'order 7' })
  ask(talk, 'two')
  talk.run(2000)
  ask(talk, 'three')
  talk.run(2000)
  const last = model.requests.at(-1)
  assert.equal(last?.appParams, '{"memory_id":"m"}')
  assert.equal(last.extendData.userData, 'order 7')
  assert.deepEqual(
    last.messages.map(({ role, content }) => `${role}: ${content}`),
    [
      'system: Be long.',
      'user: one',
      'assistant: Yes.',
      'user: two',
      'assistant: Yes.',
      'user: three',
    ],
  )
  talk.close()
})

test('SpeculativeStart: sooner answered, and a wrong guess is heard, shown and recorded nowhere', () => {
  const play = (isSpeculative: boolean) => {
    const model = new ModelScript(() => ({ text: 'Very well.', afterMs: 300 }))
    const talk = new SimulatedCall({
      agentConfig: {
        AsrConfig: { AsrMaxSilence: 1000 },
        antiphon: { SpeculativeStart: isSpeculative },
      },
      asr: { texts: ['please bring me two pizzas'] },
      llmWith: model.on,
    })
    talk.join()
    talk.speak(100, 1000)
    // Drawing breath: the first guess is wrong.
    talk.speak(1800, 600)
    talk.run(6000)
    const seen = talk.told.map(({ type, data }) => `${type} ${JSON.stringify(data)}`)
    const records = talk.records.flatMap(({ record }) =>
      record.type === 'sentence' || record.type === 'event' ? [record.type] : [],
    )
    const answeredMs = talk.heardSpans()[0]?.fromMs ?? 0
    assert.equal(talk.close(), 0)
    return { seen, records: records.toSorted(), answeredMs, requests: model.requests.length }
  }
  const patient = play(false)
  const ahead = play(true)
  assert.deepEqual([patient.requests, ahead.requests], [1, 2])
  assert.ok(
    patient.answeredMs - ahead.answeredMs >= 280,
    `${patient.answeredMs} ${ahead.answeredMs}`,
  )
  assert.deepEqual(ahead.seen, patient.seen)
  assert.deepEqual(ahead.records, patient.records)
})

test('TurnJudge model: the model’s word decides; without a usable word our own lists do', () => {
  const askedAt = (verdict: string): number => {
    let answeredMs = 0
    const talk = new SimulatedCall({
      agentConfig: { TurnDetectionConfig: { Mode: 'Semantic' }, antiphon: { TurnJudge: 'model' } },
      asr: { texts: ['I would like the'] },
      llmWith: (clock) =>
        new ModelScript(({ messages }) => {
          const isJudge = messages[0]?.role === 'system'
          if (isJudge) assert.match(messages[1]?.content ?? '', /User: I would like the\n/)
          else answeredMs = clock.nowMs()
          return isJudge ? { text: verdict, afterMs: 50 } : { text: 'Here you are.' }
        }).on(clock),
    })
    talk.join()
    talk.speak(100, 1000)
    talk.run(9000)
    talk.close()
    return answeredMs - 1100
  }
  assert.ok(Math.abs(askedAt('COMPLETE') - 400) < 80, String(askedAt('COMPLETE')))
  assert.ok(Math.abs(askedAt('Unsure.') - 1500) < 80, String(askedAt('Unsure.')))
  assert.ok(Math.abs(askedAt('no idea') - 4000) < 80, String(askedAt('no idea')))
})

test('OutputMinLength joins, OutputMaxDelay forces out, CharBreak starts early', () => {
  const firstWordsMs = (agentConfig: object, words: readonly string[]): number => {
    const talk = new SimulatedCall({
      agentConfig,
      llmWith: (clock) => ({
        name: 'slow',
        start: (_, events) => {
          const stops = words.map((word, index) =>
            clock.after(index * 1000, () => events.onDelta(word)),
          )
          return { cancel: () => stops.forEach((stop) => stop()) }
        },
      }),
      tts: { msPerChar: 10 },
    })
    talk.join()
    ask(talk, 'Go')
    talk.run(8000)
    talk.close()
    return talk.heardSpans()[0]?.fromMs ?? Number.NaN
  }
  const short = ['Yes. ', 'No. ', 'Perhaps so. ', 'Who knows. ']
  const near = (ms: number, expected: number): void =>
    assert.ok(Math.abs(ms - expected) < 100, `${ms} instead of ${expected}`)
  near(firstWordsMs({}, short), 0)
  near(firstWordsMs({ LlmConfig: { OutputMinLength: 18 } }, short), 2000)
  near(firstWordsMs({ LlmConfig: { OutputMinLength: 18, OutputMaxDelay: 1500 } }, short), 1500)
  const long = ['A sentence without ', 'any end and so ', 'on and on ', 'it goes. ']
  near(firstWordsMs({}, [...long, 'x']), 3000)
  near(firstWordsMs({ CharBreak: true }, long), 1000)
})
