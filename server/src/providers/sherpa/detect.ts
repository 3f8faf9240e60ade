import { fail, ok, type Result } from '../../base/result.ts'

export type AsrKind =
  | 'streaming transducer'
  | 'streaming paraformer'
  | 'transducer'
  | 'paraformer'
  | 'sense-voice'
  | 'whisper'
  | 'moonshine'
  | 'moonshine v2'
export type TtsKind = 'vits' | 'kokoro' | 'matcha'

/** What a folder holds: which kind of model, and which file plays which part. Files are relative to it. */
export interface SherpaModel {
  readonly use: 'asr' | 'tts'
  readonly kind: AsrKind | TtsKind
  /** By the names that sherpa-onnx gives the parts; of a list, the files with commas between. */
  readonly files: Readonly<Record<string, string>>
}

/** What is known of a folder without loading the model. */
export interface FolderView {
  /** The folder's own name. */
  readonly name: string
  /** Paths relative to the folder, `/` between, folders with a `/` at their end. */
  readonly files: readonly string[]
  /** Metadata of a model file of the folder. */
  readonly metadata: (file: string) => ReadonlyMap<string, string>
}

const MODEL_FILE = /\.(onnx|ort)$/i

/** Tells the kind of a model from its files; the error names what is missing. */
export function detectModel(view: FolderView): Result<SherpaModel, string> {
  const top = view.files.filter((file) => !file.includes('/'))
  const models = top.filter((file) => MODEL_FILE.test(file))
  if (models.length === 0) {
    return fail(`${view.name} holds no model: there is no file that ends in .onnx or .ort.`)
  }
  const part = (pattern: RegExp, prefersSmall = true): string | undefined =>
    chosen(
      models.filter((file) => pattern.test(file)),
      prefersSmall,
    )
  const parts: Parts = { view, top, models, part }
  return (
    kokoro(parts) ??
    moonshine(parts) ??
    transducer(parts) ??
    encoderAndDecoder(parts) ??
    matcha(parts) ??
    single(parts)
  )
}

interface Parts {
  readonly view: FolderView
  readonly top: readonly string[]
  readonly models: readonly string[]
  readonly part: (pattern: RegExp, prefersSmall?: boolean) => string | undefined
}

type Found = Result<SherpaModel, string> | undefined

/** Of several files for one part the 8-bit one, which is faster, or the other. */
function chosen(files: readonly string[], prefersSmall: boolean): string | undefined {
  const isSmall = (file: string): boolean => /int8|quant/i.test(file)
  return files.find((file) => isSmall(file) === prefersSmall) ?? files[0]
}

/** All parts, or which are missing. */
function model(
  { view }: Parts,
  found: { readonly use: 'asr' | 'tts'; readonly kind: SherpaModel['kind'] },
  parts: Readonly<Record<string, string | undefined>>,
  optional: Readonly<Record<string, string | undefined>> = {},
): Result<SherpaModel, string> {
  const missing = Object.keys(parts).filter((name) => parts[name] === undefined)
  if (missing.length > 0) {
    const names = missing.map((name) => FILE_NAMES[name] ?? name).join(' and ')
    return fail(`${view.name} looks like a model of the kind ${found.kind}, but has no ${names}.`)
  }
  const files = Object.entries({ ...parts, ...optional }).filter(([, file]) => file !== undefined)
  return ok({ ...found, files: Object.fromEntries(files) as Record<string, string> })
}

/** What is to be looked for when a part is missing. */
const FILE_NAMES: Readonly<Record<string, string>> = {
  tokens: 'tokens.txt',
  encoder: 'encoder….onnx',
  decoder: 'decoder….onnx',
  joiner: 'joiner….onnx',
  preprocessor: 'preprocess.onnx',
  uncachedDecoder: 'uncached_decode….onnx',
  cachedDecoder: 'cached_decode….onnx',
  mergedDecoder: 'decoder_model_merged….onnx',
  model: 'model.onnx',
  voices: 'voices.bin',
  dataDir: 'espeak-ng-data/',
  acousticModel: 'model-steps-….onnx',
  vocoder: 'vocoder (vocos-….onnx or hifigan_….onnx, which is published apart from the voice)',
}

const tokensOf = ({ top }: Parts): string | undefined =>
  top.find((file) => file === 'tokens.txt') ?? top.find((file) => file.endsWith('-tokens.txt'))

const dataDirOf = ({ view }: Parts): string | undefined =>
  view.files.includes('espeak-ng-data/') ? 'espeak-ng-data' : undefined

/** Rules that read dates, numbers and the like aloud, in sherpa's order. */
function ruleFstsOf({ top }: Parts): string | undefined {
  const rules = ['phone', 'date', 'number', 'new_heteronym'].flatMap((name) =>
    top.filter((file) => file.startsWith(name) && file.endsWith('.fst')),
  )
  return rules.length === 0 ? undefined : rules.join(',')
}

/** American before British English, which cannot be used together; other lexicons besides. */
function lexiconOf({ top }: Parts): string | undefined {
  const all = top.filter((file) => /^lexicon.*\.txt$/.test(file)).toSorted()
  const kept = all.filter((file) => !/gb-en/.test(file) || !all.some((one) => /us-en/.test(one)))
  return kept.length === 0 ? undefined : kept.join(',')
}

