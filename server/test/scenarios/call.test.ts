import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClientMessage, ServerMessage } from '../../src/schema/messages.ts'
import { SimulatedCall } from './simulated-call.ts'

const LONG =
  'This is a rather long answer that keeps going for quite a while before it finally ends.'

test('a minute of conversation: every question is answered, stored before told, nothing left over', () => {
  const talk = new SimulatedCall({
    agentConfig: { Greeting: 'Hello!' },
    asr: { texts: ['one', 'two', 'three'] },
    llm: { echo: true },
    storeMs: 3,
  })
  talk.join()
  for (let turn = 0; turn < 12; turn += 1) {
    talk.speak(2000, 1000)
    talk.run(5000)
  }
  const finals = talk.texts(ServerMessage.userSubtitle) as { text: string; end: boolean }[]
  assert.equal(finals.filter((subtitle) => subtitle.end).length, 12)
  const sentences = talk.records.flatMap(({ record }) =>
    record.type === 'sentence' ? [record.sentence] : [],
  )
  const said = (role: string): number =>
    new Set(sentences.filter((one) => one.role === role && one.isFinal).map((one) => one.entryId))
      .size
  assert.equal(said('user'), 12)
  assert.equal(said('agent'), 13)
  for (const { atMs, data } of talk.told.filter((one) => one.type === ServerMessage.userSubtitle)) {
    const stored = talk.records.find(
      ({ record }) => record.type === 'sentence' && record.sentence.text === data['text'],
    )
    assert.ok(stored !== undefined && stored.atMs + 3 <= atMs, String(data['text']))
  }
  talk.send(ClientMessage.stop)
  talk.run(100)
  assert.ok(talk.hasEnded)
  assert.deepEqual(talk.texts(ServerMessage.agentLeaving), [
    { reason: 0, message: 'stopped by the client' },
  ])
  assert.equal(talk.close(), 0)
})

test('AsrMaxSilence decides how soon the agent answers', () => {
  const answerAfter = (silenceMs: number): number => {
    const talk = new SimulatedCall({
      agentConfig: { AsrConfig: { AsrMaxSilence: silenceMs } },
      llm: { replies: ['Yes.'] },
      asr: { texts: ['go'] },
    })
    talk.join()
    talk.speak(100, 800)
    talk.run(4000)
    talk.close()
    return (talk.heardSpans()[0]?.fromMs ?? Number.NaN) - 900
  }
  assert.ok(Math.abs(answerAfter(200) - 200) <= 60, String(answerAfter(200)))
  assert.ok(Math.abs(answerAfter(1200) - 1200) <= 60, String(answerAfter(1200)))
})

test('barge-in: the sound is lowered at once and stopped within 260 ms; what was played is known to a frame', () => {
  const talk = new SimulatedCall({
    agentConfig: { LlmConfig: { HistorySyncWithTTS: true } },
    asr: { texts: ['go', 'stop'] },
    llm: { replies: [LONG] },
    tts: { msPerChar: 50 },
  })
  talk.join()
  talk.speak(100, 600)
  talk.run(2500)
  const startMs = talk.heardSpans()[0]?.fromMs ?? 0
  const bargeInMs = talk.clock.nowMs()
  talk.speak(0, 1000)
  talk.run(3000)
  const stopMs = talk.heardSpans()[0]?.untilMs ?? Number.NaN
  assert.ok(stopMs - bargeInMs <= 260, `${stopMs - bargeInMs} ms`)
  assert.ok(talk.peakAt(bargeInMs + 120) < 2000, 'ducked')
  assert.deepEqual(talk.texts(ServerMessage.interrupted), [{ reason: 2 }])
  const cut = talk.records.flatMap(({ record }) =>
    record.type === 'sentence' && record.sentence.spokenText !== undefined ? [record.sentence] : [],
  )[0]
  const spokenMs = (cut?.spokenText?.length ?? 0) * 50
  const playedMs = stopMs - startMs
  assert.ok(
    spokenMs >= playedMs - 40 && spokenMs <= playedMs + 400,
    `${spokenMs} of ${playedMs} ms`,
  )
  assert.ok(LONG.startsWith(cut?.spokenText ?? 'nothing'))
  talk.close()
})

