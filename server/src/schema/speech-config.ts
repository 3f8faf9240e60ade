import { Type } from 'typebox'
import { INT32_MAX, wireId } from './wire.ts'

/** Speech recognition. */
export const asrConfig = Type.Object(
  {
    /** Languages are the recogniser's business: which there are is checked when a call starts. */
    AsrLanguageId: Type.Optional(wireId({ maxLength: 64 })),
    /** Milliseconds of silence that end a sentence; 400 by default. */
    AsrMaxSilence: Type.Optional(Type.Integer({ minimum: 200, maximum: 1200 })),
    /** Words to favour. */
    AsrHotWords: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 10 }), { maxItems: 128 }),
    ),
    /** How hard it is to interrupt: 0 off, 1–10 ever harder, 11 (default) rejects background voices. */
    VadLevel: Type.Optional(Type.Integer({ minimum: 0, maximum: 11 })),
    /** Milliseconds of continuous speech before an interruption counts; 0 is off. */
    VadDuration: Type.Optional(
      Type.Union([Type.Literal(0), Type.Integer({ minimum: 200, maximum: 2000 })]),
    ),
    /** Query string for a self-supplied recogniser. */
    CustomParams: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
)

export const pronunciationRule = Type.Object(
  {
    Word: Type.Optional(Type.String({ maxLength: 10, 'x-noBlanks': true })),
    Pronunciation: Type.Optional(Type.String({ maxLength: 10, 'x-noBlanks': true })),
    Type: Type.Optional(Type.Enum(['replacement', ''])),
  },
  { additionalProperties: true },
)

const MINIMAX_LANGUAGES = [
  'Chinese',
  'Chinese,Yue',
  'English',
  'Arabic',
  'Russian',
  'Spanish',
  'French',
  'Portuguese',
  'German',
  'Turkish',
  'Dutch',
  'Ukrainian',
  'Vietnamese',
  'Indonesian',
  'Japanese',
  'Italian',
  'Korean',
  'Thai',
  'Polish',
  'Romanian',
  'Greek',
  'Czech',
  'Finnish',
  'Hindi',
  'auto',
  '',
] as const

/** Speech synthesis. */
export const ttsConfig = Type.Object(
  {
    VoiceId: Type.Optional(wireId({ maxLength: 64 })),
    /** Offered to the user's picker; restricts nothing. */
    VoiceIdList: Type.Optional(Type.Array(Type.String())),
    PronunciationRules: Type.Optional(Type.Array(pronunciationRule, { maxItems: 20 })),
    ModelId: Type.Optional(Type.Enum(['speech-01-turbo', 'speech-02-turbo', ''])),
    LanguageId: Type.Optional(Type.Enum(MINIMAX_LANGUAGES)),
    Emotion: Type.Optional(
      Type.Enum(['happy', 'sad', 'angry', 'fearful', 'disgusted', 'surprised', 'calm', '']),
    ),
    SpeechRate: Type.Optional(Type.Number({ minimum: 0.5, maximum: 2 })),
  },
  { additionalProperties: true },
)

/** Sound under the whole call. */
export const ambientSoundConfig = Type.Object(
  {
    ResourceId: Type.Optional(wireId()),
    Volume: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
  },
  { additionalProperties: true },
)

/** Speaker recognition. */
export const voiceprintConfig = Type.Object(
  {
    UseVoiceprint: Type.Optional(Type.Boolean()),
    VoiceprintId: Type.Optional(wireId()),
    RegistrationMode: Type.Optional(Type.Enum(['Explicit', 'Implicit', ''])),
  },
  { additionalProperties: true },
)

/** Loudness in percent; absent = adaptive. */
export const volume = Type.Integer({ minimum: 0, maximum: 400 })

/** A number of seconds, with no upper end but that of the type. */
export const seconds = Type.Integer({ minimum: 0, maximum: INT32_MAX })
/** As `seconds`, and −1 for never. */
export const secondsOrNever = Type.Integer({ minimum: -1, maximum: INT32_MAX })
