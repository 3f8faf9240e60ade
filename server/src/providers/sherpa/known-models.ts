/** A model that `antiphon models fetch` knows. */
export interface KnownModel {
  /** Of its folder. */
  readonly name: string
  readonly use: 'asr' | 'tts'
  readonly kind: string
  /** Codes of its languages. */
  readonly languages: readonly string[]
  /** What is downloaded, about. */
  readonly megabytes: number
  readonly licence: string
  /** An archive, or a file that the model cannot do without. */
  readonly addresses: readonly string[]
  /** Where the source publishes checksums: lines of a file's name and its SHA-256. */
  readonly checksums: readonly string[]
  readonly note?: string
}

/** All that Whisper's vocabulary has a token for; from large-v3 on, of which turbo is one, also Cantonese. */
export const WHISPER_LANGUAGES: readonly string[] = (
  'en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt ' +
  'la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ' +
  'ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su'
).split(' ')

const RELEASES = 'https://github.com/k2-fsa/sherpa-onnx/releases/download'

/** Release pages of sherpa-onnx have a list of checksums beside the files. */
function published(
  release: 'asr-models' | 'tts-models',
  model: Omit<KnownModel, 'addresses' | 'checksums'>,
  more: readonly string[] = [],
): KnownModel {
  const addresses = [`${RELEASES}/${release}/${model.name}.tar.bz2`, ...more]
  const folders = new Set(addresses.map((address) => address.slice(0, address.lastIndexOf('/'))))
  return { ...model, addresses, checksums: [...folders].map((folder) => `${folder}/checksum.txt`) }
}

const VOCOS = `${RELEASES}/vocoder-models/vocos-22khz-univ.onnx`

/**
 * Models that sherpa-onnx's authors publish, chosen for conversations. Any other folder that the kinds of
 * `detect.ts` cover works too.
 */
export const KNOWN_MODELS: readonly KnownModel[] = [
  published('asr-models', {
    name: 'sherpa-onnx-streaming-zipformer-bilingual-zh-en-2023-02-20',
    use: 'asr',
    kind: 'streaming transducer',
    languages: ['zh', 'en'],
    megabytes: 511,
    licence: 'Apache-2.0',
    note: 'Chinese and English mixed, as it is said',
  }),
  published('asr-models', {
    name: 'sherpa-onnx-streaming-zipformer-en-2023-06-26',
    use: 'asr',
    kind: 'streaming transducer',
    languages: ['en'],
    megabytes: 310,
    licence: 'Apache-2.0',
  }),
  published('asr-models', {
    name: 'sherpa-onnx-streaming-paraformer-bilingual-zh-en',
    use: 'asr',
    kind: 'streaming paraformer',
    languages: ['zh', 'en'],
    megabytes: 1047,
    licence: "FunASR's model licence",
  }),
  published('asr-models', {
    name: 'sherpa-onnx-sense-voice-zh-en-ja-ko-yue-int8-2024-07-17',
    use: 'asr',
    kind: 'sense-voice',
    languages: ['zh', 'en', 'ja', 'ko', 'yue'],
    megabytes: 163,
    licence: "FunASR's model licence",
    note: 'small and good; a sentence at a time',
  }),
  published('asr-models', {
    name: 'sherpa-onnx-whisper-tiny',
    use: 'asr',
    kind: 'whisper',
    languages: WHISPER_LANGUAGES,
    megabytes: 117,
    licence: 'MIT',
    note: 'the common languages passably; a sentence at a time',
  }),
  published('asr-models', {
    name: 'sherpa-onnx-whisper-turbo',
    use: 'asr',
    kind: 'whisper',
    languages: [...WHISPER_LANGUAGES, 'yue'],
    megabytes: 564,
    licence: 'MIT',
    note: 'slow without many cores; a sentence at a time',
  }),
  published('asr-models', {
    name: 'sherpa-onnx-moonshine-base-zh-quantized-2026-02-27',
    use: 'asr',
    kind: 'moonshine v2',
    languages: ['zh'],
    megabytes: 100,
    licence: "Moonshine's community licence",
    note: 'a sentence at a time',
  }),
  published('tts-models', {
    name: 'kokoro-multi-lang-v1_0',
    use: 'tts',
    kind: 'kokoro',
    languages: ['en', 'zh'],
    megabytes: 350,
    licence: 'Apache-2.0',
    note: '53 voices',
  }),
  published(
    'tts-models',
    {
      name: 'matcha-icefall-zh-baker',
      use: 'tts',
      kind: 'matcha',
      languages: ['zh'],
      megabytes: 129,
      licence: 'Baker data: not for commerce',
      note: 'comes with its vocoder',
    },
    [VOCOS],
  ),
  published('tts-models', {
    name: 'vits-piper-en_US-amy-medium',
    use: 'tts',
    kind: 'vits',
    languages: ['en'],
    megabytes: 67,
    licence: 'see its MODEL_CARD',
  }),
]
