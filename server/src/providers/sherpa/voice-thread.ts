import { workerData } from 'node:worker_threads'
import { serveModel } from '../serve-model.ts'
import { voiceConfig } from './model-config.ts'
import { sherpaLibrary, type SherpaSetup } from './sherpa-setup.ts'

export interface VoiceAsk {
  readonly job: number
  readonly text: string
  /** Number of the speaker. */
  readonly speaker: number
  readonly speed: number
}

export interface VoiceReply {
  readonly job: number
  readonly pcm: Int16Array<ArrayBuffer>
  readonly sampleRateHz: number
  readonly error?: string
}

await serveModel<VoiceAsk, VoiceReply>(async () => {
  const setup = workerData as SherpaSetup
  const { OfflineTts } = await sherpaLibrary(setup)
  const tts = new OfflineTts(voiceConfig(setup.model, setup))
  return ({ job, text, speaker, speed }, reply) => {
    try {
      const sid = Math.min(speaker, Math.max(0, tts.numSpeakers - 1))
      const made = tts.generate({ text, sid, speed, enableExternalBuffer: false })
      const pcm = toPcm(made.samples)
      reply({ job, pcm, sampleRateHz: made.sampleRate }, [pcm.buffer])
    } catch (error) {
      const message = error instanceof Error ? error.message : 'the voice failed'
      reply({ job, pcm: new Int16Array(0), sampleRateHz: 16_000, error: message })
    }
  }
})

function toPcm(samples: Float32Array): Int16Array<ArrayBuffer> {
  const pcm = new Int16Array(samples.length)
  for (let index = 0; index < samples.length; index++) {
    pcm[index] = Math.round(32_767 * Math.max(-1, Math.min(1, samples[index] ?? 0)))
  }
  return pcm
}
