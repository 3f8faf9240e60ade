import { Type } from 'typebox'
import { described } from './described.ts'

/** How the user may cut the agent off. */
export const interruptConfig = Type.Object(
  described(
    {
      EnableVoiceInterrupt: Type.Optional(Type.Boolean()),
      InterruptWords: Type.Optional(Type.Array(Type.String())),
      NoInterruptMode: Type.Optional(Type.Enum(['cache', 'discard', ''])),
      KeepInterruptWordsForLLM: Type.Optional(Type.Boolean()),
    },
    {
      EnableVoiceInterrupt: { text: 'Whether speech interrupts the agent.', default: true },
      InterruptWords: 'Words that interrupt the agent even when speech as such may not.',
      NoInterruptMode: {
        text: 'What becomes of what is said while the agent may not be interrupted: cache keeps it for the next turn, discard drops it.',
        default: 'cache',
      },
      KeepInterruptWordsForLLM: {
        text: 'Whether an interrupt word stays in the text for the model.',
        default: false,
      },
    },
  ),
  { additionalProperties: true },
)

/** How the end of the user's turn is found. */
export const turnDetectionConfig = Type.Object(
  described(
    {
      Mode: Type.Optional(Type.Enum(['Normal', 'Semantic', ''])),
      TurnEndWords: Type.Optional(Type.Array(Type.String())),
      SemanticWaitDuration: Type.Optional(Type.Integer({ minimum: -1, maximum: 10_000 })),
      Eagerness: Type.Optional(Type.Enum(['Low', 'Medium', 'High', ''])),
    },
    {
      Mode: {
        text: 'Normal: a turn ends by a pause. Semantic: what was said must sound complete too.',
        default: 'Normal',
      },
      TurnEndWords: 'Words that end the turn at once when a sentence ends with one.',
      SemanticWaitDuration: {
        text: 'Semantic: longest wait for the rest of an unfinished sentence; -1 leaves it to the server.',
        unit: 'ms',
        default: -1,
      },
      Eagerness:
        'Semantic: longest wait after a pause, Low 6 s, Medium 4 s, High 2 s. Goes before SemanticWaitDuration.',
    },
  ),
  { additionalProperties: true },
)

/** Probabilities that do not add up to 1 are given back as sent and rescaled for use. */
const probability = Type.Number({ minimum: 0, maximum: 1 })

export const weightedMessage = Type.Object(
  described(
    {
      Text: Type.Optional(Type.String({ maxLength: 100 })),
      Probability: Type.Optional(probability),
    },
    {
      Text: 'What is said.',
      Probability: 'Share of picks. Shares that do not add up to 1 are rescaled.',
    },
  ),
  { additionalProperties: true },
)

export const weightedWord = Type.Object(
  described(
    { Text: Type.String({ maxLength: 20 }), Probability: probability },
    {
      Text: 'The word or phrase.',
      Probability: 'Share of picks. Shares that do not add up to 1 are rescaled.',
    },
  ),
  { additionalProperties: true },
)

export const backChannelingRule = Type.Object(
  described(
    {
      Enabled: Type.Boolean({ 'x-alias': 'Enable' }),
      TriggerStage: Type.Optional(Type.Enum(['pause_detected', ''])),
      Probability: probability,
      Words: Type.Optional(Type.Array(weightedWord, { maxItems: 10 })),
    },
    {
      Enabled: 'Turns the rule on.',
      TriggerStage: {
        text: 'When the rule may act: in a short pause of the user.',
        default: 'pause_detected',
      },
      Probability: 'Chance that the rule acts at such a moment.',
      Words: 'What is said.',
    },
  ),
  { additionalProperties: true },
)

const messages = Type.Array(weightedMessage, { maxItems: 10 })

/** What the agent says when the user stays silent. */
export const autoSpeechUserIdle = Type.Object(
  described(
    {
      WaitTime: Type.Integer({ minimum: 5000, maximum: 600_000 }),
      MaxRepeats: Type.Integer({ minimum: 0, maximum: 10 }),
      Messages: Type.Optional(messages),
      HangupEndWord: Type.Optional(Type.String()),
    },
    {
      WaitTime: { text: 'Silence after which the agent speaks.', unit: 'ms' },
      MaxRepeats: 'How often it does; after one more silence the call ends.',
      Messages: 'What it says.',
      HangupEndWord: 'What it says before it hangs up.',
    },
  ),
  { additionalProperties: true },
)

/** What the agent says while the model is slow. */
export const autoSpeechLlmPending = Type.Object(
  described(
    {
      WaitTime: Type.Integer({ minimum: 500, maximum: 10_000 }),
      Mode: Type.Optional(Type.Enum(['random', 'sequence', ''])),
      Messages: Type.Optional(messages),
    },
    {
      WaitTime: { text: 'How slow the model must be before something is said.', unit: 'ms' },
      Mode: {
        text: 'random: one by its share. sequence: one after the other until the answer begins.',
        default: 'random',
      },
      Messages: 'What is said.',
    },
  ),
  { additionalProperties: true },
)

export const autoSpeechConfig = Type.Object(
  described(
    {
      UserIdle: Type.Optional(autoSpeechUserIdle),
      LlmPending: Type.Optional(autoSpeechLlmPending),
    },
    { UserIdle: 'When the user stays silent.', LlmPending: 'While the model is slow.' },
  ),
  { additionalProperties: true },
)
