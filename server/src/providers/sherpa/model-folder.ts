import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fail, ok, type Result } from '../../base/result.ts'
import { memberOf } from '../provider-http.ts'
import { detectModel, type SherpaModel } from './detect.ts'
import { KNOWN_MODELS, WHISPER_LANGUAGES } from './known-models.ts'
import { onnxMetadata } from './onnx-metadata.ts'

export interface FolderModel extends SherpaModel {
  readonly folder: string
  /** Codes of its languages, where folder, files or our list of models tell. */
  readonly languages?: readonly string[]
  /** Of a voice. */
  readonly speakers: readonly string[]
}

/** What `antiphon models fetch` writes beside a model, and anybody else may. */
export const MANIFEST_NAME = 'antiphon-model.json'
/** A voice of Kokoro takes so much of voices.bin: 510 × 256 numbers of 4 bytes. */
const KOKORO_VOICE_BYTES = 510 * 256 * 4
const SPEAKER_LIMIT = 2000
const FILE_LIMIT = 2000

/** Reads what a folder holds. The error is a sentence that names the folder and what is missing. */
export function readModelFolder(folder: string): Result<FolderModel, string> {
  let files: string[]
  try {
    files = filesIn(folder)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    return fail(`the model folder ${folder} cannot be read (${code}).`)
  }
  const found = detectModel({
    name: basename(folder),
    files,
    metadata: (file) => onnxMetadata(join(folder, file)),
  })
  if (!found.ok) return found
  const languages = languagesOf(folder, found.value)
  const speakers = found.value.use === 'tts' ? speakersOf(folder, found.value) : []
  return ok({ ...found.value, folder, ...(languages && { languages }), speakers })
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).slice(0, FILE_LIMIT)
  return entries.map((entry) => {
    // Also what a link leads to.
    const isFolder = entry.isDirectory() || statSync(join(folder, entry.name)).isDirectory()
    return isFolder ? `${entry.name}/` : entry.name
  })
}

/** Every file of the model with its folder before it, as the library wants them. */
export function modelPaths({ folder, files }: FolderModel): Readonly<Record<string, string>> {
  const path = (list: string): string =>
    list
      .split(',')
      .map((file) => join(folder, file))
      .join(',')
  return Object.fromEntries(Object.entries(files).map(([part, list]) => [part, path(list)]))
}

const SENSE_VOICE_LANGUAGES = ['zh', 'en', 'ja', 'ko', 'yue']
/** The manifest first, then what the kind says by itself, then our list by the folder's name. */
function languagesOf(folder: string, model: SherpaModel): readonly string[] | undefined {
  const noted = memberOf(readJson(join(folder, MANIFEST_NAME)), 'languages')
  if (Array.isArray(noted) && noted.every((code) => typeof code === 'string')) return noted
  if (model.kind === 'sense-voice') return SENSE_VOICE_LANGUAGES
  if (model.kind === 'whisper') {
    const isEnglish = /\.en-encoder/.test(model.files['encoder'] ?? '') || folder.endsWith('.en')
    const hasCantonese = /large-v3|turbo/.test(`${folder} ${model.files['encoder'] ?? ''}`)
    if (isEnglish) return ['en']
    return hasCantonese ? [...WHISPER_LANGUAGES, 'yue'] : WHISPER_LANGUAGES
  }
  return KNOWN_MODELS.find(({ name }) => name === basename(folder))?.languages
}

/** Names of the speakers where the model tells them, else their numbers. */
function speakersOf(folder: string, model: SherpaModel): readonly string[] {
  const file = model.files['model'] ?? model.files['acousticModel'] ?? ''
  const metadata = onnxMetadata(join(folder, file))
  const piper = memberOf(readJson(join(folder, `${file}.json`)), 'speaker_id_map')
  const named = metadata.get('speaker_names')?.split(',') ?? namesById(piper)
  if (named.length > 0) return named.slice(0, SPEAKER_LIMIT)
  const voices = model.files['voices']
  const count =
    voices === undefined
      ? Number(metadata.get('n_speakers') ?? 1)
      : Math.floor(statSync(join(folder, voices)).size / KOKORO_VOICE_BYTES)
  const known = Number.isInteger(count) && count > 0 ? Math.min(count, SPEAKER_LIMIT) : 1
  return Array.from({ length: known }, (_, index) => String(index))
}

function namesById(map: unknown): readonly string[] {
  if (typeof map !== 'object' || map === null) return []
  const entries = Object.entries(map).filter(([, id]) => typeof id === 'number')
  return entries.toSorted(([, one], [, other]) => one - other).map(([name]) => name)
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown
  } catch {
    return undefined
  }
}
