import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aWhile, until, type Pump } from './pump.contract.ts'
import type { TtsProvider, TtsRequest, TtsStream } from './tts.ts'

export interface TtsContract {
  readonly name: string
  readonly provider: () => TtsProvider
  readonly pump: Pump
}

export interface Spoken {
  readonly pieces: { readonly pcm: Int16Array; readonly sampleRateHz: number }[]
  readonly marks: { readonly chars: number; readonly atMs: number }[]
  readonly errors: string[]
  readonly order: string[]
}

/** Starts a request and writes down what comes. */
export function speak(
  provider: TtsProvider,
  text: string,
  options: Partial<TtsRequest> = {},
): Spoken & { stream: TtsStream } {
  const spoken: Spoken = { pieces: [], marks: [], errors: [], order: [] }
  const request = { text, voiceId: provider.defaultVoiceId, speechRate: 1, ...options }
  const stream = provider.speak(request, {
    onAudio: (pcm, sampleRateHz) => {
      spoken.pieces.push({ pcm, sampleRateHz })
      spoken.order.push('audio')
    },
    onMark: (chars, atMs) => {
      spoken.marks.push({ chars, atMs })
      spoken.order.push('mark')
    },
    onEnd: () => spoken.order.push('end'),
    onError: (error) => {
      spoken.errors.push(error.message)
      spoken.order.push('error')
    },
  })
  return { ...spoken, stream }
}

export const isSpoken = (spoken: Spoken): boolean =>
  spoken.order.includes('end') || spoken.order.includes('error')

export const durationMs = (spoken: Spoken): number =>
  spoken.pieces.reduce((sum, { pcm, sampleRateHz }) => sum + (pcm.length * 1000) / sampleRateHz, 0)

const SENTENCE = 'Good morning. The weather is fine today, is it not?'

/** What every voice must do; see `tts.ts`. */
export function ttsContract({ name, provider, pump }: TtsContract): void {
  const whole = async (text: string, options: Partial<TtsRequest> = {}): Promise<Spoken> => {
    const spoken = speak(provider(), text, options)
    await until(pump, () => isSpoken(spoken), 'the end')
    await aWhile(pump, 3)
    return spoken
  }

  test(`${name}: a text becomes sound and ends once`, async () => {
    const one = provider()
    assert.ok(one.voices.includes(one.defaultVoiceId))
    const spoken = speak(one, SENTENCE)
    assert.deepEqual(spoken.order, [], 'no event comes while speak runs')
    await until(pump, () => isSpoken(spoken), 'the end')
    assert.deepEqual(spoken.errors, [])
    assert.equal(spoken.order.at(-1), 'end')
    assert.ok(durationMs(spoken) > 1500, `${durationMs(spoken)} ms`)
    assert.ok(spoken.pieces.some(({ pcm }) => pcm.some((sample) => Math.abs(sample) > 1000)))
    spoken.stream.cancel()
    spoken.stream.cancel()
  })

  test(`${name}: marks ascend within the text and the sound`, async () => {
    const spoken = await whole(SENTENCE)
    const lengthMs = durationMs(spoken)
    let last = { chars: 0, atMs: 0 }
    for (const mark of spoken.marks) {
      assert.ok(mark.chars > last.chars && mark.atMs >= last.atMs, JSON.stringify(mark))
      assert.ok(mark.chars <= SENTENCE.length && mark.atMs <= lengthMs + 1, JSON.stringify(mark))
      last = mark
    }
  })

  test(`${name}: the speech rate is honoured`, async () => {
    const slow = durationMs(await whole(SENTENCE, { speechRate: 0.5 }))
    const fast = durationMs(await whole(SENTENCE, { speechRate: 2 }))
    assert.ok(slow / fast > 2.5 && slow / fast < 5, `${slow} against ${fast} ms`)
  })

  test(`${name}: punctuation alone ends without sound`, async () => {
    for (const text of ['', ' ', '...', '?! —', '*** 😀 ***']) {
      const spoken = await whole(text)
      assert.deepEqual(spoken.order, ['end'], JSON.stringify(text))
    }
  })

  test(`${name}: an unknown voice is spoken with the default one`, async () => {
    const spoken = await whole('Yes.', { voiceId: 'nobody' })
    assert.deepEqual(spoken.errors, [])
    assert.ok(durationMs(spoken) > 0)
  })

  test(`${name}: numbers, markdown and other scripts do no harm`, async () => {
    for (const text of [
      '# Sum\n* 3.5% of $1,200 = **42**',
      '“Naïve” – 你好 o’clock <b>&amp;',
      '-5',
    ])
      assert.equal((await whole(text)).order.at(-1), 'end')
  })

  test(`${name}: nothing comes after cancel, and the next request is served`, async () => {
    const one = provider()
    const first = speak(one, SENTENCE)
    const second = speak(one, 'Yes, of course.')
    first.stream.cancel()
    await until(pump, () => isSpoken(second), 'the second')
    await aWhile(pump)
    assert.deepEqual(first.order, [])
    assert.ok(durationMs(second) > 0)
  })
}
