import { workerData } from 'node:worker_threads'
import { fileURLToPath } from 'node:url'
import type { DecodeAsk, DecodeReply } from '../decoding-asr.ts'
import { serveModel } from '../serve-model.ts'
import { loadSherpa, toFloat } from '../sherpa.ts'
import { plausibleText } from './plausible.ts'
import { tokensFile } from './tokens.ts'

export interface MoonshineSetup {
  readonly model: 'tiny' | 'base'
  /** Where the token table is kept. */
  readonly cacheFolder: string
}

const SAMPLE_RATE_HZ = 16_000
/** The model hears nothing in less: shorter sound is filled up with silence. */
const LEAST_SAMPLES = SAMPLE_RATE_HZ

await serveModel<DecodeAsk, DecodeReply>(async () => {
  const setup = workerData as MoonshineSetup
  const packageFile = import.meta.resolve('@usefulsensors/moonshine-js')
  const modelFile = (name: string): string =>
    fileURLToPath(new URL(`./model/${setup.model}/quantized/${name}.onnx`, packageFile))
  const recognizer = new (loadSherpa().OfflineRecognizer)({
    featConfig: { sampleRate: SAMPLE_RATE_HZ, featureDim: 80 },
    modelConfig: {
      moonshine: {
        encoder: modelFile('encoder_model'),
        mergedDecoder: modelFile('decoder_model_merged'),
      },
      tokens: await tokensFile(setup.cacheFolder),
      numThreads: 1,
      provider: 'cpu',
      debug: 0,
    },
  })
  return (ask, reply) => {
    const samples = toFloat(ask.samples)
    const padded = new Float32Array(Math.max(samples.length, LEAST_SAMPLES))
    padded.set(samples)
    const stream = recognizer.createStream()
    stream.acceptWaveform({ samples: padded, sampleRate: SAMPLE_RATE_HZ })
    recognizer.decode(stream)
    const text = recognizer.getResult(stream).text
    reply({ job: ask.job, text: plausibleText(text, samples.length / SAMPLE_RATE_HZ) })
  }
})
