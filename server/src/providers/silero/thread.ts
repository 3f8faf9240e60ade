import { fileURLToPath } from 'node:url'
import { serveModel } from '../serve-model.ts'
import { loadSherpa, toFloat } from '../sherpa.ts'
import { DetectorPool } from './detector-pool.ts'
import { RECOMMENDED_THRESHOLD } from './levels.ts'

/** One window each of some streams, or the end of a stretch of sound. */
export type VadAsk =
  | { readonly type: 'windows'; readonly items: readonly VadWindow[] }
  | { readonly type: 'release'; readonly stream: number }

export interface VadWindow {
  readonly stream: number
  readonly threshold: number
  readonly samples: Int16Array
}

/** For each item of the question, in its order: whether it is speech; `undefined`: nobody knows. */
export interface VadReply {
  readonly items: readonly { readonly stream: number; readonly isSpeech: boolean | undefined }[]
}

/** So many users may begin to speak at the same time without waiting. */
const SPARE_DETECTORS = 2

await serveModel<VadAsk, VadReply>(() => {
  const packageFile = import.meta.resolve('@ricky0123/vad-web')
  const modelFile = fileURLToPath(new URL('./silero_vad_v6.onnx', packageFile))
  const pool = new DetectorPool(loadSherpa(), modelFile)
  pool.provide(RECOMMENDED_THRESHOLD, SPARE_DETECTORS)
  return (ask, reply) => {
    if (ask.type === 'release') return pool.release(ask.stream)
    const items = ask.items.map(({ stream, threshold, samples }) => ({
      stream,
      isSpeech: pool.detect(stream, threshold, toFloat(samples)),
    }))
    reply({ items })
    // After the answer, so that only the next question can have to wait for it.
    for (const { threshold } of ask.items) pool.provide(threshold, 1)
  }
})
