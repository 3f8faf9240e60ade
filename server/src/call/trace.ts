import { digestOf } from '../dialogue/digest.ts'
import type { Action, DialogueEvent } from '../dialogue/events.ts'
import type { DialogueSettings } from '../dialogue/settings.ts'
import type { DialoguePast } from '../dialogue/state.ts'
import type { CallRecord } from '../ports/call-record.ts'
import { TRACE_VERSION, type TraceHead } from '../schema/call-trace.ts'
import type { Config } from '../schema/effective-config.ts'
import { engineConfig } from './engine-fields.ts'

/** So much text waits for the next record of the call, in UTF-16 units; then it is stored by itself. */
const WAITING_LIMIT_CHARS = 16_384

/**
 * Writes down all that enters the engine, so that the call can be played again (`schema/call-trace.ts`). The
 * lines travel with the next record that the call stores anyway: whatever has been stored of a call, what led
 * to it is in the trace, and nobody waits for the trace itself.
 */
export class Trace {
  readonly #stretchMs: number
  readonly #config: () => string
  #lines: string[] = []
  #chars = 0

  constructor(options: {
    readonly wallOffsetMs: number
    /** Wall time now, ms. */
    readonly wallMs: number
    readonly settings: DialogueSettings
    readonly past?: DialoguePast | undefined
    /** The call's effective configuration, JSON text. */
    readonly config: () => string
  }) {
    this.#stretchMs = Math.round(options.wallMs)
    this.#config = options.config
    const head = {
      version: TRACE_VERSION,
      wallOffsetMs: options.wallOffsetMs,
      settings: options.settings,
      config: this.#engineConfig(),
      ...(options.past === undefined ? {} : { past: options.past }),
    }
    this.#add(JSON.stringify(head satisfies TraceHeadForm))
  }

  /** The event as the engine is to get it: with no more digits than anything depends on. */
  enter(event: DialogueEvent): DialogueEvent {
    const atMs = hundredths(event.atMs)
    switch (event.type) {
      case 'speech-start':
        return { ...event, atMs, onsetMs: hundredths(event.onsetMs) }
      case 'speech-end':
        return { ...event, atMs, endMs: hundredths(event.endMs) }
      case 'timer-fire':
        return { ...event, atMs, chance: Math.floor(event.chance * 1e6) / 1e6 }
      default:
        return { ...event, atMs }
    }
  }

  /** What happened, and what the engine decided. */
  add(event: DialogueEvent, actions: readonly Action[]): void {
    const digest = digestOf(actions)
    const { type, atMs, ...rest } = event
    const config = type === 'settings-change' ? { config: this.#engineConfig() } : {}
    this.#add(
      JSON.stringify({ type, atMs, ...rest, ...config, ...(digest === '' ? {} : { digest }) }),
    )
  }

  /** What waits, if `others` are stored anyway or too much waits. */
  recordWith(others: readonly CallRecord[]): readonly CallRecord[] {
    if (this.#chars === 0 || (others.length === 0 && this.#chars < WAITING_LIMIT_CHARS)) {
      return others
    }
    const lines = `${this.#lines.join('\n')}\n`
    this.#lines = []
    this.#chars = 0
    return [{ type: 'trace', stretchMs: this.#stretchMs, lines }, ...others]
  }

  #add(line: string): void {
    this.#lines.push(line)
    this.#chars += line.length
  }

  #engineConfig(): Config {
    return engineConfig(JSON.parse(this.#config()) as Config)
  }
}

const hundredths = (ms: number): number => Math.round(ms * 100) / 100

type TraceHeadForm = Omit<TraceHead, 'settings' | 'past'> & {
  readonly settings: DialogueSettings
  readonly past?: DialoguePast
}
