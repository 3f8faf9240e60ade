import type { Clock } from '../base/clock.ts'
import type { Action, DialogueEvent } from '../dialogue/events.ts'
import type { CallRecord, ProviderPart } from '../ports/call-record.ts'
import type { LlmProvider } from '../ports/llm.ts'
import type { RecordedFile, Recordings } from '../ports/recordings.ts'
import type { TtsProvider } from '../ports/tts.ts'
import { CallbackCode, callRecorded, type CallbackEvent } from '../schema/callback-event.ts'
import type { CallEvents, CallOptions } from './call-options.ts'
import type { Outbox } from './outbox.ts'

type Note = Extract<Action, { readonly type: 'note-sentence' }>['sentence']

/**
 * What of a running call is told to its agent's callback address beyond what the call's records say: the steps of
 * the workflow, faults, messages of clients. Whether anybody wants to hear of it is decided where it is stored.
 */
export class CallbackNews {
  readonly #channelId: string
  readonly #clock: Clock
  readonly #outbox: Outbox
  readonly #events: CallEvents
  readonly #isOver: () => boolean
  /** Sentences whose recordings are being written, by `entryId`. */
  readonly #sentences = new Map<number, Note>()
  #isRecorded = false
  /** The newest turn of which each was told. */
  #detectedTurn = 0
  #soundedTurn = 0
  #llmFault = ''

  constructor(options: {
    readonly channelId: string
    readonly clock: Clock
    readonly outbox: Outbox
    readonly events: CallEvents
    readonly isOver: () => boolean
  }) {
    this.#channelId = options.channelId
    this.#clock = options.clock
    this.#outbox = options.outbox
    this.#events = options.events
    this.#isOver = options.isOver
  }

