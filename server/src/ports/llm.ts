import type { ProviderError } from './provider-error.ts'

/** A language model (or what stands in for one): messages in, a stream of text out. */
export interface LlmProvider {
  readonly name: string
  start(request: LlmRequest, events: LlmEvents): LlmStream
}

export interface LlmMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'function' | 'plugin' | 'tool'
  readonly content: string
  /** Of a `user`: pictures that belong to the text, as `data:image/jpeg;base64,…` or addresses; oldest first. */
  readonly images?: readonly string[]
  /** Of an `assistant`: functions that it called; `arguments` is JSON text. */
  readonly toolCalls?: readonly {
    readonly toolCallId: string
    readonly name: string
    readonly arguments: string
  }[]
  /** Of a `tool`: the call that it answers. */
  readonly toolCallId?: string
}

/** A function that the model may call. */
export interface LlmTool {
  readonly name: string
  readonly description: string
  /** JSON Schema of its arguments, an object. */
  readonly parameters: Readonly<Record<string, unknown>>
}

export interface LlmRequest {
  /** System prompt first if there is one, then oldest to newest; the last is what the user just said. */
  readonly messages: readonly LlmMessage[]
  /** Sent along to self-developed models as `extendData`. */
  readonly extendData: LlmExtendData
  /** `LlmConfig.OpenAIExtraQuery`: `k=v&k=v`, added to the request's URL. May hold secrets: never logged. */
  readonly extraQuery: string
  /** `LlmConfig.BailianAppParams`, JSON text as it was given; for models that know what to do with it. */
  readonly appParams?: string
  /** Functions that it may call now. */
  readonly tools?: readonly LlmTool[]
}

export interface LlmExtendData {
  readonly instanceId: string
  readonly channelId: string
  readonly sentenceId: number
  readonly userData?: string
}

export interface LlmToolCall {
  readonly name: string
  /** JSON text, as the model wrote it. */
  readonly arguments: string
}

/** Any number of deltas and tool calls, then one of `onEnd` and `onError`; nothing after `cancel`, and
 * nothing while `start` runs. */
export interface LlmEvents {
  onDelta(text: string): void
  /** The model thinks, or writes the arguments of a function, and will go on; what it writes is not told. */
  onThinking?(): void
  onToolCall(call: LlmToolCall): void
  onEnd(): void
  onError(error: ProviderError): void
}

export interface LlmStream {
  /** Gives the answer up. May be called twice, and after the end. */
  cancel(): void
}
