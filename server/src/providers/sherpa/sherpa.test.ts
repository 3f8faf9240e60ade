import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { framesOf, readWav } from '../../../test/audio/read-wav.ts'
import { FAKE_LIBRARY, modelFolder, moonshineFolder } from '../../../test/models/model-folders.ts'
import { silentLog } from '../../base/log.ts'
import { systemClock } from '../../base/system-clock.ts'
import { asrContract } from '../../ports/asr.contract.ts'
import { machinePump, until } from '../../ports/pump.contract.ts'
import { isSpoken, speak, ttsContract } from '../../ports/tts.contract.ts'
import type { Result } from '../../base/result.ts'
import { readModelFolder, type FolderModel } from './model-folder.ts'
import { sherpaAsr } from './sherpa-asr.ts'
import { sherpaTts } from './sherpa-tts.ts'

const opened: { close(): void }[] = []
after(() => {
  for (const model of opened) model.close()
})

function got<Value>(result: Result<Value, string>): Value {
  assert.ok(result.ok, result.ok ? '' : result.error)
  return result.value
}

const common = { clock: systemClock, log: silentLog }
const speech = framesOf(readWav('en_06'))

function recogniser(model: FolderModel, library?: string) {
  const asr = got(
    sherpaAsr({
      ...common,
      model,
      languageId: 'en',
      languages: ['en'],
      ...(library !== undefined && { library }),
    }),
  )
  opened.push(asr)
  return asr
}

const TRANSDUCER = ['encoder.onnx', 'decoder.onnx', 'joiner.onnx', 'tokens.txt']
const SINGLE = ['model.onnx', 'tokens.txt']

/** Each kind of recogniser, with a stand-in for the native library. */
for (const [name, files] of [
  ['my-streaming-transducer', TRANSDUCER],
  ['streaming-paraformer', ['encoder.onnx', 'decoder.onnx', 'tokens.txt']],
  ['my-transducer', TRANSDUCER],
  ['my-paraformer', SINGLE],
  ['my-sense-voice', SINGLE],
  ['my-whisper', ['tiny-encoder.onnx', 'tiny-decoder.onnx', 'tiny-tokens.txt']],
] as const) {
  const asr = recogniser(got(readModelFolder(modelFolder(name, files))), FAKE_LIBRARY)
  asrContract({
    name: `sherpa ${name}`,
    provider: () => asr,
    pump: machinePump,
    speech,
    word: 'lights',
  })
}

const real = recogniser(got(readModelFolder(await moonshineFolder())))
asrContract({
  name: 'sherpa with the real files of Moonshine',
  provider: () => real,
  pump: machinePump,
  speech,
  word: 'lights',
})

const VITS = ['model.onnx', 'tokens.txt', 'lexicon.txt']
const voiceFolder = modelFolder('my-vits', VITS, { 'model.onnx': { n_speakers: '3' } })
const voice = got(
  sherpaTts({ ...common, model: got(readModelFolder(voiceFolder)), library: FAKE_LIBRARY }),
)
opened.push(voice)
ttsContract({ name: 'sherpa voice', provider: () => voice, pump: machinePump })

test('sherpa: each speaker has a voice, and a piece that breaks the model is one error', async () => {
  assert.deepEqual(voice.voices, ['0', '1', '2'])
  const [first, third, broken, next] = ['0', '2', '0', '0'].map((voiceId, index) =>
    speak(voice, index === 2 ? 'break the model' : 'Hello.', { voiceId }),
  )
  assert.ok(first && third && broken && next)
  await until(machinePump, () => isSpoken(next), 'the last')
  assert.notDeepEqual(first.pieces[0]?.pcm.slice(0, 100), third.pieces[0]?.pcm.slice(0, 100))
  assert.deepEqual(broken.errors, ['broken'])
  assert.deepEqual(next.errors, [])
})

test('sherpa: partial transcripts of a streaming model come while the user speaks', async () => {
  const folder = modelFolder('streaming-x', TRANSDUCER)
  const asr = recogniser(got(readModelFolder(folder)), FAKE_LIBRARY)
  const partials: string[] = []
  const stream = asr.open(
    { languageId: 'en', hotWords: [], customParams: '' },
    {
      onPartial: (text) => partials.push(text),
      onFinal() {},
      onError: (e) => assert.fail(e.message),
    },
  )
  for (const frame of speech) stream.write(frame)
  await until(machinePump, () => partials.includes('turn on the'), 'partials')
  assert.equal(partials[0], 'turn')
  stream.close()
})

test('sherpa: a model that cannot be loaded is an error that says why', async () => {
  const folder = modelFolder('streaming-y', TRANSDUCER)
  const model = got(readModelFolder(folder))
  const broken = { ...model, files: { ...model.files, tokens: 'gone.txt' } }
  const asr = recogniser(broken, FAKE_LIBRARY)
  const loaded = await asr.load()
  assert.match(loaded.ok ? '' : loaded.error, /could not be loaded: no file .*gone\.txt/)
  const errors: string[] = []
  const stream = asr.open(
    { languageId: 'en', hotWords: [], customParams: '' },
    { onPartial() {}, onFinal() {}, onError: (error) => errors.push(error.message) },
  )
  for (const frame of speech) stream.write(frame)
  await until(machinePump, () => errors.length > 0, 'the error')
  assert.equal(errors.length, 1)
})

test('sherpa: a voice is no recogniser, and languages must be known', () => {
  const wrong = sherpaAsr({ ...common, model: got(readModelFolder(voiceFolder)), languageId: 'en' })
  assert.match(wrong.ok ? '' : wrong.error, /holds a voice \(vits\), not a recogniser/)
  const unknown = got(readModelFolder(modelFolder('mine', TRANSDUCER)))
  const untold = sherpaAsr({ ...common, model: unknown, languageId: 'en' })
  assert.match(
    untold.ok ? '' : untold.error,
    /does not tell its languages: .*Providers.asr.languages/,
  )
  const voiceless = sherpaTts({ ...common, model: unknown })
  assert.match(
    voiceless.ok ? '' : voiceless.error,
    /holds a recogniser \(transducer\), not a voice/,
  )
})
