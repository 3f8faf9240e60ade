import { Type } from 'typebox'
import { INT32_MAX, wireJsonText } from './wire.ts'

/** One earlier turn handed to the model. */
export const llmHistoryMessage = Type.Object(
  {
    Role: Type.Optional(
      Type.Enum(['user', 'assistant', 'system', 'function', 'plugin', 'tool', '']),
    ),
    Content: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
)

/** Binds a built-in ability to a function that the model may call. */
export const llmFunctionMapping = Type.Object(
  {
    Function: Type.Optional(Type.Enum(['hangup', ''])),
    MatchFunction: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
)

/** Turns kept as context; 10 by default. */
export const llmHistoryLimit = Type.Integer({ minimum: 0, maximum: INT32_MAX })

/** The language model. */
export const llmConfig = Type.Object(
  {
    LlmHistory: Type.Optional(Type.Array(llmHistoryMessage)),
    LlmHistoryLimit: Type.Optional(llmHistoryLimit),
    LlmSystemPrompt: Type.Optional(Type.String()),
    BailianAppParams: Type.Optional(wireJsonText()),
    /** `k=v&k=v`, added to the request's address. May hold secrets: never logged. */
    OpenAIExtraQuery: Type.Optional(Type.String()),
    LlmCompleteReply: Type.Optional(Type.Boolean()),
    FunctionMap: Type.Optional(Type.Array(llmFunctionMapping)),
    /** Characters; shorter pieces wait. 0 is off. */
    OutputMinLength: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
    /** Milliseconds after which waiting text goes out all the same. 0 is off. */
    OutputMaxDelay: Type.Optional(
      Type.Union([Type.Literal(0), Type.Integer({ minimum: 1000, maximum: 10_000 })]),
    ),
    HistorySyncWithTTS: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: true },
)
