import { effectiveConfig, type Config } from '../../schema/effective-config.ts'
import { ClientMessage } from '../../schema/messages.ts'
import type { MOMENTS, Step } from './scenario.ts'
import { milliseconds } from './scenario.ts'
import { withoutPauses, type SimulatedUser } from './simulated-user.ts'
import type { Stage } from './stage.ts'
import type { Moment } from './timeline.ts'

/** A step does not wait longer than this for its moment. */
const PATIENCE_MS = 60_000

/** Time, as the script moves it on or waits for it. */
export interface Pace {
  /** Until so long after the call's start. */
  until(atMs: number): Promise<void>
  /** Until it is so, or until then: whether it is so. */
  untilTrue(isSo: () => boolean, atMs: number): Promise<boolean>
}

export interface ScriptContext {
  readonly stage: Stage
  readonly user: SimulatedUser
  readonly pace: Pace
  readonly agentConfig: string
  /** The sound of a text, for recognisers that listen. */
  readonly soundOf: (step: Step) => Int16Array | undefined
}

/** When each named step had been done, ms since the call's start; and what went wrong. */
export interface ScriptOutcome {
  readonly doneMs: ReadonlyMap<string, number>
  readonly failures: readonly string[]
}

/** Carries out the steps, one after the other, each when the one before is done. */
export async function runScript(
  steps: readonly Step[],
  context: ScriptContext,
): Promise<ScriptOutcome> {
  const script = new Script(context)
  await script.run(steps)
  return script
}

class Script implements ScriptOutcome {
  readonly doneMs = new Map<string, number>()
  readonly failures: string[] = []
  readonly #context: ScriptContext
  #config: Config

  constructor(context: ScriptContext) {
    this.#context = context
    this.#config = JSON.parse(context.agentConfig) as Config
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (this.#context.stage.isOver) return
      for (let left = step.repeat ?? 1; left > 0; left -= 1) await this.#runOne(step)
    }
  }

  async #runOne(step: Step): Promise<void> {
    const { stage, pace } = this.#context
    if (!(await this.#waitFor(step))) return
    if (stage.isOver) return
    if (step.steps !== undefined) await this.run(step.steps as readonly Step[])
    else await pace.until(this.#act(step))
    if (step.id !== undefined) this.doneMs.set(step.id, stage.nowMs)
  }

  /** False when its moment did not come. */
  async #waitFor(step: Step): Promise<boolean> {
    const { stage, pace } = this.#context
    if (step.at !== undefined) await pace.until(milliseconds(step.at))
    if (step.after !== undefined) {
      const fromMs = stage.nowMs
      const { after } = step
      const hasCome = await pace.untilTrue(
        () => stage.isOver || cameSince(stage.timeline.moments, after, fromMs),
        fromMs + PATIENCE_MS,
      )
      if (!hasCome || (stage.isOver && after !== 'ended')) {
        this.failures.push(
          `a step waited for ${after} from ${Math.round(fromMs)} ms on, and ` +
            (stage.isOver ? 'the call ended' : `${PATIENCE_MS / 1000} s were not enough`),
        )
        return false
      }
    }
    if (step.wait !== undefined) await pace.until(stage.nowMs + milliseconds(step.wait))
    return true
  }

  /** Does it; gives back when it will be done. */
  #act(step: Step): number {
    const { stage, user } = this.#context
    const startMs = stage.nowMs
    const words = step.say ?? step.acknowledge
    this.#note(step)
    if (words !== undefined) {
      const sound = this.#context.soundOf(step)
      const options = {
        ...(step.for === undefined ? {} : { forMs: milliseconds(step.for) }),
        ...(sound === undefined ? {} : { sound }),
      }
      return startMs + user.say(words, options)
    }
    if (step.cough !== undefined) return startMs + user.cough(milliseconds(step.cough))
    if (step.type !== undefined) {
      const data = { text: step.type, enableInterrupt: (step.interrupts ?? true) ? 1 : 0 }
      stage.send(ClientMessage.text, data)
    }
    if (step.talk !== undefined) stage.send(TALK[step.talk], {})
    if (step.interrupt === true) stage.send(ClientMessage.interrupt, {})
    if (step.join === true) stage.join()
    if (step.leave !== undefined) stage.leave(step.leave)
    if (step.send !== undefined) stage.send(step.send.type, step.send.data ?? {})
    if (step.configure !== undefined) this.#configure(step.configure)
    if (step.announce !== undefined) {
      stage.call.command({
        type: 'speech',
        text: step.announce,
        interrupts: step.interrupts ?? true,
      })
    }
    if (step.stop === true) stage.call.stop('stopped')
    return startMs
  }

  /** As `UpdateAIAgentInstance` does it. */
  #configure(change: Config): void {
    this.#config = effectiveConfig(this.#config, change)
    this.#context.stage.call.change({ agentConfig: JSON.stringify(this.#config) })
  }

  #note(step: Step): void {
    const { timeline, nowMs } = this.#context.stage
    const text = describeStep(step)
    if (text !== '') timeline.add(nowMs, 'step', text)
  }
}

const TALK = {
  start: ClientMessage.talkStart,
  finish: ClientMessage.talkFinish,
  cancel: ClientMessage.talkCancel,
} as const

function describeStep(step: Step): string {
  if (step.say !== undefined) return `the user says “${withoutPauses(step.say)}”`
  if (step.acknowledge !== undefined) return `the user says “${step.acknowledge}”`
  if (step.cough !== undefined) return `the user coughs for ${milliseconds(step.cough)} ms`
  if (step.type !== undefined) return `the user types “${step.type}”`
  if (step.talk !== undefined) return `the user’s button: ${step.talk}`
  if (step.interrupt === true) return 'the client interrupts'
  if (step.join === true) return 'the user joins'
  if (step.leave !== undefined) return `the user leaves (${step.leave})`
  if (step.send !== undefined) return `the client sends ${step.send.type}`
  if (step.configure !== undefined) return 'the call is configured anew'
  if (step.announce !== undefined) return `the agent is told to say “${step.announce}”`
  return step.stop === true ? 'the call is stopped' : ''
}

function cameSince(
  moments: readonly Moment[],
  wanted: (typeof MOMENTS)[number],
  sinceMs: number,
): boolean {
  for (let index = moments.length - 1; index >= 0; index -= 1) {
    const moment = moments[index]
    if (moment === undefined || moment.atMs < sinceMs) return false
    if (isMoment(moment, wanted)) return true
  }
  return false
}

function isMoment({ kind, text, words }: Moment, wanted: (typeof MOMENTS)[number]): boolean {
  switch (wanted) {
    case 'agent-speaks':
      return kind === 'state' && text === 'speaking'
    case 'agent-done':
      return kind === 'state' && text === 'listening' && words === 'speaking'
    case 'thinking':
      return kind === 'state' && text === 'thinking'
    case 'interrupted':
      return kind === 'interrupted'
    case 'ended':
      return kind === 'ended'
  }
}
