import { readFileSync } from 'node:fs'
import type { Clock } from '../../base/clock.ts'
import { fail, ok, type Result } from '../../base/result.ts'
import { AMBIENT_IDS, makeAmbience } from '../../media/ambience.ts'
import { OUTPUT_RATE_HZ } from '../../media/pcm.ts'
import { Resampler } from '../../media/resample.ts'
import { readWav } from '../../media/wav.ts'
import type { Sound, Sounds } from '../../ports/sounds.ts'
import type { ToolRunner } from '../../ports/tools.ts'
import { UsageError } from '../command.ts'
import { milliseconds, type Scenario } from './scenario.ts'

const FUNCTION_MS = 500

/** The agent's functions, which answer as the scenario says instead of over HTTP. */
export function simulatedTools(
  clock: Clock,
  functions: NonNullable<Scenario['functions']>,
): ToolRunner {
  return {
    run({ tool }, onResult) {
      const known = functions[tool.name]
      const error = `the scenario has no function ${tool.name}`
      const content = known === undefined ? JSON.stringify({ error }) : known.result
      const takesMs = Math.min(milliseconds(known?.takes ?? FUNCTION_MS), tool.timeoutMs)
      const isLate = milliseconds(known?.takes ?? FUNCTION_MS) > tool.timeoutMs
      const late = JSON.stringify({ error: `no answer in ${tool.timeoutMs} ms` })
      return { cancel: clock.after(takesMs, () => onResult(isLate ? late : content)) }
    },
  }
}

/** Backgrounds that come along, and sounds from files in the place of addresses. */
export function simulatedSounds(
  files: NonNullable<Scenario['sounds']>,
  fileAt: (path: string) => string,
): Sounds {
  const read = new Map(
    Object.entries(files).map(([url, path]) => [url, wavSound(fileAt(path), OUTPUT_RATE_HZ)]),
  )
  return {
    fetch: (url) => Promise.resolve(found(read.get(url), 'the scenario has no such sound')),
    ambient: (_, resourceId) => {
      const id = AMBIENT_IDS.find((one) => one === resourceId)
      const sound = id === undefined ? undefined : makeAmbience(id)
      return Promise.resolve(found(sound, 'only the backgrounds that come along can be had here'))
    },
  }
}

const found = (sound: Sound | undefined, error: string): Result<Sound, string> =>
  sound === undefined ? fail(error) : ok(sound)

/** A WAV file at that rate. Throws `UsageError` when it cannot be read. */
export function wavSound(path: string, rateHz: number): Int16Array {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : ''}.`)
  }
  const sound = readWav(bytes)
  if (!sound.ok) throw new UsageError(`${path}: ${sound.error}.`)
  const { sampleRateHz, samples } = sound.value
  return new Resampler({ fromHz: sampleRateHz, toHz: rateHz }).process(samples).slice()
}
