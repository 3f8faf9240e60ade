/** What the settings of speech do to what is heard. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fail, ok } from '../../src/base/result.ts'
import type { Sounds } from '../../src/ports/sounds.ts'
import type { TtsProvider, TtsRequest } from '../../src/ports/tts.ts'
import { SimulatedClock } from '../../src/base/simulated-clock.ts'
import { scriptedTts } from '../../src/providers/scripted/tts.ts'
import { ClientMessage, ServerMessage } from '../../src/schema/messages.ts'
import { SimulatedCall, type CallStory } from './simulated-call.ts'

/** A sound of so many ms: a square wave, so that its peak is its level. */
const sound = (ms: number, level: number): Int16Array =>
  Int16Array.from({ length: ms * 24 }, (_, index) => (index % 48 < 24 ? level : -level))

const SOUNDS: Sounds = {
  fetch: (url) =>
    Promise.resolve(
      url.includes('/jingle.wav') ? ok(sound(1000, 20_000)) : fail('there is no such sound'),
    ),
  ambient: (_agentId, id) =>
    Promise.resolve(id === 'public_park' ? ok(sound(4000, 1000)) : fail('no such background')),
}

/** Promises are settled; virtual time does not move. */
const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

async function begin(story: CallStory): Promise<SimulatedCall> {
  const talk = new SimulatedCall({ sounds: SOUNDS, ...story })
  await settle()
  return talk
}

/** A voice that remembers what it was asked. */
function noted(requests: TtsRequest[]): TtsProvider {
  const tts = scriptedTts(new SimulatedClock())
  return {
    ...tts,
    voices: ['tone', 'other'],
    speak(request, events) {
      requests.push(request)
      return tts.speak(request, events)
    },
  }
}

test('the background is heard from the beginning, under silence and speech, at its volume', async () => {
  const talk = await begin({
    agentConfig: {
      AmbientSoundConfig: { ResourceId: 'public_park', Volume: 40 },
      Volume: 0,
      Greeting: 'Hello there, and welcome.',
    },
  })
  talk.join()
  talk.run(5000)
  assert.equal(talk.heardSpans().length, 1, 'no gap')
  assert.equal(talk.peakAt(300), 400, 'Volume is not for the background')
  talk.send(ClientMessage.interrupt)
  talk.run(200)
  assert.equal(talk.peakAt(5100), 400, 'nor is an interruption')
  talk.close()
})

test('an unknown background is left out, and the call goes on', async () => {
  const config = { AmbientSoundConfig: { ResourceId: 'nowhere', Volume: 40 }, Greeting: 'Hello.' }
  const talk = await begin({ agentConfig: config })
  talk.join()
  talk.run(3000)
  assert.equal(talk.texts(ServerMessage.agentSubtitle).length, 2)
  assert.deepEqual(talk.warnings, ['no background sound'])
  talk.close()
})

test('a background can be changed and switched off while the call runs', async () => {
  const talk = await begin({})
  talk.join()
  const change = (config: object): void =>
    talk.call.change({ agentConfig: JSON.stringify({ AmbientSoundConfig: config }) })
  talk.run(200)
  change({ ResourceId: 'public_park', Volume: 100 })
  await settle()
  talk.run(200)
  assert.equal(talk.peakAt(350), 1000)
  change({ ResourceId: 'public_park', Volume: 0 })
  talk.run(200)
  assert.equal(talk.peakAt(550), 0)
  change({ ResourceId: 'public_park', Volume: 10 })
  talk.run(200)
  assert.equal(talk.peakAt(750), 100)
  talk.close()
})

test('a sound comes after the connection and before the greeting', async () => {
  const talk = await begin({
    agentConfig: { PreConnectAudioUrl: 'https://x/jingle.wav', Greeting: 'Hello.', Volume: 100 },
  })
  talk.join()
  talk.run(3000)
  const [jingle, greeting] = talk.heardSpans()
  assert.ok(jingle !== undefined && greeting === undefined, 'one after the other')
  assert.equal(talk.peakAt(500), 20_000)
  assert.ok(Math.abs(talk.peakAt(1200) - 6000) < 10, String(talk.peakAt(1200)))
  assert.deepEqual(talk.texts(ServerMessage.agentSubtitle), [
    { text: 'Hello.', sentenceId: 2, end: false },
    { text: '', sentenceId: 2, end: true },
  ])
  talk.close()
})

