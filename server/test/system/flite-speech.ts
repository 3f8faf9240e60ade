import { silentLog } from '../../src/base/log.ts'
import { systemClock } from '../../src/base/system-clock.ts'
import { INPUT_RATE_HZ } from '../../src/media/pcm.ts'
import { Resampler } from '../../src/media/resample.ts'
import { FliteTts } from '../../src/providers/flite/flite-tts.ts'

/** A voice for users who say what no file has. */
export interface UserVoice {
  /** The text at 16 kHz, with silence behind it. */
  say(text: string): Promise<Int16Array>
  close(): void
}

const VOICE_ID = 'awb'
const PAUSE_SAMPLES = INPUT_RATE_HZ / 2

export async function openUserVoice(): Promise<UserVoice> {
  const flite = new FliteTts({ clock: systemClock, log: silentLog })
  await flite.load()
  return {
    say: (text) =>
      new Promise((resolve, reject) => {
        const pieces: Int16Array[] = []
        let resampler: Resampler | undefined
        flite.speak(
          { text, voiceId: VOICE_ID, speechRate: 1 },
          {
            onAudio: (pcm, fromHz) => {
              resampler ??= new Resampler({ fromHz, toHz: INPUT_RATE_HZ })
              pieces.push(resampler.process(pcm).slice())
            },
            onMark() {},
            onEnd: () => resolve(joined([...pieces, new Int16Array(PAUSE_SAMPLES)])),
            onError: ({ message }) => reject(new Error(message)),
          },
        )
      }),
    close: () => flite.close(),
  }
}

export function joined(pieces: readonly Int16Array[]): Int16Array {
  const sound = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    sound.set(piece, at)
    at += piece.length
  }
  return sound
}
