/** A sine, for tests of what carries sound. `startSample` lets pieces join. */
export function tone(options: {
  readonly hz: number
  readonly rateHz: number
  readonly samples: number
  readonly amplitude?: number
  readonly startSample?: number
}): Int16Array {
  const { hz, rateHz, samples, amplitude = 10_000, startSample = 0 } = options
  return Int16Array.from({ length: samples }, (_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * (i + startSample)) / rateHz)),
  )
}

/** How much of a tone is in the sound: its amplitude, and its power over that of the rest in dB. */
export function measureTone(
  samples: Int16Array,
  options: { readonly hz: number; readonly rateHz: number },
): { readonly amplitude: number; readonly overRestDb: number } {
  let sine = 0
  let cosine = 0
  let power = 0
  for (const [i, sample] of samples.entries()) {
    const angle = (2 * Math.PI * options.hz * i) / options.rateHz
    sine += sample * Math.sin(angle)
    cosine += sample * Math.cos(angle)
    power += sample * sample
  }
  const amplitude = samples.length === 0 ? 0 : (2 * Math.hypot(sine, cosine)) / samples.length
  const tonePower = (amplitude * amplitude) / 2
  const rest = Math.max(1e-6, power / Math.max(1, samples.length) - tonePower)
  return { amplitude, overRestDb: 10 * Math.log10((tonePower + 1e-9) / rest) }
}
