import type { Clock } from '../../base/clock.ts'
import type { TtsProvider, TtsRequest } from '../../ports/tts.ts'
import { speakOverHttp, type SpeechService } from '../http-speech.ts'

export interface OwnTtsOptions {
  readonly clock: Clock
  readonly url: string
  /** Sent as the form field `Token`. */
  readonly token?: string
  /** Of the sound that comes back. */
  readonly sampleRateHz?: 8000 | 16_000 | 24_000 | 48_000
  /** Values of `VoiceId`; without any, none is sent. The first is the default. */
  readonly voices?: readonly string[]
}

/** So long the service may think about a piece; then the piece is skipped. */
const FIRST_BYTE_MS = 5000
const STALL_MS = 5000
const SAMPLE_RATE_HZ = 24_000
/** Stands for a service that has but one voice. */
const ONLY_VOICE = 'default'

/**
 * A voice of one's own behind the HTTP interface that the product documents for such: a form is posted for
 * each piece of text, raw 16-bit sound comes back as it is made.
 */
export function ownTts(options: OwnTtsOptions): TtsProvider {
  const voices = options.voices?.length ? options.voices : [ONLY_VOICE]
  const [defaultVoiceId = ONLY_VOICE] = voices
  const sampleRateHz = options.sampleRateHz ?? SAMPLE_RATE_HZ
  const url = new URL(options.url)
  const service: SpeechService = {
    clock: options.clock,
    who: 'the self-developed TTS',
    sampleRateHz,
    firstByteMs: FIRST_BYTE_MS,
    stallMs: STALL_MS,
    ask: (request) => {
      const voiceId = voices.includes(request.voiceId) ? request.voiceId : defaultVoiceId
      return { url, body: formOf(request, { voiceId, sampleRateHz, token: options.token }) }
    },
  }
  return {
    name: 'selfdeveloped',
    voices,
    defaultVoiceId,
    speak: (request, events) => speakOverHttp(service, request, events),
  }
}

/** The interface documents no field for the pace: where it is not 1, `ExtendData` has it besides the rest. */
function formOf(
  request: TtsRequest,
  voice: { readonly voiceId: string; readonly sampleRateHz: number; readonly token?: string },
): URLSearchParams {
  const form = new URLSearchParams({ Text: request.text })
  if (voice.voiceId !== ONLY_VOICE) form.set('VoiceId', voice.voiceId)
  form.set('SampleRate', String(voice.sampleRateHz))
  if (voice.token !== undefined) form.set('Token', voice.token)
  const { extendData, style, speechRate } = request
  form.set(
    'ExtendData',
    JSON.stringify({
      InstanceId: extendData?.instanceId ?? '',
      ChannelId: extendData?.channelId ?? '',
      SentenceId: extendData?.sentenceId ?? 0,
      Emotion: style?.emotion || 'neutral',
      UserData: extendData?.userData ?? '',
      ...(speechRate !== 1 && { SpeechRate: speechRate }),
    }),
  )
  return form
}
