import type { Clock } from '../../base/clock.ts'
import type { TtsProvider, TtsRequest } from '../../ports/tts.ts'
import { speakOverHttp, type SpeechService } from '../http-speech.ts'
import { audioUrl, bearer, STRICT_HOST } from './audio-request.ts'

export interface OpenAiSpeechOptions {
  readonly clock: Clock
  readonly baseUrl: string
  readonly model: string
  readonly apiKey?: string
  /** Of the server's voices, those that may be asked for besides the usual ones; the first is the default. */
  readonly voices?: readonly string[]
  /** How to speak, in words, for models that take such. */
  readonly instructions?: string
  /** Of `pcm`; the protocol says 24000. */
  readonly sampleRateHz?: number
}

const VOICES = [
  'alloy',
  'ash',
  'ballad',
  'cedar',
  'coral',
  'echo',
  'fable',
  'marin',
  'nova',
  'onyx',
  'sage',
  'shimmer',
  'verse',
]
const FIRST_BYTE_MS = 5000
const STALL_MS = 5000
const SAMPLE_RATE_HZ = 24_000
/** Models that refuse `instructions`. */
const WITHOUT_INSTRUCTIONS = /^tts-1/

/** Any server that speaks `POST /audio/speech` of the OpenAI protocol. */
export function openAiSpeech(options: OpenAiSpeechOptions): TtsProvider {
  const own = options.voices ?? []
  const voices = [...own, ...VOICES.filter((voice) => !own.includes(voice))]
  const [defaultVoiceId = 'alloy'] = voices
  const url = audioUrl(options.baseUrl, 'speech')
  const service: SpeechService = {
    clock: options.clock,
    who: 'the speech service',
    sampleRateHz: options.sampleRateHz ?? SAMPLE_RATE_HZ,
    firstByteMs: FIRST_BYTE_MS,
    stallMs: STALL_MS,
    ask: (request) => ({
      url,
      headers: { 'content-type': 'application/json', ...bearer(options.apiKey) },
      body: JSON.stringify({
        model: modelOf(options.model, url, request),
        input: request.text,
        voice: voices.includes(request.voiceId) ? request.voiceId : defaultVoiceId,
        response_format: 'pcm',
        speed: request.speechRate,
        ...instructionsOf(options, request),
      }),
    }),
  }
  return {
    name: 'openai',
    voices,
    defaultVoiceId,
    speak: (request, events) => speakOverHttp(service, request, events),
  }
}

/** `TtsConfig.ModelId` names models of another vendor, which servers of this protocol may have; the protocol's
 * own host has not. */
const modelOf = (model: string, url: URL, { style }: TtsRequest): string =>
  url.hostname === STRICT_HOST ? model : style?.modelId || model

function instructionsOf(
  { model, instructions }: OpenAiSpeechOptions,
  { style }: TtsRequest,
): { readonly instructions?: string } {
  if (WITHOUT_INSTRUCTIONS.test(model)) return {}
  const mood = style?.emotion ? [`Sound ${style.emotion}.`] : []
  const all = [...(instructions === undefined ? [] : [instructions]), ...mood]
  return all.length === 0 ? {} : { instructions: all.join(' ') }
}
