import { Type } from 'typebox'
import { described } from './described.ts'
import { INT32_MAX, wireJsonText } from './wire.ts'

/** One earlier turn handed to the model. */
export const llmHistoryMessage = Type.Object(
  described(
    {
      Role: Type.Optional(
        Type.Enum(['user', 'assistant', 'system', 'function', 'plugin', 'tool', '']),
      ),
      Content: Type.Optional(Type.String()),
    },
    { Role: 'Who said it.', Content: 'What was said.' },
  ),
  { additionalProperties: true },
)

/** Binds a built-in ability to a function that the model may call. */
export const llmFunctionMapping = Type.Object(
  described(
    {
      Function: Type.Optional(Type.Enum(['hangup', ''])),
      MatchFunction: Type.Optional(Type.String()),
    },
    {
      Function: 'The ability of the agent: hangup.',
      MatchFunction: 'The function that the model calls for it.',
    },
  ),
  { additionalProperties: true },
)

/** Turns kept as context; 10 by default. */
export const llmHistoryLimit = Type.Integer({ minimum: 0, maximum: INT32_MAX })

/** The language model. */
export const llmConfig = Type.Object(
  described(
    {
      LlmHistory: Type.Optional(Type.Array(llmHistoryMessage)),
      LlmHistoryLimit: Type.Optional(llmHistoryLimit),
      LlmSystemPrompt: Type.Optional(Type.String()),
      BailianAppParams: Type.Optional(wireJsonText()),
      OpenAIExtraQuery: Type.Optional(Type.String()),
      LlmCompleteReply: Type.Optional(Type.Boolean()),
      FunctionMap: Type.Optional(Type.Array(llmFunctionMapping)),
      OutputMinLength: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
      OutputMaxDelay: Type.Optional(
        Type.Union([Type.Literal(0), Type.Integer({ minimum: 1000, maximum: 10_000 })]),
      ),
      HistorySyncWithTTS: Type.Optional(Type.Boolean()),
    },
    {
      LlmHistory: 'Earlier messages that the model is given.',
      LlmHistoryLimit: {
        text: 'Turns of the conversation that the model is given; 0 is no memory.',
        unit: 'turns',
        default: 10,
      },
      LlmSystemPrompt: { text: 'Who the agent is and how it is to answer.', isLong: true },
      BailianAppParams: 'JSON text with parameters of a model-studio application.',
      OpenAIExtraQuery: 'k=v&k=v, added to the address of the model. May hold secrets.',
      LlmCompleteReply: {
        text: 'Sends the client each whole answer once it is complete (message 1017).',
        default: false,
      },
      FunctionMap: 'Abilities of the agent that the model may call as functions.',
      OutputMinLength: {
        text: 'Pieces of the answer shorter than this wait for more before they are spoken; 0 is off.',
        unit: 'characters',
        default: 0,
      },
      OutputMaxDelay: {
        text: 'Waiting text is spoken after so long all the same; 0 is off.',
        unit: 'ms',
        default: 0,
      },
      HistorySyncWithTTS: {
        text: 'The history keeps of an interrupted answer what was heard, with a mark where it was cut.',
        default: false,
      },
    },
  ),
  { additionalProperties: true },
)
