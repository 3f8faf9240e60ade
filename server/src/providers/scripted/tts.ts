import type { Clock } from '../../base/clock.ts'
import { OUTPUT_RATE_HZ } from '../../media/pcm.ts'
import type { TtsEvents, TtsProvider, TtsRequest, TtsStream } from '../../ports/tts.ts'

/** What stands in for a voice: a tone as long as the text. */
export interface ScriptedTtsOptions {
  readonly msPerChar?: number
  readonly firstAudioMs?: number
  readonly toneHz?: number
}

const AMPLITUDE = 6000

export function scriptedTts(clock: Clock, options: ScriptedTtsOptions = {}): TtsProvider {
  const msPerChar = options.msPerChar ?? 60
  const tone = oneSecond(options.toneHz ?? 440)
  return {
    name: 'scripted',
    voices: ['tone'],
    defaultVoiceId: 'tone',
    speak(request, events): TtsStream {
      let isOver = false
      const cancelTimer = clock.after(options.firstAudioMs ?? 0, () => {
        if (isSpeakable(request.text)) speakTone(tone, request, msPerChar, events, () => isOver)
        if (isOver) return
        isOver = true
        events.onEnd()
      })
      return {
        cancel() {
          isOver = true
          cancelTimer()
        },
      }
    },
  }
}

const isSpeakable = (text: string): boolean => /[\p{L}\p{N}]/u.test(text)

function speakTone(
  tone: Int16Array,
  request: TtsRequest,
  msPerChar: number,
  events: TtsEvents,
  isOver: () => boolean,
): void {
  const msEach = msPerChar / request.speechRate
  const samples = Math.round((request.text.length * msEach * OUTPUT_RATE_HZ) / 1000)
  const pcm = new Int16Array(samples)
  for (let at = 0; at < samples; at += tone.length) {
    pcm.set(tone.subarray(0, Math.min(tone.length, samples - at)), at)
  }
  if (samples > 0) events.onAudio(pcm, OUTPUT_RATE_HZ)
  for (const word of request.text.matchAll(/\S+/g)) {
    if (isOver()) return
    const chars = word.index + word[0].length
    events.onMark(chars, chars * msEach)
  }
}

/** A whole number of periods, so that repeats join without a click. */
function oneSecond(toneHz: number): Int16Array {
  const radians = (2 * Math.PI * Math.round(toneHz)) / OUTPUT_RATE_HZ
  return Int16Array.from({ length: OUTPUT_RATE_HZ }, (_, index) =>
    Math.round(AMPLITUDE * Math.sin(radians * index)),
  )
}
