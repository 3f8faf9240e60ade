import { SimulatedClock } from '../base/simulated-clock.ts'
import type { Action, DialogueEvent, Timer } from '../dialogue/events.ts'
import { join } from '../dialogue/joined-text.ts'
import { initialState, type DialogueState } from '../dialogue/state.ts'
import { step } from '../dialogue/step.ts'
import {
  callKey,
  speechEdge,
  type Evidence,
  type RecordedReply,
  type Utterance,
} from './evidence.ts'
import { PlayoutModel } from './playout-model.ts'
import type { RecordedStretch } from './recording.ts'
import type { RunStep } from './rerun.ts'

/** What is said where the record holds no answer. */
export const SCRIPTED_ANSWER = 'The record holds no answer to this.'
/** What a function gives that was not called in the record. */
const SCRIPTED_RESULT = 'The record holds no result of this.'
/** Where the record tells nothing of a delay. */
const UNKNOWN_DELAY_MS = 100
/** A call that has not ended by itself is watched for so long after the last that was recorded of it. */
const AFTERMATH_MS = 60_000

export interface OtherRun {
  readonly steps: readonly RunStep[]
  /** Turns whose answer is made up. */
  readonly scripted: ReadonlySet<number>
  /** Turns whose answer was given up in the record, and is heard here as far as it had come. */
  readonly shortened: ReadonlySet<number>
}

/**
 * Plays a stretch with an engine of other settings, in virtual time: the user and everybody else do what they did,
 * when they did it; recogniser, model and voice answer with what they said, as fast as they did.
 */
export function runOtherwise(stretch: RecordedStretch, evidence: Evidence): OtherRun {
  const world = new World(stretch, evidence)
  world.run()
  return world
}

class World implements OtherRun {
  readonly steps: RunStep[] = []
  readonly scripted = new Set<number>()
  readonly shortened = new Set<number>()
  readonly #clock: SimulatedClock
  readonly #evidence: Evidence
  readonly #playout: PlayoutModel
  readonly #timers = new Map<Timer, () => void>()
  readonly #fired = new Map<Timer, number>()
  readonly #queue: DialogueEvent[] = []
  readonly #answers: RecordedReply[]
  /** Utterances that the recogniser has heard, and when it last forgot everything. */
  #heard = 0
  #forgotten = 0
  #pendingFinals: (() => void)[] = []
  #pendingReply: (() => void)[] = []
  #pendingJudgement: (() => void) | undefined
  /** Results of functions that have been given, by what was called. */
  readonly #given = new Map<string, number>()
  #humanFlushId = 0
  #state: DialogueState
  #isStepping = false

  constructor(stretch: RecordedStretch, evidence: Evidence) {
    const firstMs = evidence.outside[0]?.atMs ?? 0
    this.#clock = new SimulatedClock({ nowMs: firstMs })
    this.#evidence = evidence
    this.#answers = [...evidence.replies]
    this.#state = initialState(stretch.settings, stretch.past)
    this.#playout = new PlayoutModel(this.#clock, evidence, (event) => this.#happen(event))
  }

  run(): void {
    const { outside, utterances } = this.#evidence
    const given = outside.map((event) => ({ atMs: event.atMs, run: () => this.#enter(event) }))
    const partials = utterances.flatMap((utterance, index) =>
      utterance.partials.map(({ atMs, text }) => ({
        atMs,
        run: () => this.#hearPartial(index, text),
      })),
    )
    this.#play([...given, ...partials].toSorted((one, other) => one.atMs - other.atMs))
    const lastMs = this.#evidence.outside.at(-1)?.atMs ?? 0
    this.#clock.advanceTo(lastMs)
    this.#clock.advanceTo(lastMs + AFTERMATH_MS)
  }

  /** One after the other, since most of them would wait for most of the call. */
  #play(script: readonly { readonly atMs: number; readonly run: () => void }[], next = 0): void {
    const line = script[next]
    if (line === undefined || this.#state.isOver) return
    this.#clock.after(line.atMs - this.#clock.nowMs(), () => {
      line.run()
      this.#play(script, next + 1)
    })
  }

  /** Numbers that the engine gave out are those of this run. */
  #enter(event: DialogueEvent): void {
    if (event.type === 'human-heard' && event.heard.type === 'transcript-final') {
      this.#happen({ ...event, heard: { ...event.heard, flushId: this.#humanFlushId } })
    } else this.#happen(event)
  }

