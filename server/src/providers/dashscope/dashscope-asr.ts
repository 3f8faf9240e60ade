import type { AsrEvents, AsrOptions, AsrProvider, AsrStream } from '../../ports/asr.ts'
import {
  DASHSCOPE_ASR_MODEL,
  dashScopeLanguages,
  languageCodes,
  languageIds,
} from '../../schema/asr-languages.ts'
import { LeadIn } from '../lead-in.ts'
import { memberOf } from '../provider-http.ts'
import { joinedText } from '../speech-text.ts'
import { TaskConnection, type DashScopeAccess, type TaskRequest } from './task-connection.ts'

export interface DashScopeAsrOptions extends DashScopeAccess {
  readonly model?: string
  /** Of a list of hot words made beforehand; only for the model it was made for. */
  readonly vocabularyId?: string
  /** Codes of the languages that the model knows, for models that are not known here. */
  readonly languages?: readonly string[]
}

/** Models that take `language_hints`. */
const WITH_HINTS = /^(paraformer-realtime-v2|fun-asr)/
/** Models that take hot words in the task itself. */
const WITH_VOCABULARY = /^qwen-audio-.*streaming/
/** The most that weighs a hot word. */
const HOT_WORD_WEIGHT = 5
/** The service fails a task that gets no sound for 23 s: it is ended before. */
const IDLE_MS = 10_000
/** Sound that waits for a task to start. Past it the oldest is dropped. */
const QUEUE_LIMIT_FRAMES = 1000

/** DashScope's realtime recognition. Each pause ends a task, which makes the service tell all it has heard. */
export function dashScopeAsr(options: DashScopeAsrOptions): AsrProvider {
  const model = options.model ?? DASHSCOPE_ASR_MODEL
  return {
    name: 'dashscope',
    languages: languageIds(options.languages ?? dashScopeLanguages(model)),
    open: (asked, events) => new Recognition(options, taskOf(options, model, asked), events),
  }
}

function taskOf(options: DashScopeAsrOptions, model: string, asked: AsrOptions): TaskRequest {
  const hints = WITH_HINTS.test(model) ? { language_hints: languageCodes(asked.languageId) } : {}
  const words = asked.hotWords.map((word) => [word, HOT_WORD_WEIGHT] as const)
  const hasWords = WITH_VOCABULARY.test(model) && words.length > 0
  return {
    task: 'asr',
    function: 'recognition',
    model,
    parameters: {
      format: 'pcm',
      sample_rate: 16_000,
      ...hints,
      ...(options.vocabularyId !== undefined && { vocabulary_id: options.vocabularyId }),
      ...(hasWords && { vocabulary: Object.fromEntries(words) }),
    },
  }
}

type Item =
  | { readonly type: 'sound'; readonly bytes: Uint8Array }
  | { readonly type: 'flush'; readonly flushId: number }

/** One call's speech, in the order in which it came. */
class Recognition implements AsrStream {
  readonly #options: DashScopeAsrOptions
  readonly #task: TaskRequest
  readonly #events: AsrEvents
  readonly #connection: TaskConnection
  #queue: Item[] = []
  readonly #leadIn = new LeadIn()
  /** Text of the tasks of this sentence that are over. */
  #before: string[] = []
  /** Text of the task at hand, by the number of each of its sentences, or the time at which it began. */
  readonly #sentences = new Map<number, string>()
  #lastPartial = ''
  /** The task at hand belongs to a sentence that was forgotten. */
  #isForgotten = false
  #cancelPump: (() => void) | undefined
  #cancelIdle: () => void = () => {}
  #hasNewSound = false
  #isClosed = false

