import { Type } from 'typebox'
import { described } from './described.ts'

/** How a function of the agent's own is called. */
const TOOL_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', ''] as const

/** A function that the model may call, and the HTTP request that it stands for. */
export const toolDeclaration = Type.Object(
  described(
    {
      Name: Type.String({ minLength: 1, maxLength: 64 }),
      Description: Type.Optional(Type.String({ maxLength: 1024 })),
      Parameters: Type.Optional(Type.Object({}, { additionalProperties: true })),
      Url: Type.String({ minLength: 1, maxLength: 2048 }),
      Method: Type.Optional(Type.Enum(TOOL_METHODS)),
      Headers: Type.Optional(Type.Object({}, { additionalProperties: true })),
      Timeout: Type.Optional(Type.Integer({ minimum: 100, maximum: 60_000 })),
      Filler: Type.Optional(Type.String({ maxLength: 100 })),
    },
    {
      Name: 'Its name for the model: letters, digits, _ and -. Each may occur once.',
      Description: 'What it does and when to call it, for the model.',
      Parameters: 'JSON Schema of its arguments, an object. Without one it takes none.',
      Url: 'Where it is called, http or https. Private addresses need the server’s permission.',
      Method: {
        text: 'POST, PUT and PATCH send the arguments as a JSON body, GET and DELETE in the query.',
        default: 'POST',
      },
      Headers:
        'Request headers. ${TOOL_X} in a value stands for that variable of the server’s environment; ' +
        'names that do not begin with TOOL_ are not replaced.',
      Timeout: { text: 'An answer that takes longer has failed.', unit: 'ms', default: 10_000 },
      Filler: 'Said once when the answer takes more than a second and the agent is silent.',
    },
  ),
  { additionalProperties: true },
)

export const interruptMinSpeech = Type.Object(
  described(
    {
      Speaking: Type.Optional(Type.Integer({ minimum: 0, maximum: 5000 })),
      Thinking: Type.Optional(Type.Integer({ minimum: 0, maximum: 5000 })),
    },
    {
      Speaking: {
        text: 'Continuous speech without which words do not interrupt the agent while it is heard. Without it AsrConfig.VadDuration holds.',
        unit: 'ms',
      },
      Thinking: {
        text: 'The same before anything of the answer is heard.',
        unit: 'ms',
        default: 0,
      },
    },
  ),
  { additionalProperties: true },
)

const RECORDINGS = ['Off', 'Call', 'Sentences', 'Both', ''] as const

const word = Type.String({ minLength: 1, maxLength: 10 })

/** Settings that are this server’s own; the vendor's structures have no place for them. */
export const antiphonConfig = Type.Object(
  described(
    {
      Acknowledgements: Type.Optional(
        Type.Array(Type.String({ maxLength: 20 }), { maxItems: 200 }),
      ),
      Apology: Type.Optional(Type.String({ maxLength: 200 })),
      EnableApology: Type.Optional(Type.Boolean()),
      HotWords: Type.Optional(Type.Array(word, { maxItems: 500 })),
      InterruptMinSpeech: Type.Optional(interruptMinSpeech),
      Recording: Type.Optional(Type.Enum(RECORDINGS)),
      SensitiveWords: Type.Optional(Type.Array(word, { maxItems: 500 })),
      SpeculativeStart: Type.Optional(Type.Boolean()),
      TakeoverMode: Type.Optional(Type.Integer({ minimum: 0, maximum: 1 })),
      Tools: Type.Optional(Type.Array(toolDeclaration, { maxItems: 64 })),
      TurnJudge: Type.Optional(Type.Enum(['text', 'model', ''])),
    },
    {
      Acknowledgements:
        'What people say to show that they listen ("mhm"); alone, while the agent speaks, it interrupts nothing. Replaces the built-in list.',
      Apology: 'Said instead of an answer when the model has failed twice.',
      EnableApology: { text: 'Whether anything is said then.', default: true },
      HotWords: 'The agent’s own words to favour; AsrConfig.AsrHotWords adds to them.',
      InterruptMinSpeech: 'How long somebody must speak to interrupt.',
      Recording: {
        text: 'What is recorded: Call is one file with both sides, Sentences a file for each sentence of either side, Both is both. DescribeAIAgentInstance gives the files.',
        default: 'Off',
      },
      SensitiveWords:
        'Words that the user’s subtitles show as asterisks. The model and the records get them as they were said.',
      SpeculativeStart: {
        text: 'Whether the model is asked as soon as a turn is likely to be over. A wrong guess leaves no trace, but is paid for.',
        default: false,
      },
      TakeoverMode: {
        text: 'What the user hears of a human who takes over: 1 their own voice, 0 their words in the agent’s voice.',
        default: 1,
      },
      Tools: 'Functions that the model may call.',
      TurnJudge: {
        text: 'Who judges in TurnDetectionConfig.Mode Semantic whether a turn is complete: text is our own word lists; model asks the language model, and falls back to them when it is slow.',
        default: 'text',
      },
    },
  ),
  { additionalProperties: true },
)
