import type { Action, DialogueEvent, Timer } from './events.ts'
import type { DialogueSettings } from './settings.ts'
import { initialState, type DialogueState } from './state.ts'
import { step } from './step.ts'
import { ACKNOWLEDGEMENTS, type Verdict } from './turn-judge.ts'

/** Settings of a plain call, for stories. */
export const PLAIN: DialogueSettings = {
  silenceMs: 400,
  mergesSentences: true,
  isPushToTalk: false,
  turnDetection: { isSemantic: false, endWords: [] },
  isVoiceInterruptOn: true,
  acknowledgements: ACKNOWLEDGEMENTS,
  interruptWords: [],
  keepsInterruptWords: false,
  uninterruptedSpeech: 'cache',
  bargeInMs: 160,
  stopsOnTextOnly: false,
  hasOpeningSound: false,
  greeting: '',
  greetingDelayMs: 0,
  wakeUpQuery: '',
  systemPrompt: '',
  initialHistory: [],
  historyLimitTurns: 10,
  isHistorySynced: false,
  tellsCompleteReply: false,
  outputMinChars: 0,
  outputMaxDelayMs: 0,
  breaksAnywhere: false,
  backchannels: [],
  hangUpFunctions: ['hangup'],
  apology: '',
  userOnlineTimeoutMs: 60_000,
  userOfflineTimeoutMs: 5000,
  maxIdleMs: 600_000,
  isGracefulShutdown: false,
}

/** What the user (or the machine) does in a story. `say` is speech with the text it is recognised as. */
export type Happening =
  | { readonly atMs: number; readonly say: string; readonly forMs: number }
  /** Something that the VAD takes for speech and the recogniser does not. */
  | { readonly atMs: number; readonly noiseForMs: number }
  | DialogueEvent

/** How the simulated outside behaves. */
export interface World {
  /** What the model answers; `undefined` = it never does. */
  readonly reply?: (
    question: string,
    messages: readonly { content: string }[],
  ) => string | undefined
  readonly replyDelayMs?: number
  /** Function the model calls after its text. */
  readonly toolCall?: string
  /** What a judge says of every turn; absent, it fails. */
  readonly verdict?: Verdict
  /** Absent: there is no judge. */
  readonly judgeDelayMs?: number
  /** The model's first so many requests fail. */
  readonly failures?: number
  readonly msPerChar?: number
  readonly partialDelayMs?: number
  readonly finalDelayMs?: number
  readonly untilMs?: number
}

interface Due {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

interface Piece {
  readonly segmentId: number
  readonly text: string
  playedMs: number
  hasStarted: boolean
}

const TICK_MS = 20

/** The outside of the engine, simulated: timers, recogniser, model and playout in virtual time. */
class Outside {
  nowMs = 0
  state: DialogueState
  readonly story: string[] = []
  readonly log: { readonly action: Action; readonly isJoin: boolean }[] = []
  readonly #world: World
  readonly #due: Due[] = []
  readonly #queue: DialogueEvent[] = []
  readonly #timers = new Map<Timer, Due>()
  #pieces: Piece[] = []
  #level = 'full'
  #heard = ''
  #replyRun = 0
  #judging = 0
  #failures: number
  #order = 0

  constructor(settings: DialogueSettings, world: World) {
    this.state = initialState(settings)
    this.#world = world
    this.#failures = world.failures ?? 0
  }