  constructor(options: DashScopeAsrOptions, task: TaskRequest, events: AsrEvents) {
    this.#options = options
    this.#task = task
    this.#events = events
    this.#connection = new TaskConnection(options, 'the speech recogniser', {
      onStarted: () => {
        this.#watchForIdleness()
        this.#pump()
      },
      onResult: (output) => this.#onResult(output),
      onBytes: () => {},
      onFinished: () => this.#onFinished(),
      onFailed: (error) => {
        this.close()
        events.onError(error)
      },
    })
  }

  write(frame: Int16Array): void {
    if (this.#isClosed) return
    for (const sound of this.#leadIn.take(frame)) {
      this.#queue.push({ type: 'sound', bytes: new Uint8Array(sound.buffer) })
    }
    if (this.#queue.length > QUEUE_LIMIT_FRAMES) this.#dropOldest()
    this.#pump()
  }

  flush(flushId: number): void {
    if (this.#isClosed) return
    this.#queue.push({ type: 'flush', flushId })
    // What follows is sent only if it is not silence.
    this.#leadIn.startOver()
    this.#pumpSoon()
  }

  reset(): void {
    this.#queue = []
    this.#leadIn.clear()
    this.#before = []
    this.#sentences.clear()
    this.#lastPartial = ''
    this.#cancelPump?.()
    this.#cancelPump = undefined
    const { phase } = this.#connection
    if (phase === 'running') this.#connection.finish()
    this.#isForgotten = phase !== 'idle'
  }

  close(): void {
    if (this.#isClosed) return
    this.reset()
    this.#isClosed = true
    this.#cancelIdle()
    this.#connection.close()
  }

  #watchForIdleness(): void {
    this.#cancelIdle()
    this.#hasNewSound = false
    this.#cancelIdle = this.#options.clock.after(IDLE_MS, () => {
      if (this.#connection.phase !== 'running') return
      if (this.#hasNewSound) this.#watchForIdleness()
      else this.#connection.finish()
    })
  }

  /** No event may come while a method of the stream runs. */
  #pumpSoon(): void {
    this.#cancelPump ??= this.#options.clock.after(0, () => {
      this.#cancelPump = undefined
      this.#pump()
    })
  }

  /** Sends what waits as far as the connection takes it. */
  #pump(): void {
    while (!this.#isClosed) {
      const [item] = this.#queue
      const { phase } = this.#connection
      if (this.#isForgotten) {
        if (phase === 'running') this.#connection.finish()
        return
      }
      if (item === undefined || phase === 'starting' || phase === 'finishing') return
      if (item.type === 'sound') {
        if (phase === 'idle') return this.#connection.start(this.#task)
        this.#connection.sendBytes(item.bytes)
        this.#hasNewSound = true
        this.#queue.shift()
      } else if (phase === 'running') return this.#connection.finish()
      else if (this.#cancelPump === undefined) this.#answer()
      else return
    }
  }

  #answer(): void {
    const item = this.#queue.shift()
    if (item?.type === 'flush') this.#events.onFinal(joinedText(this.#before), item.flushId)
  }

  #onResult(output: unknown): void {
    const sentence = memberOf(output, 'sentence')
    const text = memberOf(sentence, 'text')
    const place = memberOf(sentence, 'sentence_id') ?? memberOf(sentence, 'begin_time')
    if (this.#isForgotten || memberOf(sentence, 'heartbeat') === true) return
    if (typeof text !== 'string' || typeof place !== 'number') return
    this.#sentences.set(place, text)
    this.#connection.keepWaiting()
    const partial = this.#text()
    const isAwaited = this.#queue.some((item) => item.type === 'flush')
    if (isAwaited || partial === '' || partial === this.#lastPartial) return
    this.#lastPartial = partial
    this.#events.onPartial(partial)
  }

  #onFinished(): void {
    this.#cancelIdle()
    if (this.#isForgotten) this.#isForgotten = false
    else {
      this.#before = [this.#text()].filter((text) => text !== '')
      this.#sentences.clear()
    }
    this.#pump()
  }

  #text(): string {
    const inOrder = [...this.#sentences].sort(([one], [other]) => one - other)
    return joinedText([...this.#before, ...inOrder.map(([, text]) => text)])
  }

  #dropOldest(): void {
    const oldest = this.#queue.findIndex((item) => item.type === 'sound')
    if (oldest >= 0) this.#queue.splice(oldest, 1)
  }
}
