import type { Clock } from '../../base/clock.ts'
import { SimulatedClock } from '../../base/simulated-clock.ts'
import { systemClock } from '../../base/system-clock.ts'
import type { Environment } from '../../config/readers.ts'
import { INPUT_RATE_HZ } from '../../media/pcm.ts'
import type { CallRecord } from '../../ports/call-record.ts'
import type { ProvidersConfig } from '../../schema/providers.ts'
import { unmetExpectations, type Unmet } from './expectations.ts'
import type { ReadScenario } from './read-scenario.ts'
import { milliseconds, type Step } from './scenario.ts'
import { isReal, openProviders, synthesise, type ScenarioProviders } from './scenario-providers.ts'
import { runScript, type Pace } from './script.ts'
import { simulatedSounds, simulatedTools, wavSound } from './simulated-outside.ts'
import { SimulatedUser, withoutPauses } from './simulated-user.ts'
import { Stage } from './stage.ts'
import { Timeline } from './timeline.ts'

const TICK_MS = 20
/** So long is a call watched after its last step. */
const AFTERWARDS_MS = 10_000
const SEED = 1

export interface ScenarioRun {
  readonly name: string
  /** How much of the call was played. */
  readonly lengthMs: number
  readonly timeline: Timeline
  readonly records: readonly CallRecord[]
  readonly unmet: readonly Unmet[]
  /** Steps whose moment did not come; and what was left over after the end. */
  readonly failures: readonly string[]
}

/**
 * Plays a scenario: in virtual time, or, when a provider is a real one, in the time that it takes. Throws
 * `CommandError` when a provider cannot be had, `UsageError` when a sound cannot be read.
 */
export async function runScenario(
  read: ReadScenario,
  environment: Environment,
): Promise<ScenarioRun> {
  const { scenario } = read
  const hasReal = Object.values((scenario.providers ?? {}) as ProvidersConfig).some(isReal)
  const simulated = hasReal ? undefined : new SimulatedClock({ wallMs: 1_790_000_000_000 })
  const clock = simulated ?? systemClock
  const user = new SimulatedUser(clock)
  const timeline = new Timeline()
  const providers = await openProviders(read, {
    clock,
    user,
    environment,
    onAsked: (question) => timeline.ask(question, clock.wallMs()),
  })
  const sounds = await soundsOf(scenario.steps, read, providers)
  try {
    return await play({ read, clock, simulated, user, timeline, providers, sounds })
  } finally {
    providers.close()
  }
}

interface Parts {
  readonly read: ReadScenario
  readonly clock: Clock
  readonly simulated: SimulatedClock | undefined
  readonly user: SimulatedUser
  readonly timeline: Timeline
  readonly providers: ScenarioProviders
  readonly sounds: ReadonlyMap<Step, Int16Array>
}

async function play(parts: Parts): Promise<ScenarioRun> {
  const { read, clock, simulated, user, timeline, providers, sounds } = parts
  const { scenario, agentConfig } = read
  const seed = scenario.seed ?? SEED
  const tools = simulatedTools(clock, scenario.functions ?? {})
  const agentSounds = simulatedSounds(scenario.sounds ?? {}, read.fileAt)
  const outside = { providers: providers.call, tools, sounds: agentSounds }
  const stage = new Stage({ clock, user, ...outside, agentConfig, seed, timeline })
  const pace = simulated === undefined ? realPace(stage) : virtualPace(stage, simulated)
  const joins = scenario.user?.joins ?? 0
  if (joins !== false) {
    await pace.until(milliseconds(joins))
    stage.join()
  }
  const soundOf = (step: Step): Int16Array | undefined => sounds.get(step)
  const context = { stage, user, pace, agentConfig, soundOf }
  const { doneMs, failures } = await runScript(scenario.steps, context)
  const afterwardsMs = milliseconds(scenario.until ?? AFTERWARDS_MS)
  await pace.untilTrue(() => stage.isOver, stage.nowMs + afterwardsMs)
  const lengthMs = stage.nowMs
  stage.close()
  timeline.finish()
  const left = simulated?.pending ?? 0
  return {
    name: scenario.name ?? read.path,
    lengthMs,
    timeline,
    records: stage.records,
    unmet: unmetExpectations(scenario.expect, timeline, doneMs),
    failures: [...failures, ...(left === 0 ? [] : [`${left} timers were left over after the end`])],
  }
}

function virtualPace(stage: Stage, clock: SimulatedClock): Pace {
  // A sound that was asked for is there before time goes on.
  const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))
  return {
    async until(atMs) {
      await settled()
      clock.advance(Math.max(0, atMs - stage.nowMs))
    },
    async untilTrue(isSo, atMs) {
      await settled()
      while (!isSo()) {
        if (stage.nowMs >= atMs) return false
        clock.advance(Math.min(TICK_MS, atMs - stage.nowMs))
      }
      return true
    },
  }
}

function realPace(stage: Stage): Pace {
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => void systemClock.after(Math.max(0, ms), resolve))
  return {
    until: (atMs) => sleep(atMs - stage.nowMs),
    async untilTrue(isSo, atMs) {
      while (!isSo()) {
        if (stage.nowMs >= atMs) return false
        await sleep(TICK_MS)
      }
      return true
    },
  }
}

/** What is said, as sound: from files, and for recognisers that listen from a voice. */
async function soundsOf(
  steps: readonly Step[],
  read: ReadScenario,
  providers: ScenarioProviders,
): Promise<ReadonlyMap<Step, Int16Array>> {
  const sounds = new Map<Step, Int16Array>()
  for (const step of steps) {
    const words = step.say ?? step.acknowledge
    if (step.sound !== undefined) sounds.set(step, wavSound(read.fileAt(step.sound), INPUT_RATE_HZ))
    else if (words !== undefined && providers.userVoice !== undefined) {
      sounds.set(step, await synthesise(providers.userVoice, withoutPauses(words)))
    }
    const inner = await soundsOf((step.steps ?? []) as readonly Step[], read, providers)
    for (const [one, sound] of inner) sounds.set(one, sound)
  }
  return sounds
}
