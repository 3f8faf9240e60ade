/** Measures how loud a stream is. */
export interface LevelMeter {
  /** Now, from 0 (silence) to 255. */
  volume(): number
  /** May be called twice. */
  close(): void
}

/** 21 ms at 48 kHz. */
const WINDOW_SAMPLES = 1024
/** What shows as 0 and as 255, in dB below full scale. */
const QUIET_DB = -60
const LOUD_DB = -12

export function openLevelMeter(stream: MediaStream): LevelMeter {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = WINDOW_SAMPLES
  context.createMediaStreamSource(stream).connect(analyser)
  void context.resume()
  const samples = new Float32Array(WINDOW_SAMPLES)
  return {
    volume: () => {
      analyser.getFloatTimeDomainData(samples)
      return volumeOf(samples)
    },
    close: () => {
      if (context.state !== 'closed') void context.close()
    },
  }
}

/** Loudness as it is heard: the level in dB, from 0 to 255. */
export function volumeOf(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  const levelDb = 10 * Math.log10(sum / samples.length + 1e-12)
  const share = (levelDb - QUIET_DB) / (LOUD_DB - QUIET_DB)
  return Math.round(255 * Math.min(1, Math.max(0, share)))
}