  at(atMs: number, run: () => void): Due {
    const due = { atMs, order: this.#order++, run }
    this.#due.push(due)
    return due
  }

  /** Like a call does it: what comes of an action waits until all actions of the step are carried out. */
  send(event: DialogueEvent): void {
    this.#queue.push(event)
    if (this.#queue.length > 1) return
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const { state, actions } = step(this.state, next)
      this.state = state
      const isJoin = next.type === 'user-join' || next.type === 'state-query'
      for (const action of actions) {
        this.log.push({ action, isJoin })
        this.#carryOut(action)
      }
      this.#queue.shift()
    }
  }

  happen(happening: Happening): void {
    if ('say' in happening) this.#speech(happening.atMs, happening.forMs, happening.say)
    else if ('noiseForMs' in happening) this.#speech(happening.atMs, happening.noiseForMs, '')
    else this.at(happening.atMs, () => this.send(happening))
  }

  run(untilMs: number): void {
    for (; this.nowMs <= untilMs; this.nowMs += TICK_MS) {
      this.#fireDue()
      this.#playOut()
    }
  }

  #speech(atMs: number, forMs: number, text: string): void {
    const endMs = atMs + forMs
    const partialMs = atMs + (this.#world.partialDelayMs ?? 500)
    this.at(atMs + 60, () => this.send({ type: 'speech-start', atMs: this.nowMs, onsetMs: atMs }))
    if (text !== '' && partialMs < endMs) {
      this.at(partialMs, () => {
        if (this.state.earMode === 'closed') return
        const partial = [this.#heard, text.split(' ')[0]].filter(Boolean).join(' ')
        this.send({ type: 'transcript-partial', atMs: this.nowMs, text: partial })
      })
    }
    this.at(endMs + 100, () => {
      if (this.state.earMode !== 'closed')
        this.#heard = [this.#heard, text].filter(Boolean).join(' ')
      this.send({ type: 'speech-end', atMs: this.nowMs, endMs })
    })
  }

  #fireDue(): void {
    for (;;) {
      const next = this.#due
        .filter((due) => due.atMs <= this.nowMs)
        .sort((one, other) => one.atMs - other.atMs || one.order - other.order)[0]
      if (next === undefined) return
      this.#due.splice(this.#due.indexOf(next), 1)
      next.run()
    }
  }

  #playOut(): void {
    if (this.#level === 'held') return
    const [piece] = this.#pieces
    if (piece === undefined) return
    if (!piece.hasStarted) {
      piece.hasStarted = true
      this.send({ type: 'segment-start', atMs: this.nowMs, segmentId: piece.segmentId })
    }
    piece.playedMs += TICK_MS
    if (piece.playedMs < piece.text.length * this.#msPerChar) return
    this.#pieces.shift()
    this.send({ type: 'segment-end', atMs: this.nowMs, segmentId: piece.segmentId })
  }

  get #msPerChar(): number {
    return this.#world.msPerChar ?? 60
  }

  #carryOut(action: Action): void {
    this.#tell(action)
    switch (action.type) {
      case 'timer-set':
        this.#clearTimer(action.timer)
        this.#timers.set(
          action.timer,
          this.at(action.atMs, () =>
            this.send({ type: 'timer-fire', atMs: this.nowMs, timer: action.timer, chance: 0.3 }),
          ),
        )
        return
      case 'timer-clear':
        this.#clearTimer(action.timer)
        return
      case 'asr-flush':
        this.#answerFlush(action.flushId, this.#heard)
        return
      case 'judge-start':
        return this.#judge(action.judgeId)
      case 'judge-cancel':
        this.#judging += 1
        return
      case 'asr-reset':
        this.#heard = ''
        return
      case 'reply-start':
        this.#reply(action)
        return
      case 'reply-cancel':
        this.#replyRun += 1
        return
      case 'segment-speak':
        this.#pieces.push({ ...action, playedMs: 0, hasStarted: false })
        return
      case 'speech-cancel': {
        const [piece] = this.#pieces
        this.#pieces = []
        const spokenChars = Math.round((piece?.playedMs ?? 0) / this.#msPerChar)
        const where = piece?.hasStarted === true ? { segmentId: piece.segmentId } : {}
        const cancelled = { type: 'speech-cancelled' as const, atMs: this.nowMs, spokenChars }
        this.#queue.splice(1, 0, { ...cancelled, ...where })
        return
      }
      case 'playout-level':
        this.#level = action.level
        return
      default:
    }
  }

