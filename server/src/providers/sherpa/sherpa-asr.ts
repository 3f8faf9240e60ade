import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import { fail, ok, type Result } from '../../base/result.ts'
import { DecodingAsr } from '../decoding-asr.ts'
import { languageIds } from '../../schema/asr-languages.ts'
import { MANIFEST_NAME, type FolderModel } from './model-folder.ts'
import { SHERPA_LIBRARY, type SherpaSetup } from './sherpa-setup.ts'
import { StreamingAsr } from './streaming-asr.ts'

export interface SherpaAsrOptions {
  readonly clock: Clock
  readonly log: Log
  readonly model: FolderModel
  /** The call's. */
  readonly languageId: string
  /** Codes; where neither folder nor list tells them. */
  readonly languages?: readonly string[]
  readonly threads?: number
  /** Address of a module that stands in for `sherpa.ts`. */
  readonly library?: string
}

/** Whisper hears 30 s at once, and takes as long for one second as for thirty. */
const WHISPER_LIMIT_MS = 28_000

/** A recogniser for a model folder, loaded by its first use. The error names what must be configured. */
export function sherpaAsr(options: SherpaAsrOptions): Result<DecodingAsr | StreamingAsr, string> {
  const { clock, log, model } = options
  if (model.use !== 'asr') {
    return fail(`the folder ${model.folder} holds a voice (${model.kind}), not a recogniser.`)
  }
  const codes = options.languages ?? model.languages
  if (codes === undefined) {
    return fail(
      `the model in ${model.folder} does not tell its languages: name them in Providers.asr.languages ` +
        `or as "languages" in its ${MANIFEST_NAME}.`,
    )
  }
  const languages = languageIds(codes)
  const setup: SherpaSetup = {
    model,
    languageId: options.languageId,
    threads: options.threads ?? 1,
    library: options.library ?? SHERPA_LIBRARY,
  }
  if (model.kind.startsWith('streaming')) {
    return ok(new StreamingAsr({ clock, log, languages, setup }))
  }
  return ok(
    new DecodingAsr({
      clock,
      log,
      name: 'sherpa',
      threadName: `sherpa ${model.kind}`,
      languages,
      file: new URL('./sentence-thread.ts', import.meta.url),
      setup,
      ...(model.kind === 'whisper' && { wholeLimitMs: WHISPER_LIMIT_MS }),
    }),
  )
}
