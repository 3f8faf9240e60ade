import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { modelFolder, onnxWith } from '../../../test/models/model-folders.ts'
import { KINDS } from './detect.ts'
import { KNOWN_MODELS } from './known-models.ts'
import { MANIFEST_NAME, readModelFolder } from './model-folder.ts'
import { metadataIn } from './onnx-metadata.ts'

interface Sample {
  readonly name: string
  readonly files: readonly string[]
  readonly kind: string
  readonly parts: Readonly<Record<string, string>>
}

/** Folders as sherpa-onnx's authors publish them. */
const SAMPLES: readonly Sample[] = [
  {
    name: 'sherpa-onnx-streaming-zipformer-bilingual-zh-en-2023-02-20',
    files: [
      'encoder-epoch-99-avg-1.onnx',
      'encoder-epoch-99-avg-1.int8.onnx',
      'decoder-epoch-99-avg-1.int8.onnx',
      'decoder-epoch-99-avg-1.onnx',
      'joiner-epoch-99-avg-1.onnx',
      'joiner-epoch-99-avg-1.int8.onnx',
      'tokens.txt',
      'test_wavs/0.wav',
    ],
    kind: 'streaming transducer',
    parts: {
      encoder: 'encoder-epoch-99-avg-1.int8.onnx',
      decoder: 'decoder-epoch-99-avg-1.onnx',
      joiner: 'joiner-epoch-99-avg-1.int8.onnx',
      tokens: 'tokens.txt',
    },
  },
  {
    name: 'sherpa-onnx-zipformer-en-2023-06-26',
    files: ['encoder.onnx', 'decoder.onnx', 'joiner.onnx', 'tokens.txt'],
    kind: 'transducer',
    parts: {
      encoder: 'encoder.onnx',
      decoder: 'decoder.onnx',
      joiner: 'joiner.onnx',
      tokens: 'tokens.txt',
    },
  },
  {
    name: 'sherpa-onnx-streaming-paraformer-bilingual-zh-en',
    files: ['encoder.int8.onnx', 'encoder.onnx', 'decoder.int8.onnx', 'decoder.onnx', 'tokens.txt'],
    kind: 'streaming paraformer',
    parts: { encoder: 'encoder.int8.onnx', decoder: 'decoder.int8.onnx', tokens: 'tokens.txt' },
  },
  {
    name: 'sherpa-onnx-paraformer-zh-2024-03-09',
    files: ['model.int8.onnx', 'tokens.txt'],
    kind: 'paraformer',
    parts: { model: 'model.int8.onnx', tokens: 'tokens.txt' },
  },
  {
    name: 'sherpa-onnx-sense-voice-zh-en-ja-ko-yue-int8-2024-07-17',
    files: ['model.int8.onnx', 'tokens.txt', 'LICENSE'],
    kind: 'sense-voice',
    parts: { model: 'model.int8.onnx', tokens: 'tokens.txt' },
  },
  {
    name: 'sherpa-onnx-whisper-tiny',
    files: ['tiny-encoder.onnx', 'tiny-encoder.int8.onnx', 'tiny-decoder.onnx', 'tiny-tokens.txt'],
    kind: 'whisper',
    parts: {
      encoder: 'tiny-encoder.int8.onnx',
      decoder: 'tiny-decoder.onnx',
      tokens: 'tiny-tokens.txt',
    },
  },
  {
    name: 'sherpa-onnx-moonshine-tiny-en-int8',
    files: [
      'preprocess.onnx',
      'encode.int8.onnx',
      'uncached_decode.int8.onnx',
      'cached_decode.int8.onnx',
      'tokens.txt',
    ],
    kind: 'moonshine',
    parts: {
      preprocessor: 'preprocess.onnx',
      encoder: 'encode.int8.onnx',
      uncachedDecoder: 'uncached_decode.int8.onnx',
      cachedDecoder: 'cached_decode.int8.onnx',
      tokens: 'tokens.txt',
    },
  },
  {
    name: 'sherpa-onnx-moonshine-base-zh-quantized-2026-02-27',
    files: ['encoder_model.ort', 'decoder_model_merged.ort', 'tokens.txt'],
    kind: 'moonshine v2',
    parts: {
      encoder: 'encoder_model.ort',
      mergedDecoder: 'decoder_model_merged.ort',
      tokens: 'tokens.txt',
    },
  },
  {
    name: 'vits-piper-en_US-amy-medium',
    files: ['en_US-amy-medium.onnx', 'en_US-amy-medium.onnx.json', 'tokens.txt', 'espeak-ng-data/'],
    kind: 'vits',
    parts: { model: 'en_US-amy-medium.onnx', tokens: 'tokens.txt', dataDir: 'espeak-ng-data' },
  },
  {
    name: 'vits-zh-ll',
    files: ['model.onnx', 'tokens.txt', 'lexicon.txt', 'number.fst', 'date.fst', 'phone.fst'],
    kind: 'vits',
    parts: {
      model: 'model.onnx',
      tokens: 'tokens.txt',
      lexicon: 'lexicon.txt',
      ruleFsts: 'phone.fst,date.fst,number.fst',
    },
  },
  {
    name: 'kokoro-multi-lang-v1_0',
    files: [
      'model.onnx',
      'voices.bin',
      'tokens.txt',
      'lexicon-gb-en.txt',
      'lexicon-us-en.txt',
      'lexicon-zh.txt',
      'espeak-ng-data/',
    ],
    kind: 'kokoro',
    parts: {
      model: 'model.onnx',
      voices: 'voices.bin',
      tokens: 'tokens.txt',
      dataDir: 'espeak-ng-data',
      lexicon: 'lexicon-us-en.txt,lexicon-zh.txt',
    },
  },
  {
    name: 'matcha-icefall-zh-baker',
    files: ['model-steps-3.onnx', 'vocos-22khz-univ.onnx', 'tokens.txt', 'lexicon.txt'],
    kind: 'matcha',
    parts: {
      acousticModel: 'model-steps-3.onnx',
      vocoder: 'vocos-22khz-univ.onnx',
      tokens: 'tokens.txt',
      lexicon: 'lexicon.txt',
    },
  },
]

