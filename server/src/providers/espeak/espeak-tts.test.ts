import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeEspeak, VOICES } from '../../../test/providers/fake-espeak.ts'
import { mixedPump } from '../../../test/providers/local-server.ts'
import { SimulatedClock } from '../../base/simulated-clock.ts'
import { until } from '../../ports/pump.contract.ts'
import { durationMs, isSpoken, speak, ttsContract } from '../../ports/tts.contract.ts'
import type { TtsProvider } from '../../ports/tts.ts'
import { findEspeak, readVoices, type EspeakProgram } from './espeak-program.ts'
import { espeakTts } from './espeak-tts.ts'

const found = findEspeak(fakeEspeak(), (name) => process.env[name])
assert.ok(found.ok, found.ok ? '' : found.error)
const program: EspeakProgram = found.value

function voice(options: { readonly voice?: string; readonly languageId?: string } = {}) {
  const clock = new SimulatedClock()
  const made = espeakTts({ clock, program, languageId: 'en', ...options })
  assert.ok(made.ok, made.ok ? '' : made.error)
  return { clock, provider: made.value }
}

const usual = voice()
ttsContract({ name: 'espeak', provider: () => usual.provider, pump: mixedPump(usual.clock) })

test('espeak: the voices are read with the languages that each is best for', () => {
  const { voices, byLanguage } = readVoices(VOICES)
  assert.equal(voices.length, 13)
  const best = ['zh', 'zh-yue', 'fr', 'pt', 'de', 'en'].map((language) => byLanguage.get(language))
  assert.deepEqual(best, ['cmn', 'yue', 'fr-fr', 'pt', 'de', 'en-gb'])
})

test('espeak: the voice is that of the language of the call, or the one that is named', () => {
  const byDefault = (options: Parameters<typeof voice>[0]): string =>
    voice(options).provider.defaultVoiceId
  assert.equal(byDefault({ languageId: 'zh_mandarin' }), 'cmn')
  assert.equal(byDefault({ languageId: 'zh_en' }), 'cmn')
  assert.equal(byDefault({ languageId: 'jp' }), 'ja')
  assert.equal(byDefault({ languageId: 'en' }), 'en-us')
  assert.equal(byDefault({ languageId: 'en', voice: 'yue' }), 'yue')
})

test('espeak: a language or voice that it has not is refused with those there are', () => {
  const clock = new SimulatedClock()
  const language = espeakTts({ clock, program, languageId: 'xx' })
  assert.match(
    language.ok ? '' : language.error,
    /no voice for xx; .*Providers.tts.voice, of af, cmn/,
  )
  const named = espeakTts({ clock, program, languageId: 'en', voice: 'hal' })
  assert.match(named.ok ? '' : named.error, /^Providers.tts.voice hal is not a voice .* af, cmn/)
})

test('espeak: TtsConfig.LanguageId chooses the voice where VoiceId names none', async () => {
  const { clock, provider } = voice()
  // The voice for German never ends, that for Afrikaans fails: that is how they are told apart here.
  const german = speak(provider, 'Guten Tag.', { voiceId: '', style: { languageId: 'German' } })
  const named = speak(provider, 'Goeie dag.', { voiceId: 'af', style: { languageId: 'German' } })
  await until(mixedPump(clock), () => isSpoken(named) && german.pieces.length > 0, 'both')
  assert.match(named.errors[0] ?? '', /ended with 3/)
  assert.deepEqual(german.errors, [])
  german.stream.cancel()
  assert.equal(clock.pending, 0)
})

async function fails(provider: TtsProvider, clock: SimulatedClock, voiceId: string) {
  const spoken = speak(provider, 'Confidential words.', { voiceId })
  await until(mixedPump(clock), () => spoken.pieces.length > 0 || isSpoken(spoken), 'something')
  if (!isSpoken(spoken)) clock.advance(6000)
  await until(mixedPump(clock), () => isSpoken(spoken), 'the end')
  assert.equal(clock.pending, 0)
  assert.equal(spoken.order.filter((event) => event !== 'audio').length, 1)
  return spoken.errors[0] ?? ''
}

test('espeak: a program that fails, hangs, raves or sends nonsense is one error', async () => {
  const { clock, provider } = voice()
  assert.equal(await fails(provider, clock, 'af'), 'eSpeak NG ended with 3')
  assert.match(await fails(provider, clock, 'de'), /stopped in the middle of its speech for 5 s/)
  assert.match(await fails(provider, clock, 'ja'), /does not stop speaking|stopped in the middle/)
  assert.match(await fails(provider, clock, 'pt'), /not mono with 16 bits/)
  const next = speak(provider, 'Yes.')
  await until(mixedPump(clock), () => isSpoken(next), 'the next piece')
  assert.deepEqual(next.errors, [])
})

test('espeak: keys of the server are not handed to it', async () => {
  process.env['DASHSCOPE_API_KEY'] = 'leak'
  try {
    const { clock, provider } = voice()
    const spoken = speak(provider, 'Hello.', { voiceId: 'en-gb' })
    await until(mixedPump(clock), () => isSpoken(spoken), 'the end')
    assert.deepEqual(spoken.errors, [])
  } finally {
    delete process.env['DASHSCOPE_API_KEY']
  }
})

test('espeak: where it is not installed, the way out is told', () => {
  const wrong = findEspeak('/nowhere/espeak-ng', () => undefined)
  assert.match(
    wrong.ok ? '' : wrong.error,
    /^eSpeak NG is not installed where ANTIPHON_ESPEAK says \(\/nowhere\/espeak-ng\)\. .*apt install/,
  )
  const none = findEspeak(undefined, () => undefined)
  const missing = none.ok ? 'installed' : none.error
  assert.match(missing, /^installed$|^eSpeak NG is not installed on the PATH\. .*ANTIPHON_ESPEAK/)
})

const real = findEspeak(undefined, (name) => process.env[name])
test(
  'espeak: the program itself speaks Chinese, slower and faster',
  { skip: !real.ok && 'eSpeak NG is not installed' },
  async () => {
    assert.ok(real.ok)
    assert.ok(real.value.voices.length > 100, String(real.value.voices.length))
    const clock = new SimulatedClock()
    const made = espeakTts({ clock, program: real.value, languageId: 'zh_mandarin' })
    assert.ok(made.ok)
    const lengths: number[] = []
    for (const speechRate of [0.5, 2]) {
      const spoken = speak(made.value, '你好，今天天气很好。', { speechRate })
      await until(mixedPump(clock), () => isSpoken(spoken), 'the end')
      assert.deepEqual(spoken.errors, [])
      assert.equal(spoken.pieces[0]?.sampleRateHz, 22_050)
      lengths.push(durationMs(spoken))
    }
    assert.ok((lengths[0] ?? 0) > 2 * (lengths[1] ?? 0), lengths.join(' '))
  },
)
