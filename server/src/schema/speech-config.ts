import { Type } from 'typebox'
import { described } from './described.ts'
import { INT32_MAX, wireId } from './wire.ts'

/** Speech recognition. */
export const asrConfig = Type.Object(
  described(
    {
      AsrLanguageId: Type.Optional(wireId({ maxLength: 64 })),
      AsrMaxSilence: Type.Optional(Type.Integer({ minimum: 200, maximum: 1200 })),
      AsrHotWords: Type.Optional(
        Type.Array(Type.String({ minLength: 1, maxLength: 10 }), { maxItems: 128 }),
      ),
      VadLevel: Type.Optional(Type.Integer({ minimum: 0, maximum: 11 })),
      VadDuration: Type.Optional(
        Type.Union([Type.Literal(0), Type.Integer({ minimum: 200, maximum: 2000 })]),
      ),
      CustomParams: Type.Optional(Type.String()),
    },
    {
      AsrLanguageId:
        "Language that is spoken: zh_mandarin, en, zh_en, es, jp, or another that the agent's recogniser knows. Which there are is checked when a call starts.",
      AsrMaxSilence: { text: 'Silence that ends a sentence.', unit: 'ms', default: 400 },
      AsrHotWords: 'Words to favour: names, products.',
      VadLevel: {
        text: 'How hard it is to interrupt: 0 only by words, 1 to 10 ever harder, 11 rejects background voices.',
        default: 11,
      },
      VadDuration: {
        text: 'Continuous speech before an interruption counts; 0 is off.',
        unit: 'ms',
        default: 0,
      },
      CustomParams: 'Query string for a recogniser of your own, as mode=fast&format=wav.',
    },
  ),
  { additionalProperties: true },
)

export const pronunciationRule = Type.Object(
  described(
    {
      Word: Type.Optional(Type.String({ maxLength: 10, 'x-noBlanks': true })),
      Pronunciation: Type.Optional(Type.String({ maxLength: 10, 'x-noBlanks': true })),
      Type: Type.Optional(Type.Enum(['replacement', ''])),
    },
    {
      Word: 'Text to replace, without blanks.',
      Pronunciation: 'What is spoken instead, without blanks.',
      Type: 'replacement; there is no other kind.',
    },
  ),
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
  described(
    {
      VoiceId: Type.Optional(wireId({ maxLength: 64 })),
      VoiceIdList: Type.Optional(Type.Array(Type.String())),
      PronunciationRules: Type.Optional(Type.Array(pronunciationRule, { maxItems: 20 })),
      ModelId: Type.Optional(Type.Enum(['speech-01-turbo', 'speech-02-turbo', ''])),
      LanguageId: Type.Optional(Type.Enum(MINIMAX_LANGUAGES)),
      Emotion: Type.Optional(
        Type.Enum(['happy', 'sad', 'angry', 'fearful', 'disgusted', 'surprised', 'calm', '']),
      ),
      SpeechRate: Type.Optional(Type.Number({ minimum: 0.5, maximum: 2 })),
    },
    {
      VoiceId: "Voice of the agent's synthesiser. A change is heard from the next sentence on.",
      VoiceIdList: "Voices that the user's picker offers; restricts nothing.",
      PronunciationRules: 'Replacements in what is spoken, in order; subtitles keep the original.',
      ModelId: 'Model of the synthesiser, where it has several.',
      LanguageId: 'Language of the voice, for synthesisers that ask for it.',
      Emotion: 'Mood of the voice, for synthesisers that know moods.',
      SpeechRate: { text: 'Speed of speech; 1 is normal.', unit: '×', default: 1 },
    },
  ),
  { additionalProperties: true },
)

/** Sound under the whole call. */
export const ambientSoundConfig = Type.Object(
  described(
    {
      ResourceId: Type.Optional(wireId()),
      Volume: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
    },
    {
      ResourceId:
        'A built-in sound (public_conversation, public_customer_service, public_park) or one of your own; empty is off.',
      Volume: { text: 'Loudness of the sound; 0 is off.', unit: '%' },
    },
  ),
  { additionalProperties: true },
)

/** Speaker recognition. */
export const voiceprintConfig = Type.Object(
  described(
    {
      UseVoiceprint: Type.Optional(Type.Boolean()),
      VoiceprintId: Type.Optional(wireId()),
      RegistrationMode: Type.Optional(Type.Enum(['Explicit', 'Implicit', ''])),
    },
    {
      UseVoiceprint: { text: 'Answers only the registered speaker.', default: false },
      VoiceprintId: 'The registered voiceprint.',
      RegistrationMode: {
        text: 'Explicit: registered beforehand. Implicit: learnt from the first clear speech of the call.',
        default: 'Explicit',
      },
    },
  ),
  { additionalProperties: true },
)

/** Loudness in percent; absent = adaptive. */
export const volume = Type.Integer({ minimum: 0, maximum: 400 })

/** A number of seconds, with no upper end but that of the type. */
export const seconds = Type.Integer({ minimum: 0, maximum: INT32_MAX })
/** As `seconds`, and −1 for never. */
export const secondsOrNever = Type.Integer({ minimum: -1, maximum: INT32_MAX })
