import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Result } from '../base/result.ts'
import type { DialoguePast } from '../dialogue/state.ts'
import type { AsrProvider } from '../ports/asr.ts'
import type { CallRecord } from '../ports/call-record.ts'
import type { CallSpec } from '../ports/calls.ts'
import type { LlmProvider } from '../ports/llm.ts'
import type { Recordings } from '../ports/recordings.ts'
import type { Sounds } from '../ports/sounds.ts'
import type { TtsProvider } from '../ports/tts.ts'
import type { ToolRunner } from '../ports/tools.ts'
import type { TurnJudge } from '../ports/turn-judge.ts'
import type { VadProvider } from '../ports/vad.ts'
import type { Envelope } from '../schema/messages.ts'

export interface CallProviders {
  readonly asr: AsrProvider
  /** The recogniser for another `AsrLanguageId`; the error is for the operator. None: `asr` serves those it knows. */
  readonly asrIn?: (languageId: string) => Result<AsrProvider, string>
  readonly llm: LlmProvider
  readonly tts: TtsProvider
  readonly vad: VadProvider
  /** A better judge of turns than the language model. */
  readonly turnJudge?: TurnJudge
}

export interface CallEvents {
  /** Asks for records to be stored; answered by `Call.stored(seq)`. */
  onRecord(seq: number, records: readonly CallRecord[]): void
  /** A message for the channel's users, or for one of them. */
  onMessage(message: Pick<Envelope, 'type' | 'data'>, userId?: string): void
  /** The call is over, everything stored and told. Once. */
  onEnd(): void
}

export interface CallOptions {
  readonly spec: CallSpec
  readonly providers: CallProviders
  readonly clock: Clock
  readonly log: Log
  readonly events: CallEvents
  readonly past?: DialoguePast
  /** None: sounds that are asked for cannot be had. */
  readonly sounds?: Sounds
  /** None: nothing is recorded. */
  readonly recordings?: Recordings
  /** None: the functions that an agent declares cannot be called. */
  readonly tools?: ToolRunner
  /** A number in [0, 1), for what is left to chance. */
  readonly chance: () => number
  /** A new token of this call's channel for that user. */
  readonly makeToken: (userId: string) => string
}