  /** What one step of the engine has to tell, in order. */
  of(event: DialogueEvent, actions: readonly Action[]): readonly CallRecord[] {
    for (const action of this.#isRecorded ? actions : []) {
      if (action.type !== 'note-sentence' || !action.sentence.isFinal) continue
      this.#sentences.set(action.sentence.entryId, action.sentence)
    }
    const notes = actions.flatMap((action) =>
      action.type === 'note-sentence' ? this.#intents(action.sentence) : this.#begun(action),
    )
    if (event.type === 'agent-ready')
      return [{ type: 'ready', atMs: this.#clock.wallMs() }, ...notes]
    const timer = event.type === 'timer-fire' ? event.timer : undefined
    const isStalled = timer === 'stall' && actions.some(({ type }) => type === 'reply-cancel')
    const isLate = timer === 'first-token' || isStalled
    if (event.type !== 'reply-error' && !isLate) return notes
    // Asked once more, or only asked ahead of the turn's end: nothing is lost yet.
    const isHarmless = actions.length === 0 || actions.some(isAskedAgain)
    if (isHarmless) return notes
    if (isStalled) this.#llmFault = 'it stopped in the middle of its answer'
    else if (isLate) this.#llmFault = 'it gave nothing for too long'
    return [...notes, this.#fault(CallbackCode.llmFailed, `language model: ${this.#llmFault}`)]
  }

  /** A client's message to the server. */
  custom(message: string): void {
    this.#tell({ name: 'client_defined_data', message: 'A client sent this.', data: { message } })
  }

  asrFailed(): void {
    this.#record([this.#fault(CallbackCode.asrFailed, 'speech recognition failed')])
  }

  /** For the statistics; nobody is called about it. */
  providerFailed(part: ProviderPart, provider: string): void {
    this.#record([{ type: 'provider-failure', atMs: this.#clock.wallMs(), part, provider }])
  }

  #begun(action: Action): readonly CallRecord[] {
    if (action.type !== 'note-first-token') return []
    const askedMs = action.askedMs + this.#clock.wallMs() - this.#clock.nowMs()
    return [this.#step('llm_data_received', action.turnId, askedMs)]
  }

  /** The same provider; what goes wrong is kept, to be told when it matters. */
  watchLlm(llm: LlmProvider): LlmProvider {
    return {
      name: llm.name,
      start: (request, events) => {
        return llm.start(request, {
          ...events,
          onError: (error) => {
            this.#llmFault = error.message
            this.providerFailed('llm', llm.name)
            events.onError(error)
          },
        })
      },
    }
  }

  /** The same voice and recordings; what comes of them is told. */
  watchSound(options: CallOptions): {
    readonly tts: TtsProvider
    readonly recordings?: Recordings
  } {
    const { providers, recordings } = options
    const tts = this.#watchTts(providers.tts)
    if (recordings === undefined) return { tts }
    const open: Recordings['open'] = (instanceId, onError) => {
      this.#isRecorded = true
      return recordings.open(instanceId, onError, (file) => this.#recorded(file))
    }
    return { tts, recordings: { ...recordings, open } }
  }

  /** A file is complete. The last ones are when the call is over: they are stored without it. */
  #recorded(file: RecordedFile): void {
    const { kind, fileName, entryId = 0, durationMs } = file
    if (kind === 'call') {
      this.#keep({ type: 'event', event: callRecorded(file, this.#clock.wallMs()) })
      return
    }
    const sentence = this.#sentences.get(entryId)
    this.#sentences.delete(entryId)
    if (sentence === undefined) return
    const { role, text, turnId } = sentence
    const sound = { file: fileName, durationMs: Math.round(durationMs) }
    const data = { role, text, sentence_id: turnId, ...sound }
    this.#keep(this.#event({ name: 'audio_record', message: 'A sentence was recorded.', data }))
  }

  #keep(record: CallRecord): void {
    this.#events.onRecord(0, [record])
  }

  /** The same provider; the first sound of each turn is told, and what cannot be said. */
  #watchTts(tts: TtsProvider): TtsProvider {
    return {
      name: tts.name,
      voices: tts.voices,
      defaultVoiceId: tts.defaultVoiceId,
      speak: (request, events) => {
        const askedMs = this.#clock.wallMs()
        const turnId = request.extendData?.sentenceId ?? 0
        return tts.speak(request, {
          ...events,
          onAudio: (pcm, sampleRateHz) => {
            if (turnId > this.#soundedTurn) {
              this.#soundedTurn = turnId
              this.#workflow('tts_data_received', turnId, askedMs)
            }
            events.onAudio(pcm, sampleRateHz)
          },
          onError: (error) => {
            this.providerFailed('tts', tts.name)
            this.#record([
              this.#fault(CallbackCode.ttsFailed, `speech synthesis: ${error.message}`),
            ])
            events.onError(error)
          },
        })
      },
    }
  }

  #record(records: readonly CallRecord[]): void {
    if (!this.#isOver()) this.#outbox.record(records)
  }

  #intents({ role, turnId, text, beginMs, isFinal }: Note): readonly CallRecord[] {
    if (role !== 'user' || text === '') return []
    const spokeMs = beginMs + this.#clock.wallMs() - this.#clock.nowMs()
    const isNew = turnId > this.#detectedTurn
    this.#detectedTurn = Math.max(this.#detectedTurn, turnId)
    return [
      ...(isNew ? [this.#step('intent_detected', turnId, spokeMs)] : []),
      ...(isFinal ? [this.#step('intent_recognized', turnId, spokeMs)] : []),
    ]
  }

  #workflow(name: CallbackEvent['name'], turnId: number, askedMs: number): void {
    this.#record([this.#step(name, turnId, askedMs)])
  }

  /** A step of the workflow that has just been done. */
  #step(name: CallbackEvent['name'], turnId: number, requestedMs: number): CallRecord {
    const extendData = {
      channelId: this.#channelId,
      sentenceId: turnId,
      requestTimestamp: String(Math.round(requestedMs)),
      responseTimestamp: String(Math.round(this.#clock.wallMs())),
    }
    return this.#event({ name, message: STEPS[name] ?? name, extendData })
  }

  #fault(code: number, message: string): CallRecord {
    return this.#event({ name: 'error', code, message })
  }

  #tell(event: Omit<CallbackEvent, 'atMs' | 'code'>): void {
    this.#record([this.#event(event)])
  }

  #event(event: Omit<CallbackEvent, 'atMs' | 'code'> & { readonly code?: number }): CallRecord {
    const atMs = this.#clock.wallMs()
    return { type: 'event', event: { code: CallbackCode.normal, atMs, ...event } }
  }
}

const isAskedAgain = (action: Action): boolean =>
  action.type === 'reply-start' ||
  (action.type === 'note-decision' && action.decision.kind === 'speculation')

const STEPS: Readonly<Partial<Record<CallbackEvent['name'], string>>> = {
  intent_detected: 'The user has begun to say something.',
  intent_recognized: 'The user has said something.',
  llm_data_received: 'The language model has begun to answer.',
  tts_data_received: 'The first sound of the answer is there.',
}
