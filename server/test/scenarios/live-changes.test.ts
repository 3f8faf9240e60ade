import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AsrProvider } from '../../src/ports/asr.ts'
import { energyVad } from '../../src/providers/energy/energy-vad.ts'
import { scriptedAsr } from '../../src/providers/scripted/asr.ts'
import { ClientMessage, ServerMessage } from '../../src/schema/messages.ts'
import { ModelScript } from './model-script.ts'
import { SimulatedCall } from './simulated-call.ts'

const config = (talk: SimulatedCall): object => {
  const settings = talk.records.flatMap(({ record }) =>
    record.type === 'settings' ? [record.agentConfig] : [],
  )
  return JSON.parse(settings.at(-1) ?? '{}') as object
}

test('1105 switches push-to-talk, is confirmed each time, and outlives another change', () => {
  const talk = new SimulatedCall({})
  talk.join()
  talk.send(ClientMessage.pushToTalk, { enable: true })
  talk.send(ClientMessage.pushToTalk, { enable: true })
  talk.send(ClientMessage.pushToTalk, {})
  talk.run(100)
  assert.deepEqual(talk.texts(ServerMessage.pushToTalkSwitched), [
    { enable: true },
    { enable: true },
  ])
  assert.deepEqual(config(talk), { EnablePushToTalk: true })
  assert.deepEqual(talk.texts(ServerMessage.error), [
    { code: 4000, message: 'message 1105: enable must be true or false' },
  ])
  talk.send(ClientMessage.maxSilence, { asrMaxSilence: 700 })
  talk.run(100)
  assert.deepEqual(config(talk), { EnablePushToTalk: true, AsrConfig: { AsrMaxSilence: 700 } })
  assert.equal(talk.texts(ServerMessage.pushToTalkSwitched).length, 2)
  talk.close()
})

test('UpdateAIAgentInstance: every change that clients wait for is confirmed, once', () => {
  const talk = new SimulatedCall({})
  talk.join()
  talk.run(100)
  const changed = {
    TtsConfig: { VoiceId: 'tone' },
    InterruptConfig: { EnableVoiceInterrupt: false },
    EnablePushToTalk: true,
    AsrConfig: { AsrMaxSilence: 900 },
    Greeting: 'Only for the next call.',
  }
  talk.call.change({ agentConfig: JSON.stringify(changed) })
  talk.call.change({ agentConfig: JSON.stringify(changed) })
  talk.run(2000)
  assert.deepEqual(talk.texts(ServerMessage.voiceChanged), [{ voiceId: 'tone' }])
  assert.deepEqual(talk.texts(ServerMessage.voiceInterruptSwitched), [{ enable: false }])
  assert.deepEqual(talk.texts(ServerMessage.pushToTalkSwitched), [{ enable: true }])
  assert.deepEqual(talk.heardSpans(), [], 'a new greeting is for the next call')
  talk.close()
})

test('EnableVoiceInterrupt takes effect at once, SpeechRate with the next piece of speech', () => {
  const model = new ModelScript(() => ({
    text: 'One sentence of some length. Another one, as long.',
  }))
  const talk = new SimulatedCall({
    agentConfig: { InterruptConfig: { NoInterruptMode: 'discard' } },
    asr: { texts: ['stop it'], partials: true, firstPartialMs: 200 },
    llmWith: model.on,
    tts: { msPerChar: 50 },
  })
  talk.join()
  talk.send(ClientMessage.text, { text: 'Go', enableInterrupt: 1 })
  talk.run(400)
  talk.send(ClientMessage.voiceInterrupt, { enable: false })
  talk.speak(0, 500)
  talk.run(4000)
  assert.deepEqual(talk.texts(ServerMessage.interrupted), [])
  const slowMs = (talk.heardSpans()[0]?.untilMs ?? 0) - (talk.heardSpans()[0]?.fromMs ?? 0)
  talk.run(6000)
  const before = talk.heardSpans().length
  talk.send(ClientMessage.speechRate, { speechRate: 2 })
  talk.send(ClientMessage.text, { text: 'Again', enableInterrupt: 1 })
  talk.run(6000)
  const fast = talk.heardSpans()[before]
  const fastMs = (fast?.untilMs ?? 0) - (fast?.fromMs ?? 0)
  assert.ok(Math.abs(slowMs / fastMs - 2) < 0.15, `${slowMs} and ${fastMs}`)
  talk.close()
})

