import { languageCodes } from '../../schema/asr-languages.ts'
import { modelPaths, type FolderModel } from './model-folder.ts'

const SAMPLE_RATE_HZ = 16_000
const FEATURES = { sampleRate: SAMPLE_RATE_HZ, featureDim: 80 }

/** How sherpa-onnx's recognisers are configured for a model. */
export function recogniserConfig(
  model: FolderModel,
  options: { readonly languageId: string; readonly threads: number },
): object {
  const { tokens, ...parts } = modelPaths(model)
  const [language = '', ...others] = languageCodes(options.languageId)
  // '' is found out by the model.
  const named = others.length > 0 ? '' : language
  const kind = {
    'streaming transducer': { transducer: parts },
    'streaming paraformer': { paraformer: parts },
    transducer: { transducer: parts },
    paraformer: { paraformer: parts },
    'sense-voice': {
      senseVoice: { ...parts, language: named || 'auto', useInverseTextNormalization: 1 },
    },
    whisper: { whisper: { ...parts, language: named, task: 'transcribe' } },
    moonshine: { moonshine: parts },
    'moonshine v2': { moonshine: parts },
  }[model.kind as string]
  return {
    featConfig: FEATURES,
    modelConfig: { ...kind, tokens, numThreads: options.threads, provider: 'cpu', debug: 0 },
    decodingMethod: 'greedy_search',
  }
}

/** How sherpa-onnx's voices are configured for a model. */
export function voiceConfig(model: FolderModel, options: { readonly threads: number }): object {
  const { ruleFsts, ...parts } = modelPaths(model)
  return {
    model: { [model.kind]: parts, numThreads: options.threads, provider: 'cpu', debug: 0 },
    maxNumSentences: 1,
    ...(ruleFsts !== undefined && { ruleFsts }),
  }
}
