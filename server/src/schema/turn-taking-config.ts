import { Type } from 'typebox'

/** How the user may cut the agent off. */
export const interruptConfig = Type.Object(
  {
    EnableVoiceInterrupt: Type.Optional(Type.Boolean()),
    InterruptWords: Type.Optional(Type.Array(Type.String())),
    NoInterruptMode: Type.Optional(Type.Enum(['cache', 'discard', ''])),
    KeepInterruptWordsForLLM: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: true },
)

/** How the end of the user's turn is found. */
export const turnDetectionConfig = Type.Object(
  {
    Mode: Type.Optional(Type.Enum(['Normal', 'Semantic', ''])),
    TurnEndWords: Type.Optional(Type.Array(Type.String())),
    /** Milliseconds; −1 leaves it to the server. */
    SemanticWaitDuration: Type.Optional(Type.Integer({ minimum: -1, maximum: 10_000 })),
    Eagerness: Type.Optional(Type.Enum(['Low', 'Medium', 'High', ''])),
  },
  { additionalProperties: true },
)

/** Probabilities that do not add up to 1 are given back as sent and rescaled for use. */
const probability = Type.Number({ minimum: 0, maximum: 1 })

export const weightedMessage = Type.Object(
  { Text: Type.Optional(Type.String({ maxLength: 100 })), Probability: Type.Optional(probability) },
  { additionalProperties: true },
)

export const weightedWord = Type.Object(
  { Text: Type.String({ maxLength: 20 }), Probability: probability },
  { additionalProperties: true },
)

export const backChannelingRule = Type.Object(
  {
    /** Some clients write `Enable`. */
    Enabled: Type.Boolean({ 'x-alias': 'Enable' }),
    TriggerStage: Type.Optional(Type.Enum(['pause_detected', ''])),
    Probability: probability,
    Words: Type.Optional(Type.Array(weightedWord, { maxItems: 10 })),
  },
  { additionalProperties: true },
)

const messages = Type.Array(weightedMessage, { maxItems: 10 })

/** What the agent says when the user stays silent. */
export const autoSpeechUserIdle = Type.Object(
  {
    WaitTime: Type.Integer({ minimum: 5000, maximum: 600_000 }),
    MaxRepeats: Type.Integer({ minimum: 0, maximum: 10 }),
    Messages: Type.Optional(messages),
    HangupEndWord: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
)

/** What the agent says while the model is slow. */
export const autoSpeechLlmPending = Type.Object(
  {
    WaitTime: Type.Integer({ minimum: 500, maximum: 10_000 }),
    Mode: Type.Optional(Type.Enum(['random', 'sequence', ''])),
    Messages: Type.Optional(messages),
  },
  { additionalProperties: true },
)

export const autoSpeechConfig = Type.Object(
  {
    UserIdle: Type.Optional(autoSpeechUserIdle),
    LlmPending: Type.Optional(autoSpeechLlmPending),
  },
  { additionalProperties: true },
)