test('MaxIdleTime and UserIdle change while the user is silent: what has passed counts, or starts anew', () => {
  const idle = (WaitTime: number): object => ({
    AutoSpeechConfig: { UserIdle: { WaitTime, MaxRepeats: 1, Messages: [{ Text: 'Hello?' }] } },
  })
  const changedAfter5s = (before: object, after: object): SimulatedCall => {
    const talk = new SimulatedCall({ agentConfig: before })
    talk.join()
    talk.run(5000)
    talk.call.change({ agentConfig: JSON.stringify(after) })
    return talk
  }
  const shorter = changedAfter5s({ MaxIdleTime: 60 }, { MaxIdleTime: 8 })
  shorter.run(2900)
  assert.ok(!shorter.hasEnded)
  shorter.run(200)
  assert.ok(shorter.hasEnded)
  shorter.close()
  const over = changedAfter5s({ MaxIdleTime: 60 }, { MaxIdleTime: 2 })
  over.run(100)
  assert.ok(over.hasEnded)
  over.close()
  const prompted = changedAfter5s(idle(60_000), idle(6000))
  prompted.run(5900)
  assert.equal(prompted.texts(ServerMessage.agentSubtitle).length, 0)
  prompted.run(200)
  assert.ok(prompted.texts(ServerMessage.agentSubtitle).length > 0)
  prompted.close()
})

test('every message of a client is obeyed or refused in words; none is passed over in silence', () => {
  const data: Readonly<Record<number, object>> = {
    [ClientMessage.voiceInterrupt]: { enable: true },
    [ClientMessage.switchVoice]: { voiceId: 'tone' },
    [ClientMessage.requestToken]: { userId: 'user' },
    [ClientMessage.pushToTalk]: { enable: false },
    [ClientMessage.useVoiceprint]: { enable: true },
    [ClientMessage.text]: { text: 'Hello' },
    [ClientMessage.customToServer]: { message: '{"a":1}' },
    [ClientMessage.customCaptureStart]: { mode: 'single' },
    [ClientMessage.systemPrompt]: { prompt: 'Be kind.' },
    [ClientMessage.visualChecks]: {},
    [ClientMessage.appParams]: { params: '{}' },
    [ClientMessage.maxSilence]: { asrMaxSilence: 300 },
    [ClientMessage.speechRate]: { speechRate: 1.5 },
  }
  // Without any answer of their own, by their documentation.
  const silent = new Set<number>([
    ClientMessage.interrupt,
    ClientMessage.talkStart,
    ClientMessage.talkFinish,
    ClientMessage.talkCancel,
  ])
  for (const [name, type] of Object.entries(ClientMessage)) {
    if (silent.has(type)) continue
    const talk = new SimulatedCall({})
    talk.join()
    talk.run(50)
    const before = { told: talk.told.length, records: talk.records.length }
    talk.send(type, data[type] ?? {})
    talk.run(200)
    const hasAnswer = talk.told.length > before.told || talk.records.length > before.records
    assert.ok(hasAnswer, `${type} ${name}`)
    for (const error of talk.texts(ServerMessage.error) as { message: string }[]) {
      assert.match(error.message, /^message 11\d\d: .* not supported by this server yet$/)
    }
    talk.close()
  }
})

test('AsrLanguageId and VadLevel hold from the next sentence on; an unknown language stays out, and is logged', () => {
  const languages: string[] = []
  const levels: number[] = []
  const talk: SimulatedCall = new SimulatedCall({
    agentConfig: { AsrConfig: { AsrLanguageId: 'en', VadLevel: 11 } },
    asrWith: (clock) => {
      const asr = scriptedAsr(clock, { texts: ['one', 'two', 'three'] })
      const open: AsrProvider['open'] = (options, events) => {
        languages.push(options.languageId)
        return asr.open(options, events)
      }
      return { ...asr, languages: ['en', 'es'], open }
    },
    llm: { echo: true },
    providers: {
      vad: {
        name: 'watched',
        open: (options, events) => {
          levels.push(options.level)
          return energyVad().open(options, events)
        },
      },
    },
  })
  talk.join()
  talk.run(1000)
  talk.speak(0, 800)
  talk.run(400)
  const change = (AsrConfig: object): void =>
    talk.call.change({ agentConfig: JSON.stringify({ AsrConfig }) })
  change({ AsrLanguageId: 'es', VadLevel: 3 })
  talk.run(300)
  assert.deepEqual([languages, levels], [['en'], [11]], 'not in the middle of a sentence')
  talk.run(4000)
  assert.deepEqual(
    [languages, levels],
    [
      ['en', 'es'],
      [11, 3],
    ],
  )
  talk.speak(0, 800)
  talk.run(4000)
  change({ AsrLanguageId: 'jp', VadLevel: 3 })
  assert.deepEqual(talk.warnings, ['the language stays as it was'])
  talk.speak(0, 800)
  talk.run(4000)
  assert.deepEqual(
    [languages, levels],
    [
      ['en', 'es'],
      [11, 3],
    ],
  )
  const said = talk.texts(ServerMessage.userSubtitle) as { text: string; end: boolean }[]
  const finals = said.filter(({ end }) => end).map(({ text }) => text)
  // The recogniser that was opened anew begins its script anew.
  assert.deepEqual(finals, ['one', 'one', 'two'])
  assert.equal(talk.close(), 0)
})