function kokoro(parts: Parts): Found {
  if (!parts.top.includes('voices.bin')) return undefined
  return model(
    parts,
    { use: 'tts', kind: 'kokoro' },
    {
      model: parts.part(/^model/),
      voices: 'voices.bin',
      tokens: tokensOf(parts),
      dataDir: dataDirOf(parts),
    },
    { lexicon: lexiconOf(parts), ruleFsts: ruleFstsOf(parts) },
  )
}

function moonshine(parts: Parts): Found {
  const { part } = parts
  const tokens = tokensOf(parts)
  const mergedDecoder = part(/^decoder_model_merged/)
  if (mergedDecoder !== undefined || part(/^encoder_model/) !== undefined) {
    const encoder = part(/^encoder_model/)
    return model(parts, { use: 'asr', kind: 'moonshine v2' }, { encoder, mergedDecoder, tokens })
  }
  const [uncachedDecoder, cachedDecoder] = [part(/^uncached_decode/), part(/^cached_decode/)]
  if (uncachedDecoder === undefined && cachedDecoder === undefined) return undefined
  const [preprocessor, encoder] = [part(/^preprocess/), part(/^encode/)]
  return model(
    parts,
    { use: 'asr', kind: 'moonshine' },
    { preprocessor, encoder, uncachedDecoder, cachedDecoder, tokens },
  )
}

function transducer(parts: Parts): Found {
  const { part, view } = parts
  const joiner = part(/joiner/i)
  if (joiner === undefined) return undefined
  const encoder = part(/encoder/i)
  const metadata = encoder === undefined ? new Map<string, string>() : view.metadata(encoder)
  const isStreaming =
    metadata.has('decode_chunk_len') ||
    (metadata.size === 0 && /streaming|-chunk-/i.test(`${view.name} ${encoder ?? ''}`))
  return model(
    parts,
    { use: 'asr', kind: isStreaming ? 'streaming transducer' : 'transducer' },
    // The decoder is so small that 8 bits gain nothing.
    { encoder, decoder: part(/decoder/i, false), joiner, tokens: tokensOf(parts) },
  )
}

/** Whisper's files bear the name of the model before "-encoder" and "-tokens". */
function encoderAndDecoder(parts: Parts): Found {
  const [encoder, decoder] = [parts.part(/encoder/i), parts.part(/decoder/i)]
  if (encoder === undefined && decoder === undefined) return undefined
  const { view, top } = parts
  const isWhisper =
    /whisper/i.test(view.name) ||
    top.some((file) => file.endsWith('-tokens.txt')) ||
    (encoder !== undefined && view.metadata(encoder).has('n_mels'))
  const kind = isWhisper ? 'whisper' : 'streaming paraformer'
  return model(parts, { use: 'asr', kind }, { encoder, decoder, tokens: tokensOf(parts) })
}

function matcha(parts: Parts): Found {
  const acousticModel = parts.part(/^model-steps/)
  if (acousticModel === undefined) return undefined
  return model(
    parts,
    { use: 'tts', kind: 'matcha' },
    { acousticModel, vocoder: parts.part(/voco|hifigan/i), tokens: tokensOf(parts) },
    { lexicon: lexiconOf(parts), dataDir: dataDirOf(parts), ruleFsts: ruleFstsOf(parts) },
  )
}

/** One model file may be several things; its metadata tells, else the folder's name. */
function single(parts: Parts): Result<SherpaModel, string> {
  const { view, top } = parts
  const file = parts.part(/^model/) ?? parts.part(/./)
  const metadata = file === undefined ? new Map<string, string>() : view.metadata(file)
  const is = (key: string, name: RegExp): boolean =>
    metadata.size > 0 ? metadata.has(key) : name.test(view.name)
  const tokens = tokensOf(parts)
  if (is('lang_auto', /sense-?voice/i)) {
    return model(parts, { use: 'asr', kind: 'sense-voice' }, { model: file, tokens })
  }
  if (is('lfr_window_size', /paraformer/i)) {
    return model(parts, { use: 'asr', kind: 'paraformer' }, { model: file, tokens })
  }
  const isPiper = top.includes(`${file ?? ''}.json`)
  if (is('n_speakers', /vits|piper/i) || isPiper) {
    const [lexicon, dataDir] = [lexiconOf(parts), dataDirOf(parts)]
    // Voices that read letters through eSpeak's rules need its data, others a lexicon.
    const needed = lexicon === undefined ? { dataDir } : {}
    return model(
      parts,
      { use: 'tts', kind: 'vits' },
      { model: file, tokens, ...needed },
      { lexicon, dataDir, ruleFsts: ruleFstsOf(parts) },
    )
  }
  return fail(
    `${view.name} holds ${file ?? 'a model'}, but nothing tells what it is. Known are: ${KINDS.join(', ')}.`,
  )
}

/** The kinds that are known, for messages and documents. */
export const KINDS: readonly SherpaModel['kind'][] = [
  'streaming transducer',
  'streaming paraformer',
  'transducer',
  'paraformer',
  'sense-voice',
  'whisper',
  'moonshine',
  'moonshine v2',
  'vits',
  'kokoro',
  'matcha',
]
