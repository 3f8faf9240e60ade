import type { Sherpa } from '../sherpa.ts'
import type { FolderModel } from './model-folder.ts'

/** What a thread for a model is handed. */
export interface SherpaSetup {
  readonly model: FolderModel
  /** The call's `AsrLanguageId`, for models that want to know. */
  readonly languageId: string
  readonly threads: number
  /** Address of a module that stands in for `sherpa.ts`. */
  readonly library: string
}

export const SHERPA_LIBRARY = new URL('../sherpa.ts', import.meta.url).href

/** Only in a thread of its own. */
export async function sherpaLibrary(setup: SherpaSetup): Promise<Sherpa> {
  const { loadSherpa } = (await import(setup.library)) as { readonly loadSherpa: () => Sherpa }
  return loadSherpa()
}
