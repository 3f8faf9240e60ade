import { workerData } from 'node:worker_threads'
import type { DecodeAsk, DecodeReply } from '../decoding-asr.ts'
import { serveModel } from '../serve-model.ts'
import { toFloat } from '../sherpa.ts'
import { recogniserConfig } from './model-config.ts'
import { sherpaLibrary, type SherpaSetup } from './sherpa-setup.ts'

const SAMPLE_RATE_HZ = 16_000
/** Some models hear nothing in less: shorter sound is filled up with silence. */
const LEAST_SAMPLES = SAMPLE_RATE_HZ

await serveModel<DecodeAsk, DecodeReply>(async () => {
  const setup = workerData as SherpaSetup
  const { OfflineRecognizer } = await sherpaLibrary(setup)
  const recognizer = new OfflineRecognizer(recogniserConfig(setup.model, setup))
  return (ask, reply) => {
    const samples = new Float32Array(Math.max(ask.samples.length, LEAST_SAMPLES))
    samples.set(toFloat(ask.samples))
    const stream = recognizer.createStream()
    stream.acceptWaveform({ samples, sampleRate: SAMPLE_RATE_HZ })
    recognizer.decode(stream)
    reply({ job: ask.job, text: recognizer.getResult(stream).text.trim() })
  }
})
