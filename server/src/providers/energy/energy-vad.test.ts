import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulatedIds } from '../../base/simulated-ids.ts'
import { framesOf, readWav } from '../../../test/audio/read-wav.ts'
import { vadContract } from '../../ports/vad.contract.ts'
import { energyVad } from './energy-vad.ts'

vadContract({
  name: 'energy',
  provider: energyVad,
  pump: () => Promise.resolve(),
  speech: framesOf(readWav('en_06')),
  onsetMs: 510,
  endMs: 2430,
})

test('energy: the higher VadLevel from 0 to 10, the louder speech must be above the noise', () => {
  const chance = simulatedIds(3).chance
  const noise = (): Int16Array => Int16Array.from({ length: 320 }, () => (chance() - 0.5) * 400)
  const isHeard = (level: number, amplitude: number): boolean => {
    let starts = 0
    const stream = energyVad().open(
      { level },
      { onSpeechStart: () => (starts += 1), onSpeechEnd() {}, onError() {} },
    )
    for (let frame = 0; frame < 40; frame += 1) {
      const sound = noise()
      if (frame >= 30) {
        for (let at = 0; at < sound.length; at += 1)
          sound[at] = (sound[at] ?? 0) + amplitude * Math.sin(at * 0.16)
      }
      stream.write(sound, frame * 20 + 20)
    }
    stream.close()
    return starts > 0
  }
  const least = Array.from({ length: 11 }, (_, level) => {
    let amplitude = 100
    while (!isHeard(level, amplitude)) amplitude *= 1.05
    return amplitude
  })
  for (const [level, amplitude] of least.entries())
    if (level > 0) assert.ok(amplitude > (least[level - 1] ?? 0), least.map(Math.round).join(' '))
})
