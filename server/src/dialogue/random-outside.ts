import { Agenda, type Due } from './agenda.ts'
import type { Action, DialogueEvent, Timer } from './events.ts'
import { join } from './joined-text.ts'
import { RandomHuman } from './random-human.ts'
import type { Deed, Providers, ReplyPlan } from './random-plan.ts'
import { STALL_LIMIT_MS, type DialogueSettings } from './settings.ts'
import { initialState, isTakenOver, type DialogueState } from './state.ts'
import { step } from './step.ts'

export interface Noticed {
  readonly atMs: number
  readonly event: DialogueEvent
  readonly actions: readonly Action[]
}

interface ReplyUnderWay {
  readonly replyId: number
  due: Due | undefined
}

interface Piece {
  readonly segmentId: number
  readonly text: string
  /** `undefined`: it cannot be synthesised, which turns out then. */
  readonly lengthMs: number | undefined
  readonly readyMs: number
  playedMs: number
  sinceMs: number | undefined
  hasStarted: boolean
}

/** Why nobody is heard at the moment although somebody waits for an answer; '' when there is no good reason. */
export type SilenceReason =
  | 'agent'
  | 'user'
  | 'nobody there'
  | 'nothing asked'
  | 'recogniser'
  | 'model'
  | 'voice'
  | 'listening closely'
  | 'a human'
  | ''