  #clearTimer(timer: Timer): void {
    const due = this.#timers.get(timer)
    if (due !== undefined && this.#due.includes(due)) this.#due.splice(this.#due.indexOf(due), 1)
    this.#timers.delete(timer)
  }

  #answerFlush(flushId: number, text: string): void {
    this.at(this.nowMs + (this.#world.finalDelayMs ?? 80), () =>
      this.send({ type: 'transcript-final', atMs: this.nowMs, text, flushId }),
    )
  }

  #judge(judgeId: number): void {
    const { verdict, judgeDelayMs } = this.#world
    const judging = ++this.#judging
    if (judgeDelayMs === undefined) return
    this.at(this.nowMs + judgeDelayMs, () => {
      if (judging !== this.#judging) return
      const judged = verdict === undefined ? {} : { verdict }
      this.send({ type: 'turn-judged', atMs: this.nowMs, judgeId, ...judged })
    })
  }

  #reply(action: Extract<Action, { readonly type: 'reply-start' }>): void {
    const { replyId, messages } = action
    const run = ++this.#replyRun
    const text = this.#world.reply?.(messages.at(-1)?.content ?? '', messages)
    this.at(this.nowMs + (this.#world.replyDelayMs ?? 200), () => {
      if (run !== this.#replyRun) return
      const atMs = this.nowMs
      if (this.#failures > 0) {
        this.#failures -= 1
        this.send({ type: 'reply-error', atMs, replyId, isRetryable: true })
        return
      }
      if (text === undefined) return
      for (const word of text.match(/\S+\s*/g) ?? []) {
        this.send({ type: 'reply-delta', atMs, replyId, text: word })
      }
      const { toolCall } = this.#world
      if (toolCall !== undefined)
        this.send({ type: 'reply-tool-call', atMs, replyId, name: toolCall })
      this.send({ type: 'reply-end', atMs, replyId })
    })
  }

  #tell(action: Action): void {
    const line = lineOf(action)
    if (line !== undefined) this.story.push(`${this.nowMs} ${line}`)
  }
}

/** What of an action somebody outside would notice. */
function lineOf(action: Action): string | undefined {
  switch (action.type) {
    case 'tell-phase':
      return action.phase
    case 'tell-user-subtitle':
      return action.isEnd ? `user ${action.turnId}: ${action.text}` : undefined
    case 'tell-agent-subtitle':
      return action.text === '' ? undefined : `agent ${action.turnId}: ${action.text.trim()}`
    case 'segment-speak':
      return action.soundId === undefined ? undefined : `sound ${action.soundId} wanted`
    case 'tell-interrupted':
      return `interrupted ${action.reason}`
    case 'playout-level':
      return `sound ${action.level}`
    case 'backchannel-say':
      return `softly: ${action.text}`
    case 'tell-reply-complete':
      return `complete ${action.turnId}: ${action.text}`
    case 'tell-leaving':
      return `leaving ${action.reason}`
    case 'end':
      return `end ${action.reason}`
    case 'reply-start':
      return `ask: ${action.messages.at(-1)?.content ?? ''}`
    default:
      return undefined
  }
}

/**
 * Plays a story in virtual time: the agent is ready at 0, the user `u` joins at 0. Gives back what somebody
 * outside would notice, a line each with its time in ms, and the engine's state at the end.
 */
export function play(
  settings: Partial<DialogueSettings>,
  happenings: readonly Happening[],
  world: World = {},
): {
  readonly story: readonly string[]
  readonly state: DialogueState
  /** Every action, and whether it answers a user who joined. */
  readonly log: readonly { readonly action: Action; readonly isJoin: boolean }[]
} {
  const outside = new Outside({ ...PLAIN, ...settings }, world)
  outside.happen({ type: 'agent-ready', atMs: 0 })
  outside.happen({ type: 'user-join', atMs: 0, userId: 'u' })
  for (const happening of happenings) outside.happen(happening)
  outside.run(world.untilMs ?? 20_000)
  return { story: outside.story, state: outside.state, log: outside.log }
}
