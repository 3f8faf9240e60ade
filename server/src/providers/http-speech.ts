import type { Clock } from '../base/clock.ts'
import type { TtsEvents, TtsRequest, TtsStream } from '../ports/tts.ts'
import { PcmReader } from './pcm-reader.ts'
import { HttpExchange, type HttpRequest } from './provider-http.ts'

/** How a speech service over HTTP is asked. */
export interface SpeechService {
  readonly clock: Clock
  /** For messages. */
  readonly who: string
  /** Of raw sound. */
  readonly sampleRateHz: number
  readonly firstByteMs: number
  readonly stallMs: number
  readonly ask: (request: TtsRequest) => Pick<HttpRequest, 'url' | 'headers' | 'body'>
}

/** One piece of a reply is never longer; a service that goes on has lost its way. */
export const SPEECH_LIMIT_S = 120
/** What a service calls sound. Some name nothing, or nothing true, but none sends sound as text. */
const NO_SOUND =
  /^(text\/|application\/(json|xml|problem)|audio\/(mpeg|mp3|aac|ogg|opus|flac|webm))/i

export const isSpeakable = (text: string): boolean => /[\p{L}\p{N}]/u.test(text)

/** Speaks one piece of text over HTTP; the sound is given out as it comes. */
export function speakOverHttp(
  service: SpeechService,
  request: TtsRequest,
  events: TtsEvents,
): TtsStream {
  const { clock, who, sampleRateHz, firstByteMs, stallMs, ask } = service
  if (!isSpeakable(request.text)) return { cancel: clock.after(0, () => events.onEnd()) }
  const reader = new PcmReader({ sampleRateHz })
  let samples = 0
  const limitBytes = 2 * sampleRateHz * SPEECH_LIMIT_S
  const exchange = new HttpExchange(
    { clock, who, firstByteMs, stallMs, limitBytes, ...ask(request) },
    {
      onBytes(bytes, contentType) {
        if (NO_SOUND.test(contentType)) {
          const message = `answered with ${contentType.split(';')[0]} instead of raw sound`
          return { message, isRetryable: false }
        }
        const pcm = reader.push(bytes)
        if (reader.refusal !== undefined) return { message: reader.refusal, isRetryable: false }
        samples += pcm.length
        if (pcm.length > 0) events.onAudio(pcm, reader.sampleRateHz)
        return undefined
      },
      onEnd() {
        if (samples > 0) events.onEnd()
        else events.onError({ message: `${who} sent no sound`, isRetryable: true })
      },
      onError: (error) => events.onError(error),
    },
  )
  return { cancel: () => exchange.cancel() }
}