test('a noise during the answer: the agent resumes, and the answer is heard whole', () => {
  const play = (noiseForMs: number): { heardMs: number; told: number } => {
    const talk = new SimulatedCall({
      asr: { texts: ['go', ''] },
      llm: { replies: [LONG] },
      tts: { msPerChar: 50 },
    })
    talk.join()
    talk.speak(100, 600)
    talk.run(2500)
    if (noiseForMs > 0) talk.speak(0, noiseForMs)
    talk.run(6000)
    const heardMs = talk
      .heardSpans()
      .reduce((sum, span) => sum + span.untilMs - span.fromMs + 20, 0)
    talk.close()
    return { heardMs, told: talk.texts(ServerMessage.interrupted).length }
  }
  const whole = play(0)
  const disturbed = play(300)
  assert.equal(disturbed.told, 0)
  // The frame that fades out is played again.
  assert.ok(Math.abs(disturbed.heardMs - whole.heardMs) <= 20, JSON.stringify({ whole, disturbed }))
})

test('nobody comes: the call ends after UserOnlineTimeout, without ever executing', () => {
  const talk = new SimulatedCall({ agentConfig: { UserOnlineTimeout: 7 } })
  talk.run(6900)
  assert.ok(!talk.hasEnded)
  talk.run(200)
  assert.ok(talk.hasEnded)
  const told = talk.records.map(({ record }) => record.type)
  assert.ok(told.includes('finished') && !told.includes('executing'), String(told))
  assert.equal(talk.close(), 0)
})

test('the user is cut off and comes back: the call goes on; stays away: it ends', () => {
  const talk = new SimulatedCall({
    agentConfig: { UserOfflineTimeout: 5 },
    asr: { texts: ['go'] },
    llm: { replies: [LONG] },
  })
  talk.join()
  talk.speak(100, 600)
  talk.run(2000)
  talk.leave()
  talk.run(4900)
  talk.join()
  talk.run(8000)
  assert.ok(!talk.hasEnded)
  const subtitles = talk.texts(ServerMessage.agentSubtitle) as { text: string }[]
  assert.equal(subtitles.map((one) => one.text).join(''), LONG)
  talk.leave()
  talk.run(5100)
  assert.ok(talk.hasEnded)
  assert.equal(talk.close(), 0)
})

test('a call that lost its worker goes on with its history, and answers what was still open', () => {
  const asked: string[][] = []
  const talk = new SimulatedCall({
    past: {
      nextTurnId: 4,
      nextEntryId: 7,
      history: [
        [
          { role: 'user', content: 'my name is Ada' },
          { role: 'assistant', content: 'Hi Ada.' },
        ],
      ],
      hasBegun: true,
      unanswered: {
        turnId: 3,
        entryId: 6,
        text: 'who am I',
        query: 'who am I',
        beginMs: -10,
        note: { turnId: 3, history: [] },
      },
      lostAtMs: -2000,
    },
    providers: {
      llm: {
        name: 'listening',
        start: (request, events) => {
          asked.push(request.messages.map((message) => message.content))
          events.onDelta('Ada.')
          events.onEnd()
          return { cancel() {} }
        },
      },
    },
  })
  talk.run(1000)
  assert.deepEqual(asked, [])
  talk.join()
  talk.run(1000)
  assert.deepEqual(asked, [['my name is Ada', 'Hi Ada.', 'who am I']])
  assert.deepEqual(talk.texts(ServerMessage.agentSubtitle)[0], {
    text: 'Ada.',
    sentenceId: 3,
    end: false,
  })
  assert.equal(talk.close(), 0)
})

test('a lost call to which nobody comes back ended when it was lost', () => {
  const talk = new SimulatedCall({
    past: { nextTurnId: 1, nextEntryId: 1, history: [], hasBegun: true, lostAtMs: -2000 },
  })
  const lostMs = talk.clock.wallMs() - 2000
  talk.run(5100)
  assert.ok(talk.hasEnded)
  assert.deepEqual(talk.records.at(-1)?.record, { type: 'finished', atMs: lostMs, reason: 'lost' })
  talk.close()
})

test('a client that sends nonsense changes nothing, and is told where it is sure to be a mistake', () => {
  const talk = new SimulatedCall({})
  talk.join()
  for (const text of [
    '',
    'null',
    '[]',
    '{"type":"1100"}',
    '{"type":1111}',
    '{"type":1111,"data":{"text":5}}',
    '{"type":4711}',
    '{"type":1105,"data":{}}',
  ])
    talk.room.receive('user', text)
  talk.room.receive('stranger', JSON.stringify({ type: ClientMessage.stop }))
  talk.run(1000)
  assert.ok(!talk.hasEnded)
  assert.deepEqual(
    talk.told.map((message) => message.type),
    [ServerMessage.state, ServerMessage.error, ServerMessage.error, ServerMessage.error],
  )
  talk.close()
})