test('a greeting does not wait for a sound that cannot be had', async () => {
  const talk = await begin({
    agentConfig: { PreConnectAudioUrl: 'https://x/none.wav', Greeting: 'Hello.' },
  })
  talk.join()
  talk.run(200)
  assert.ok((talk.heardSpans()[0]?.fromMs ?? 999) < 100)
  assert.deepEqual(talk.warnings, ['no sound before the greeting'])
  talk.close()
})

test('a sound that is sent is played, interrupts or waits, and stands in the record', async () => {
  const talk = await begin({ agentConfig: { Greeting: 'A greeting that goes on for a while.' } })
  talk.join()
  talk.run(500)
  const queued = await talk.call.play('https://key:secret@x/jingle.wav?token=1', false)
  assert.deepEqual(queued, ok(undefined))
  talk.run(5000)
  assert.equal(talk.texts(ServerMessage.interrupted).length, 0)
  const said = talk.records.flatMap(({ record }) =>
    record.type === 'sentence' && record.sentence.isFinal ? [record.sentence] : [],
  )
  assert.deepEqual(
    said.map(({ kind, text }) => [kind, text]),
    [
      ['greeting', 'A greeting that goes on for a while.'],
      ['speech', 'https://x/jingle.wav'],
    ],
  )
  assert.deepEqual(await talk.call.play('https://x/none.wav', true), {
    ok: false,
    error: { code: 'bad-sound', message: 'there is no such sound' },
  })
  talk.close()
})

test('rate, pronunciation, model, language and emotion reach the voice', () => {
  const requests: TtsRequest[] = []
  const talk = new SimulatedCall({
    providers: { tts: noted(requests) },
    agentConfig: {
      Greeting: 'Welcome to ACME.',
      TtsConfig: {
        VoiceId: 'other',
        VoiceIdList: ['tone', 'other'],
        SpeechRate: 1.5,
        PronunciationRules: [{ Word: 'ACME', Pronunciation: 'ackmee', Type: 'replacement' }],
        ModelId: 'speech-02-turbo',
        LanguageId: 'English',
        Emotion: 'calm',
      },
    },
  })
  talk.join()
  talk.run(100)
  talk.call.change({ userData: '{"order":7}' })
  talk.send(ClientMessage.switchVoice, { voiceId: 'tone' })
  talk.send(ClientMessage.switchVoice, { voiceId: 'nobody' })
  talk.call.command({ type: 'speech', text: 'And now this.', interrupts: true })
  talk.run(100)
  const [greeting, speech] = requests
  assert.equal(greeting?.text, 'Welcome to ackmee.')
  assert.equal(greeting.voiceId, 'other')
  assert.equal(greeting.speechRate, 1.5)
  assert.deepEqual(greeting.style, {
    modelId: 'speech-02-turbo',
    languageId: 'English',
    emotion: 'calm',
  })
  const call = { instanceId: 'instance', channelId: 'channel' }
  assert.deepEqual(greeting.extendData, { ...call, sentenceId: 1 })
  assert.equal(speech?.voiceId, 'tone', 'from the next sentence on; an unknown one is not taken')
  assert.deepEqual(speech.extendData, { ...call, sentenceId: 2, userData: '{"order":7}' })
  assert.deepEqual(talk.texts(ServerMessage.voiceChanged), [
    { voiceId: 'tone' },
    { voiceId: 'tone' },
  ])
  talk.close()
})

test('without Volume a loud voice is brought down slowly; with Volume it stays as it is', () => {
  const text = 'A long sentence, so that there is time for a voice to become softer. '.repeat(3)
  const peaks = [{}, { Volume: 100 }, { Volume: 50 }].map((config) => {
    const talk = new SimulatedCall({ agentConfig: { Greeting: text, ...config } })
    talk.join()
    talk.run(4000)
    talk.close()
    return talk.peakAt(3500)
  })
  assert.ok(
    Math.abs((peaks[0] ?? 0) - 4634) < 200,
    `${peaks[0]}: -20 dB RMS of a tone peaks at 4634`,
  )
  assert.deepEqual(peaks.slice(1), [6000, 3000])
})