/** The outside of the engine for random conversations: made for speed, and watched while it runs. */
export class RandomOutside {
  nowMs = 0
  state: DialogueState
  readonly steps: Noticed[] = []
  /** The longest stretch of silence without a reason, and when it ended. */
  worstSilence = { ms: 0, atMs: 0 }
  /** What must never be; the first of it. */
  broken: string | undefined
  readonly #providers: Providers
  readonly #agenda = new Agenda()
  readonly #queue: DialogueEvent[] = []
  readonly #timers = new Map<Timer, Due>()
  readonly #tools = new Set<string>()
  #pieces: Piece[] = []
  #playing: Due | undefined
  #level = 'full'
  #heard = ''
  #saying:
    | { readonly words: readonly string[]; readonly fromMs: number; readonly forMs: number }
    | undefined
  #finals: Due[] = []
  #isDeaf: boolean
  readonly #human = new RandomHuman({
    nowMs: () => this.nowMs,
    at: (atMs, run) => void this.#at(atMs, run),
    hear: (heard) => this.#send({ type: 'human-heard', atMs: this.nowMs, heard }),
    finalDelayMs: () => this.#providers.finalDelayMs(),
  })
  #reply: ReplyUnderWay | undefined
  /** When it gave something last, or something of it was heard to its end. */
  #replyLivelyMs: number | undefined
  /** What was heard of every piece of the agent's speech, by its number: whole characters. */
  readonly heardChars = new Map<number, number>()
  #judge: Due | undefined
  #isStepping = false
  #silentSinceMs: number | undefined

  constructor(settings: DialogueSettings, providers: Providers) {
    this.state = initialState(settings)
    this.#isDeaf = settings.isPushToTalk
    this.#providers = providers
  }

  /** Plays all deeds, and goes on until so long after the last of them. */
  run(deeds: readonly Deed[], afterwardsMs: number): void {
    this.#send({ type: 'agent-ready', atMs: 0 })
    this.#send({ type: 'user-join', atMs: 0, userId: 'u' })
    for (const deed of deeds) {
      if (deed.type === 'event') this.#at(deed.atMs, () => this.#send(deed.make(this.nowMs)))
      else if (deed.type === 'human-speak') this.#human.speak(deed)
      else this.#speech(deed.atMs, deed.forMs, deed.words)
    }
    const untilMs = (deeds.at(-1)?.atMs ?? 0) + afterwardsMs
    for (
      let due = this.#agenda.next(untilMs);
      due !== undefined;
      due = this.#agenda.next(untilMs)
    ) {
      this.nowMs = due.atMs
      const { run } = due
      due.run = undefined
      run?.()
    }
  }

  /** What still runs; nothing may after the end of a call. */
  get leftovers(): readonly string[] {
    return [
      ...[...this.#timers.keys()].map((timer) => `timer ${timer}`),
      ...(this.#reply === undefined ? [] : ['a reply']),
      ...(this.#pieces.length === 0 ? [] : ['speech']),
      ...(this.#judge === undefined ? [] : ['a judgement']),
    ]
  }

  #at(atMs: number, run: () => void): Due {
    return this.#agenda.add(Math.max(atMs, this.nowMs), run)
  }

  #send(event: DialogueEvent): void {
    this.#queue.push(event)
    if (this.#isStepping) return
    this.#isStepping = true
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (this.state.isOver) break
      const { state, actions } = step(this.state, next)
      this.state = state
      this.steps.push({ atMs: this.nowMs, event: next, actions })
      for (const action of actions) this.#carryOut(action)
    }
    this.#queue.length = 0
    this.#isStepping = false
    this.#watch()
  }

  #carryOut(action: Action): void {
    switch (action.type) {
      case 'timer-set':
        this.#clearTimer(action.timer)
        this.#timers.set(
          action.timer,
          this.#at(action.atMs, () => this.#fire(action.timer)),
        )
        return
      case 'timer-clear':
        return this.#clearTimer(action.timer)
      case 'asr-flush':
        return this.#flush(action.flushId)
      case 'asr-reset':
        this.#heard = ''
        for (const due of this.#finals.splice(0)) due.run = undefined
        return
      case 'ear-mode':
        this.#isDeaf = action.mode === 'closed'
        return
      case 'human-asr-flush':
        return this.#human.flush(action.flushId)
      case 'human-asr-reset':
        return this.#human.reset()
      case 'reply-start':
        return this.#answer(action)
      case 'reply-cancel':
        if (this.#reply?.due !== undefined) this.#reply.due.run = undefined
        this.#reply = undefined
        return
      case 'segment-speak':
        return this.#speak(action.segmentId, action.text)
      case 'speech-cancel':
        this.#queue.unshift(this.#cancelSpeech())
        return
      case 'playout-level':
        return this.#setLevel(action.level)
      case 'judge-start':
        return this.#startJudge(action.judgeId)
      case 'judge-cancel':
        if (this.#judge !== undefined) this.#judge.run = undefined
        this.#judge = undefined
        return
      case 'tool-run':
        return this.#runTool(action.toolCallId, action.name)
      default:
    }
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer)
    this.#send({ type: 'timer-fire', atMs: this.nowMs, timer, chance: this.#providers.chance() })
  }

  #clearTimer(timer: Timer): void {
    const due = this.#timers.get(timer)
    if (due !== undefined) due.run = undefined
    this.#timers.delete(timer)
  }

  #speech(atMs: number, forMs: number, words: string): void {
    const spoken = { words: words.split(' ').filter(Boolean), fromMs: atMs, forMs }
    const partialMs = this.#providers.partialDelayMs()
    this.#at(atMs, () => {
      this.#saying = spoken
    })
    this.#at(atMs + 60, () => this.#send({ type: 'speech-start', atMs: this.nowMs, onsetMs: atMs }))
    for (let delayMs = partialMs; delayMs < forMs; delayMs += 700) {
      this.#at(atMs + delayMs, () => {
        const text = join(this.#heard, this.#saidSoFar())
        const isHeard = text !== '' && !this.#isDeaf
        if (isHeard) this.#send({ type: 'transcript-partial', atMs: this.nowMs, text })
      })
    }
    this.#at(atMs + forMs + 100, () => {
      if (!this.#isDeaf) this.#heard = join(this.#heard, words)
      this.#saying = undefined
      this.#send({ type: 'speech-end', atMs: this.nowMs, endMs: atMs + forMs })
    })
  }

  #saidSoFar(): string {
    if (this.#saying === undefined) return ''
    const { words, fromMs, forMs } = this.#saying
    const share = (this.nowMs - fromMs) / forMs
    return words.slice(0, Math.max(1, Math.floor(words.length * share))).join(' ')
  }

  #flush(flushId: number): void {
    const text = this.#heard
    const delayMs = this.#providers.finalDelayMs()
    if (delayMs === undefined) return
    const due = this.#at(this.nowMs + delayMs, () =>
      this.#send({ type: 'transcript-final', atMs: this.nowMs, text, flushId }),
    )
    this.#finals.push(due)
  }

  #answer(action: Extract<Action, { readonly type: 'reply-start' }>): void {
    const { replyId, messages } = action
    if (this.#reply !== undefined) this.broken ??= `${this.nowMs}: two replies at once`
    const plan = this.#providers.reply(messages.at(-1)?.content ?? '')
    const reply: ReplyUnderWay = { replyId, due: undefined }
    this.#reply = reply
    this.#replyLivelyMs = undefined
    this.#giveReply(reply, plan, 0, plan.firstMs)
  }

  /** Its piece of that number after a delay, then the rest. */
  #giveReply(reply: ReplyUnderWay, plan: ReplyPlan, index: number, delayMs: number): void {
    reply.due = this.#at(this.nowMs + delayMs, () => {
      const { replyId } = reply
      const atMs = this.nowMs
      if (plan.failsAfter === index) {
        this.#reply = undefined
        this.#send({ type: 'reply-error', atMs, replyId, isRetryable: plan.isRetryable })
        return
      }
      const text = plan.pieces[index]
      if (text === undefined) {
        this.#reply = undefined
        if (plan.tool !== undefined) {
          this.#send({ type: 'reply-tool-call', atMs, replyId, name: plan.tool, arguments: '{}' })
        }
        this.#send({ type: 'reply-end', atMs, replyId })
        return
      }
      this.#replyLivelyMs = atMs
      const stallMs = plan.stallsAfter === index + 1 ? (plan.stallMs ?? 0) : 0
      // Before the piece is told: what comes of it may give the reply up.
      this.#giveReply(reply, plan, index + 1, plan.gapMs + stallMs)
      this.#send({ type: 'reply-delta', atMs, replyId, text })
    })
  }

  #startJudge(judgeId: number): void {
    if (this.#judge !== undefined) this.#judge.run = undefined
    const delayMs = this.#providers.judgeDelayMs()
    if (delayMs === undefined) return
    const verdict = this.#providers.verdict()
    this.#judge = this.#at(this.nowMs + delayMs, () => {
      this.#judge = undefined
      const judged = verdict === undefined ? {} : { verdict }
      this.#send({ type: 'turn-judged', atMs: this.nowMs, judgeId, ...judged })
    })
  }

  #runTool(toolCallId: string, name: string): void {
    this.#tools.add(toolCallId)
    this.#at(this.nowMs + this.#providers.toolDelayMs(), () => {
      this.#tools.delete(toolCallId)
      const content = `the result of ${name}`
      this.#send({ type: 'tool-result', atMs: this.nowMs, toolCallId, content })
    })
  }

  #speak(segmentId: number, text: string): void {
    const synthesisMs = this.#providers.synthesisMs()
    this.#pieces.push({
      segmentId,
      text,
      lengthMs: synthesisMs === undefined ? undefined : text.length * this.#providers.msPerChar,
      readyMs: this.nowMs + (synthesisMs ?? 200),
      playedMs: 0,
      sinceMs: undefined,
      hasStarted: false,
    })
    this.#schedule()
  }

  #setLevel(level: string): void {
    const [piece] = this.#pieces
    if (level === 'held' && piece?.sinceMs !== undefined) {
      piece.playedMs += this.nowMs - piece.sinceMs
      piece.sinceMs = undefined
    }
    this.#level = level
    this.#schedule()
  }

  #schedule(): void {
    if (this.#playing !== undefined) this.#playing.run = undefined
    this.#playing = undefined
    const [piece] = this.#pieces
    if (piece === undefined || this.#level === 'held') return
    // It goes on where it was stopped.
    if (piece.hasStarted) piece.sinceMs ??= this.nowMs
    const dueMs =
      piece.sinceMs === undefined || piece.lengthMs === undefined
        ? piece.readyMs
        : piece.sinceMs + piece.lengthMs - piece.playedMs
    this.#playing = this.#at(dueMs, () => this.#play(piece))
  }

  #play(piece: Piece): void {
    const { segmentId, lengthMs } = piece
    if (lengthMs === undefined || piece.sinceMs !== undefined) {
      this.#pieces.shift()
      if (this.#replyLivelyMs !== undefined) this.#replyLivelyMs = this.nowMs
      this.heardChars.set(segmentId, lengthMs === undefined ? 0 : piece.text.length)
      this.#schedule()
      this.#send({ type: 'segment-end', atMs: this.nowMs, segmentId })
      return
    }
    piece.sinceMs = this.nowMs
    piece.hasStarted = true
    this.#schedule()
    this.#send({ type: 'segment-start', atMs: this.nowMs, segmentId })
  }

  #cancelSpeech(): DialogueEvent {
    const [piece] = this.#pieces
    this.#pieces = []
    this.#schedule()
    const cancelled = { type: 'speech-cancelled', atMs: this.nowMs } as const
    if (piece?.hasStarted !== true) return { ...cancelled, spokenChars: 0 }
    const playedMs = piece.playedMs + (piece.sinceMs === undefined ? 0 : this.nowMs - piece.sinceMs)
    const spokenChars = Math.round(playedMs / this.#providers.msPerChar)
    this.heardChars.set(piece.segmentId, spokenChars)
    return { ...cancelled, segmentId: piece.segmentId, spokenChars }
  }

  /** Silence counts from when its last reason went until anything gives one again. */
  #watch(): void {
    const isUnexplained = this.#silenceReason() === ''
    if (this.#silentSinceMs !== undefined) {
      const ms = this.nowMs - this.#silentSinceMs
      if (ms > this.worstSilence.ms) this.worstSilence = { ms, atMs: this.nowMs }
    }
    if (!isUnexplained) this.#silentSinceMs = undefined
    else this.#silentSinceMs ??= this.nowMs
  }

  /** One that has begun to answer is not waited for as long as one that has not. */
  #isModelAwaited(): boolean {
    const { nowMs } = this
    return this.#reply !== undefined && nowMs - (this.#replyLivelyMs ?? nowMs) <= STALL_LIMIT_MS
  }

  #silenceReason(): SilenceReason {
    const { speech, waiting, users, sentence, suspicion, settings, isOver } = this.state
    if (isOver || users.length === 0) return 'nobody there'
    if (this.state.isSpeechOn || this.#saying !== undefined) return 'user'
    const [piece] = this.#pieces
    if (piece?.sinceMs !== undefined) return 'agent'
    if (isTakenOver(this.state)) return 'a human'
    if (suspicion !== undefined) return 'listening closely'
    if (sentence !== undefined) {
      const isJudging = this.#timers.has('more-speech') || this.#timers.has('judge')
      const since = sentence.endMs ?? sentence.onsetMs
      if (isJudging || this.nowMs - since < settings.silenceMs + 100) return 'listening closely'
      if (this.#timers.has('final-wait') || sentence.flushId !== undefined) return 'recogniser'
    }
    if (this.#tools.size > 0 || this.#isModelAwaited()) return 'model'
    if (piece !== undefined && piece.readyMs > this.nowMs) return 'voice'
    if (speech === undefined && waiting === undefined) return 'nothing asked'
    return ''
  }
}