test('Volume makes the agent softer or louder, also in mid-call', () => {
  const talk = new SimulatedCall({
    agentConfig: { Volume: 50 },
    asr: { texts: ['go'] },
    llm: { replies: [LONG] },
    tts: { msPerChar: 50 },
  })
  talk.join()
  talk.speak(100, 600)
  talk.run(2000)
  const soft = talk.peakAt(1900)
  talk.call.change({ agentConfig: JSON.stringify({ Volume: 200 }) })
  talk.run(1500)
  const loud = talk.peakAt(3400)
  assert.ok(loud / soft > 3.8 && loud / soft < 4.2, `${soft} → ${loud}`)
  talk.close()
})

test('a client changes its running call: in effect, confirmed, and remembered', () => {
  const talk = new SimulatedCall({ asr: { texts: ['go'] }, llm: { replies: ['Yes.'] } })
  talk.join()
  talk.run(100)
  talk.send(ClientMessage.voiceInterrupt, { enable: false })
  talk.send(ClientMessage.switchVoice, { voiceId: 'tone' })
  talk.send(ClientMessage.switchVoice, { voiceId: 'nobody' })
  talk.send(ClientMessage.maxSilence, { asrMaxSilence: 1100 })
  talk.send(ClientMessage.requestToken, { userId: 'user' })
  talk.run(100)
  assert.deepEqual(talk.texts(ServerMessage.voiceInterruptSwitched), [{ enable: false }])
  assert.deepEqual(talk.texts(ServerMessage.voiceChanged), [
    { voiceId: 'tone' },
    { voiceId: 'tone' },
  ])
  assert.deepEqual(talk.texts(ServerMessage.newToken), [{ token: 'token of user' }])
  const startMs = talk.clock.nowMs()
  talk.speak(0, 800)
  talk.run(4000)
  const answerMs = (talk.heardSpans()[0]?.fromMs ?? 0) - startMs - 800
  assert.ok(Math.abs(answerMs - 1100) <= 60, String(answerMs))
  const settings = talk.records.flatMap(({ record }) =>
    record.type === 'settings' ? [record] : [],
  )
  assert.deepEqual(JSON.parse(settings.at(-1)?.agentConfig ?? ''), {
    InterruptConfig: { EnableVoiceInterrupt: false },
    TtsConfig: { VoiceId: 'tone' },
    AsrConfig: { AsrMaxSilence: 1100 },
  })
  assert.equal(settings.at(-1)?.patch, '{"AsrConfig":{"AsrMaxSilence":1100}}')
  talk.close()
})

test('a message that cannot be obeyed is answered with what is wrong, and changes nothing', () => {
  const talk = new SimulatedCall({})
  talk.join()
  talk.send(ClientMessage.maxSilence, { asrMaxSilence: 5 })
  talk.send(ClientMessage.speechRate, { speechRate: 'fast' })
  talk.send(ClientMessage.useVoiceprint, { enable: true })
  talk.run(100)
  const errors = talk.texts(ServerMessage.error) as { code: number; message: string }[]
  assert.deepEqual(
    errors.map(({ message }) => message),
    [
      'message 1118: asrMaxSilence must be a number from 200 to 1200',
      'message 1120: speechRate must be a number from 0.5 to 2',
      'message 1109: voiceprints are not supported by this server yet',
    ],
  )
  assert.equal(talk.records.filter(({ record }) => record.type === 'settings').length, 0)
  talk.close()
})

test('a back-channel is heard, softly, while the user speaks; then the answer', () => {
  const rule = { Enabled: true, Probability: 1, Words: [{ Text: 'uh-huh', Probability: 1 }] }
  const talk = new SimulatedCall({
    agentConfig: {
      AsrConfig: { AsrMaxSilence: 1200 },
      BackChannelingConfigs: [rule],
      Volume: 100,
    },
    asr: { texts: ['a long story'] },
    llm: { replies: ['I see.'] },
    tts: { msPerChar: 50 },
  })
  talk.join()
  talk.speak(100, 2000)
  talk.speak(2600, 1000)
  talk.run(8000)
  const [soft, answer] = talk.heardSpans()
  assert.ok(soft !== undefined && soft.fromMs > 2600 && soft.fromMs < 2750, JSON.stringify(soft))
  assert.ok(
    Math.abs(talk.peakAt(soft.fromMs + 100) * 2 - talk.peakAt((answer?.fromMs ?? 0) + 100)) < 200,
  )
  assert.ok((answer?.fromMs ?? 0) > 4700)
  assert.deepEqual(talk.texts(ServerMessage.state).length, 4)
  talk.close()
})
