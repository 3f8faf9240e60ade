import { MPEGDecoder } from 'mpg123-decoder'
import { fail, ok, type Result } from '../../base/result.ts'
import { OUTPUT_RATE_HZ } from '../../media/pcm.ts'
import { Resampler } from '../../media/resample.ts'
import { readWav, type WavSound } from '../../media/wav.ts'
import type { Sound } from '../../ports/sounds.ts'

/** Longer sounds are refused: 10 minutes. */
const LIMIT_S = 600
const RATES_HZ: ReadonlySet<number> = new Set([
  8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000,
])

/** Reads a WAV or MP3 file into mono at 24 kHz. Takes its time: not for a loop that moves sound. */
export async function decodeSound(file: Uint8Array): Promise<Result<Sound, string>> {
  const read = isWav(file) ? readWav(file) : isMp3(file) ? await readMp3(file) : undefined
  if (read === undefined) return fail('this is neither a WAV nor an MP3 file')
  if (!read.ok) return read
  const { sampleRateHz, samples } = read.value
  if (samples.length === 0) return fail('there is no sound in this file')
  if (!RATES_HZ.has(sampleRateHz)) return fail(`${sampleRateHz} Hz is no usual sample rate`)
  if (samples.length > LIMIT_S * sampleRateHz) return fail(`the sound is longer than ${LIMIT_S} s`)
  return ok(resampled(samples, sampleRateHz))
}

function resampled(samples: Int16Array, fromHz: number): Sound {
  const resampler = new Resampler({ fromHz, toHz: OUTPUT_RATE_HZ })
  const length = Math.round((samples.length * OUTPUT_RATE_HZ) / fromHz)
  const lead = Math.round((resampler.delayMs * OUTPUT_RATE_HZ) / 1000)
  const sound = new Int16Array(length)
  const head = resampler.process(samples).subarray(lead, lead + length)
  sound.set(head)
  sound.set(resampler.flush().subarray(0, length - head.length), head.length)
  return sound
}

/** MP3 in steps of so many bytes, so that a file of hours is given up in time. */
const STEP_BYTES = 65_536

async function readMp3(file: Uint8Array): Promise<Result<WavSound, string>> {
  const decoder = new MPEGDecoder({ enableGapless: true })
  await decoder.ready
  const pieces: Int16Array[] = []
  let [sampleRateHz, length] = [0, 0]
  try {
    for (let at = 0; at < file.length; at += STEP_BYTES) {
      const piece = decoder.decode(file.subarray(at, at + STEP_BYTES))
      if (piece.samplesDecoded === 0) continue
      if (sampleRateHz !== 0 && piece.sampleRate !== sampleRateHz)
        return fail('the sample rate changes within the MP3 file')
      sampleRateHz = piece.sampleRate
      pieces.push(downmix(piece.channelData, piece.samplesDecoded))
      length += piece.samplesDecoded
      if (length > LIMIT_S * sampleRateHz) return fail(`the sound is longer than ${LIMIT_S} s`)
    }
  } catch (error) {
    return fail(
      `the MP3 file cannot be read: ${error instanceof Error ? error.message : 'damaged'}`,
    )
  } finally {
    decoder.free()
  }
  const samples = new Int16Array(length)
  let at = 0
  for (const piece of pieces) {
    samples.set(piece, at)
    at += piece.length
  }
  return ok({ sampleRateHz, samples })
}

function downmix(channels: readonly Float32Array[], length: number): Int16Array {
  const mono = new Int16Array(length)
  for (let index = 0; index < length; index += 1) {
    let sum = 0
    for (const channel of channels) sum += channel[index] ?? 0
    const value = Math.round((sum / Math.max(1, channels.length)) * 32_767)
    mono[index] = Math.max(-32_768, Math.min(32_767, value))
  }
  return mono
}

const text = (file: Uint8Array, length: number): string =>
  String.fromCharCode(...file.subarray(0, length))
const isWav = (file: Uint8Array): boolean => text(file, 4) === 'RIFF'
/** A tag before it, or a first frame of layer I, II or III. */
const isMp3 = (file: Uint8Array): boolean =>
  text(file, 3) === 'ID3' ||
  (file[0] === 0xff && ((file[1] ?? 0) & 0xe0) === 0xe0 && ((file[1] ?? 0) & 0x06) !== 0)
