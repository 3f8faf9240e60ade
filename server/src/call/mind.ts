import type { Log } from '../base/log.ts'
import type { Action } from '../dialogue/events.ts'
import type { CallSpec } from '../ports/calls.ts'
import type { LlmExtendData, LlmProvider } from '../ports/llm.ts'
import type { ProviderError } from '../ports/provider-error.ts'
import type { ToolRun, ToolRunner } from '../ports/tools.ts'
import type { TurnJudge } from '../ports/turn-judge.ts'
import { thinkingEvents, type Now } from './provider-events.ts'
import type { CallSettings } from './settings.ts'
import { Thinking } from './thinking.ts'

type Given<Type extends Action['type']> = Extract<Action, { readonly type: Type }>

export type MindAction =
  | Given<'reply-start'>
  | Given<'reply-cancel'>
  | Given<'tool-run'>
  | Given<'judge-start'>
  | Given<'judge-cancel'>

export interface MindOptions {
  readonly spec: CallSpec
  readonly llm: LlmProvider
  readonly judge: TurnJudge
  /** None: functions cannot be called. */
  readonly tools?: ToolRunner | undefined
  readonly settings: () => CallSettings
  readonly userData: () => string | undefined
  readonly now: Now
  readonly log: Log
}

/** What a call thinks with: the language model, the functions it may call, the judge of the user's turns. */
export class Mind {
  readonly #options: MindOptions
  readonly #thinking: Thinking
  readonly #runs = new Map<string, ToolRun>()
  #judging: { cancel(): void } | undefined

  constructor(options: MindOptions) {
    this.#options = options
    const { llm, log } = options
    const onFault = ({ message }: ProviderError): void =>
      log.warn('llm failed', { provider: llm.name, reason: message })
    this.#thinking = new Thinking(llm, thinkingEvents(options.now, onFault))
  }

  carryOut(action: MindAction): void {
    switch (action.type) {
      case 'reply-start':
        return this.#ask(action)
      case 'reply-cancel':
        return this.#thinking.cancel()
      case 'tool-run':
        return this.#runTool(action)
      case 'judge-start':
        return this.#startJudge(action)
      case 'judge-cancel':
        return this.#cancelJudge()
    }
  }

  close(): void {
    this.#thinking.cancel()
    this.#cancelJudge()
    for (const run of this.#runs.values()) run.cancel()
    this.#runs.clear()
  }

  #ask({ replyId, turnId, messages, withoutTools }: Given<'reply-start'>): void {
    const { extraQuery, appParams, tools } = this.#options.settings()
    this.#thinking.start(replyId, {
      messages,
      extendData: this.#extendData(turnId),
      extraQuery,
      ...(appParams === '' ? {} : { appParams }),
      ...(tools.length === 0 || withoutTools ? {} : { tools }),
    })
  }

  /** Goes on when the user interrupts: what has been begun (an order, say) counts. */
  #runTool({ toolCallId, turnId, name, arguments: given }: Given<'tool-run'>): void {
    const { now, settings, spec, tools: runner, log } = this.#options
    const onResult = (content: string): void => {
      this.#runs.delete(toolCallId)
      if (content.startsWith('{"error":')) log.warn('a function failed', { name })
      now((atMs) => ({ type: 'tool-result', atMs, toolCallId, content }))
    }
    const tool = settings().tools.find((declared) => declared.name === name)
    if (tool === undefined || runner === undefined) {
      return onResult('{"error":"this function cannot be called now"}')
    }
    const { instanceId } = spec
    this.#runs.set(toolCallId, runner.run({ tool, arguments: given, instanceId, turnId }, onResult))
  }

  #startJudge({ judgeId, turnId, text, context }: Given<'judge-start'>): void {
    this.#cancelJudge()
    const { extraQuery } = this.#options.settings()
    const extendData = this.#extendData(turnId)
    this.#judging = this.#options.judge.judge(
      { text, context, extendData, extraQuery },
      (verdict) => {
        const judged = verdict === undefined ? {} : { verdict }
        this.#options.now((atMs) => ({ type: 'turn-judged', atMs, judgeId, ...judged }))
      },
    )
  }

  #cancelJudge(): void {
    this.#judging?.cancel()
    this.#judging = undefined
  }

  #extendData(sentenceId: number): LlmExtendData {
    const { instanceId, channelId } = this.#options.spec
    const userData = this.#options.userData()
    return { instanceId, channelId, sentenceId, ...(userData === undefined ? {} : { userData }) }
  }
}