  #happen(event: DialogueEvent): void {
    this.#queue.push(event)
    if (this.#isStepping) return
    this.#isStepping = true
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const before = this.#state
      if (before.isOver) continue
      const { state, actions } = step(before, next)
      this.#state = state
      this.steps.push({ event: next, before, actions })
      if (speechEdge({ event: next, before }) === 'start') this.#hearStart(next)
      for (const action of actions) this.#carryOut(action)
    }
    this.#isStepping = false
  }

  #carryOut(action: Action): void {
    switch (action.type) {
      case 'timer-set':
        return this.#setTimer(action.timer, action.atMs)
      case 'timer-clear':
        this.#timers.get(action.timer)?.()
        this.#timers.delete(action.timer)
        return
      case 'asr-flush':
        return this.#answerFlush(action.flushId)
      case 'asr-reset':
        return this.#forget()
      case 'human-asr-flush':
        this.#humanFlushId = action.flushId
        return
      case 'reply-start':
        return this.#answer(action)
      case 'reply-cancel':
        for (const cancel of this.#pendingReply.splice(0)) cancel()
        return
      case 'judge-start':
        return this.#judgeTurn(action)
      case 'judge-cancel':
        this.#pendingJudgement?.()
        return
      case 'tool-run':
        return this.#runTool(action)
      case 'segment-speak':
        return this.#playout.speak(action.segmentId, action.text)
      case 'playout-level':
        return this.#playout.setHeld(action.level === 'held')
      case 'speech-cancel':
        // First in line, as in a call: nothing else may happen before it is known what was said.
        this.#queue.unshift(this.#playout.cancel())
        return
      default:
    }
  }

  #after(delayMs: number, run: () => void): () => void {
    return this.#clock.after(delayMs, run)
  }

  #setTimer(timer: Timer, atMs: number): void {
    this.#timers.get(timer)?.()
    const cancel = this.#after(atMs - this.#clock.nowMs(), () => {
      this.#timers.delete(timer)
      const count = this.#fired.get(timer) ?? 0
      this.#fired.set(timer, count + 1)
      const chance = this.#evidence.chances.get(timer)?.[count] ?? 0.5
      this.#happen({ type: 'timer-fire', atMs: this.#clock.nowMs(), timer, chance })
    })
    this.#timers.set(timer, cancel)
  }

  #hearStart(event: DialogueEvent): void {
    const startMs = event.type === 'speech-start' ? event.onsetMs : event.atMs
    const { utterances } = this.#evidence
    const same = utterances.findIndex((one) => one.startMs === startMs)
    // Without the button that was pressed for it, speech begins later than the press.
    const isWithin = (one: Utterance): boolean => one.startMs <= startMs && startMs <= one.endMs
    const index = same >= 0 ? same : utterances.findIndex(isWithin)
    if (index >= 0) this.#heard = index + 1
  }

  #hearPartial(index: number, text: string): void {
    if (index < this.#forgotten || index >= this.#heard) return
    const all = join(this.#textUntil(index), text)
    this.#happen({ type: 'transcript-partial', atMs: this.#clock.nowMs(), text: all })
  }

  /** What the recogniser has made of the utterances before that one since it last forgot. */
  #textUntil(index: number): string {
    return this.#evidence.utterances
      .slice(this.#forgotten, index)
      .reduce((text, utterance) => join(text, utterance.text), '')
  }

  #answerFlush(flushId: number): void {
    const utterance = this.#evidence.utterances[this.#heard - 1]
    const text = this.#textUntil(this.#heard)
    const delayMs = utterance?.finalDelayMs ?? UNKNOWN_DELAY_MS
    const cancel = this.#after(delayMs, () =>
      this.#happen({ type: 'transcript-final', atMs: this.#clock.nowMs(), text, flushId }),
    )
    this.#pendingFinals.push(cancel)
  }

  /** What is being said just now is not forgotten: its words are still to come. */
  #forget(): void {
    for (const cancel of this.#pendingFinals.splice(0)) cancel()
    this.#forgotten = this.#state.isSpeechOn ? Math.max(0, this.#heard - 1) : this.#heard
  }

  #answer(action: Extract<Action, { readonly type: 'reply-start' }>): void {
    const { replyId, turnId, messages } = action
    const reply = this.#takeReply(messages.at(-1)?.content ?? '')
    if (reply === undefined) this.scripted.add(turnId)
    else if (!reply.isWhole) this.shortened.add(turnId)
    const { parts } = reply ?? this.#scriptedReply()
    for (const { afterMs, event } of parts) {
      this.#later(afterMs, (atMs) => ({ ...event, atMs, replyId }))
    }
    if (reply?.isWhole === false) {
      this.#later(parts.at(-1)?.afterMs ?? 0, (atMs) => ({ type: 'reply-end', atMs, replyId }))
    }
  }

  #later(delayMs: number, event: (atMs: number) => DialogueEvent): void {
    this.#pendingReply.push(this.#after(delayMs, () => this.#happen(event(this.#clock.nowMs()))))
  }

  /** The first recorded answer to that question that has not been used, a whole one if there is one. */
  #takeReply(question: string): RecordedReply | undefined {
    const fitting = this.#answers.filter((reply) => reply.question === question)
    const reply =
      fitting.find(({ isWhole }) => isWhole) ?? fitting.find(({ parts }) => parts.length > 0)
    if (reply !== undefined) this.#answers.splice(this.#answers.indexOf(reply), 1)
    return reply
  }

  /** A judge that was never asked about that text gives no answer: our word lists decide. */
  #judgeTurn({ judgeId, text }: Extract<Action, { readonly type: 'judge-start' }>): void {
    this.#pendingJudgement?.()
    const answer = this.#evidence.judgements.get(text)
    if (answer === undefined) return
    this.#pendingJudgement = this.#after(answer.delayMs, () =>
      this.#happen({ ...answer.event, atMs: this.#clock.nowMs(), judgeId }),
    )
  }

  #runTool(action: Extract<Action, { readonly type: 'tool-run' }>): void {
    const { toolCallId, turnId } = action
    const key = callKey(action)
    const count = this.#given.get(key) ?? 0
    this.#given.set(key, count + 1)
    const results = this.#evidence.toolResults.get(key) ?? []
    const answer = results[count] ?? results.at(-1)
    if (answer === undefined) this.scripted.add(turnId)
    const content = answer?.event.content ?? SCRIPTED_RESULT
    this.#after(answer?.delayMs ?? UNKNOWN_DELAY_MS, () =>
      this.#happen({ type: 'tool-result', atMs: this.#clock.nowMs(), toolCallId, content }),
    )
  }

  #scriptedReply(): Pick<RecordedReply, 'parts'> {
    const { replies } = this.#evidence
    const delays = replies.flatMap(({ parts }) => parts.slice(0, 1).map(({ afterMs }) => afterMs))
    const afterMs = median(delays) ?? UNKNOWN_DELAY_MS
    // As long as the others, so that it can be interrupted as they were.
    const lengths = replies.filter(({ isWhole }) => isWhole).map(lengthOf)
    const times = Math.round((median(lengths) ?? 0) / SCRIPTED_ANSWER.length)
    const text = Array.from({ length: Math.max(1, times) }, () => SCRIPTED_ANSWER).join(' ')
    // The number of the reply and the time are written in when it is given.
    const blank = { atMs: 0, replyId: 0 }
    return {
      parts: [
        { afterMs, event: { type: 'reply-delta', text, ...blank } },
        { afterMs, event: { type: 'reply-end', ...blank } },
      ],
    }
  }
}

const median = (values: readonly number[]): number | undefined =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]

const lengthOf = ({ parts }: RecordedReply): number =>
  parts.reduce((sum, { event }) => sum + (event.type === 'reply-delta' ? event.text.length : 0), 0)