test('the kind of a model is told from the files of its folder', () => {
  for (const { name, files, kind, parts } of SAMPLES) {
    const found = readModelFolder(modelFolder(name, files))
    assert.ok(found.ok, found.ok ? '' : found.error)
    assert.equal(found.value.kind, kind, name)
    assert.deepEqual(found.value.files, parts, name)
  }
  assert.deepEqual(new Set(SAMPLES.map(({ kind }) => kind)), new Set(KINDS), 'every kind')
})

test('what is missing is named', () => {
  for (const [name, files, message] of [
    ['empty', ['README.md'], /^empty holds no model: .*\.onnx or \.ort/],
    [
      'a-transducer',
      ['encoder.onnx', 'joiner.onnx'],
      /transducer, but has no decoder….onnx and tokens/,
    ],
    ['my-whisper', ['base-encoder.onnx', 'base-tokens.txt'], /kind whisper, but has no decoder/],
    ['sense-voice', ['model.onnx'], /kind sense-voice, but has no tokens.txt/],
    ['kokoro', ['model.onnx', 'voices.bin', 'tokens.txt'], /has no espeak-ng-data\//],
    ['matcha', ['model-steps-3.onnx', 'tokens.txt'], /no vocoder \(vocos.*published apart/],
    ['vits-piper', ['x.onnx', 'x.onnx.json', 'tokens.txt'], /kind vits, but has no espeak-ng-data/],
    ['odd', ['model.onnx', 'tokens.txt'], /nothing tells what it is. Known are: .*sense-voice/],
    ['new', ['decoder_model_merged.onnx', 'tokens.txt'], /kind moonshine v2, but has no encoder/],
  ] as const) {
    const found = readModelFolder(modelFolder(name, files))
    assert.match(found.ok ? found.value.kind : found.error, message)
  }
  const nowhere = readModelFolder('/nowhere/at-all')
  assert.match(nowhere.ok ? '' : nowhere.error, /\/nowhere\/at-all cannot be read \(ENOENT\)/)
})

test('metadata of the model tells what neither files nor names do', () => {
  const of = (
    metadata: Readonly<Record<string, string>>,
    files: readonly string[],
    file: string,
  ) => {
    const found = readModelFolder(modelFolder('something', files, { [file]: metadata }))
    return found.ok ? found.value.kind : found.error
  }
  const one = ['model.onnx', 'tokens.txt', 'lexicon.txt']
  assert.equal(of({ vocab_size: '25055', lang_auto: '0' }, one, 'model.onnx'), 'sense-voice')
  assert.equal(of({ lfr_window_size: '7' }, one, 'model.onnx'), 'paraformer')
  assert.equal(of({ sample_rate: '22050', n_speakers: '2' }, one, 'model.onnx'), 'vits')
  const three = ['encoder.onnx', 'decoder.onnx', 'joiner.onnx', 'tokens.txt']
  assert.equal(of({ decode_chunk_len: '32' }, three, 'encoder.onnx'), 'streaming transducer')
  assert.equal(of({ model_type: 'zipformer2' }, three, 'encoder.onnx'), 'transducer')
  const long = 'x'.repeat(300)
  assert.deepEqual(
    [...metadataIn(onnxWith({ a: '1', long }))],
    [
      ['a', '1'],
      ['long', long],
    ],
  )
  assert.equal(metadataIn(new Uint8Array(1000)).size, 0)
})

test('languages are those that folder, kind or list tell, and none are made up', () => {
  const languages = (name: string, files: readonly string[]): readonly string[] | undefined => {
    const found = readModelFolder(modelFolder(name, files))
    assert.ok(found.ok)
    return found.value.languages
  }
  const transducer = ['encoder.onnx', 'decoder.onnx', 'joiner.onnx', 'tokens.txt']
  assert.equal(languages('my-model', transducer), undefined)
  assert.deepEqual(languages(KNOWN_MODELS[0]?.name ?? '', transducer), ['zh', 'en'])
  assert.deepEqual(languages('my-sense-voice', ['model.onnx', 'tokens.txt'])?.length, 5)
  const whisper = ['tiny-encoder.onnx', 'tiny-decoder.onnx', 'tiny-tokens.txt']
  assert.ok(languages('my-whisper', whisper)?.includes('sw'))
  const english = whisper.map((file) => file.replace('tiny', 'tiny.en'))
  assert.deepEqual(languages('my-whisper.en', english), ['en'])
  const folder = modelFolder('noted', transducer)
  writeFileSync(join(folder, MANIFEST_NAME), '{"languages":["ko"]}')
  const noted = readModelFolder(folder)
  assert.deepEqual(noted.ok && noted.value.languages, ['ko'])
})

test('speakers have the names or numbers that the voice gives them', () => {
  const piper = modelFolder('vits-piper', ['v.onnx', 'tokens.txt', 'espeak-ng-data/'])
  writeFileSync(join(piper, 'v.onnx.json'), '{"speaker_id_map":{"leo":1,"mia":0}}')
  const kokoro = modelFolder('kokoro', ['model.onnx', 'tokens.txt', 'espeak-ng-data/'])
  writeFileSync(join(kokoro, 'voices.bin'), Buffer.alloc(510 * 256 * 4 * 3))
  const named = modelFolder('vits-x', ['model.onnx', 'tokens.txt', 'lexicon.txt'], {
    'model.onnx': { n_speakers: '2' },
  })
  const speakers = [piper, kokoro, named].map((folder) => {
    const found = readModelFolder(folder)
    return found.ok ? found.value.speakers : found.error
  })
  assert.deepEqual(speakers, [
    ['mia', 'leo'],
    ['0', '1', '2'],
    ['0', '1'],
  ])
})
