import { INPUT_RATE_HZ } from '../../src/media/pcm.ts'

const SYLLABLES = [
  { fromS: 0, forS: 0.26, pitchHz: 115 },
  { fromS: 0.34, forS: 0.31, pitchHz: 140 },
] as const
const PEAK = 9000

/** “Mhm” as people hum it with closed lips: two notes through the nose, and half a second of silence. */
export function hum(): Int16Array {
  const sound = new Float64Array(INPUT_RATE_HZ * 1.15)
  for (const { fromS, forS, pitchHz } of SYLLABLES) {
    const at = Math.round(fromS * INPUT_RATE_HZ)
    const length = Math.round(forS * INPUT_RATE_HZ)
    for (let index = 0; index < length; index += 1) {
      const isPulse = index % Math.round(INPUT_RATE_HZ / pitchHz) === 0
      sound[at + index] = isPulse ? Math.sin((Math.PI * index) / length) : 0
    }
  }
  const low = resonate(sound, 270, 60)
  const high = resonate(sound, 1050, 150)
  const nasal = low.map((sample, index) => sample + 0.25 * (high[index] ?? 0))
  const loudest = nasal.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  return Int16Array.from(nasal, (sample) => (sample * PEAK) / loudest)
}

function resonate(sound: Float64Array, hz: number, widthHz: number): Float64Array {
  const radius = Math.exp((-Math.PI * widthHz) / INPUT_RATE_HZ)
  const turn = 2 * radius * Math.cos((2 * Math.PI * hz) / INPUT_RATE_HZ)
  let [before, older] = [0, 0]
  return sound.map((sample) => {
    const next = sample * (1 - radius) + turn * before - radius * radius * older
    older = before
    before = next
    return next
  })
}
