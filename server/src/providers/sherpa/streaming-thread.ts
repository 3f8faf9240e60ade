import { workerData } from 'node:worker_threads'
import { serveModel } from '../serve-model.ts'
import { toFloat, type SherpaOnlineStream } from '../sherpa.ts'
import { joinedText } from '../speech-text.ts'
import { recogniserConfig } from './model-config.ts'
import { sherpaLibrary, type SherpaSetup } from './sherpa-setup.ts'

/** One step of a call's speech; `stream` and `epoch` tell call and sentence. */
export interface StreamAsk {
  readonly stream: number
  readonly epoch: number
  /** 16 kHz. */
  readonly samples?: Int16Array
  /** The text of all sound before is wanted, as it stands. */
  readonly flushId?: number
  /** The call is over. */
  readonly isLast?: boolean
}

/** The text of the sentence so far. */
export interface StreamReply {
  readonly stream: number
  readonly epoch: number
  readonly text: string
  readonly flushId?: number
}

interface Sentence {
  readonly epoch: number
  readonly settled: string[]
  stream: SherpaOnlineStream | undefined
}

const SAMPLE_RATE_HZ = 16_000
/** Silence after the last word, so that the model's window passes it. */
const TAIL_SAMPLES = 0.7 * SAMPLE_RATE_HZ

await serveModel<StreamAsk, StreamReply>(async () => {
  const setup = workerData as SherpaSetup
  const { OnlineRecognizer } = await sherpaLibrary(setup)
  const recognizer = new OnlineRecognizer(recogniserConfig(setup.model, setup))
  const sentences = new Map<number, Sentence>()

  const textOf = (stream: SherpaOnlineStream): string => {
    while (recognizer.isReady(stream)) recognizer.decode(stream)
    return recognizer.getResult(stream).text.trim()
  }
  const sentenceOf = ({ stream, epoch }: StreamAsk): Sentence => {
    const known = sentences.get(stream)
    if (known?.epoch === epoch) return known
    const fresh: Sentence = { epoch, settled: [], stream: undefined }
    sentences.set(stream, fresh)
    return fresh
  }
  /** After a pause the model begins anew: nothing of what it has said is taken back. */
  const settle = (sentence: Sentence): void => {
    const { stream } = sentence
    if (stream === undefined) return
    sentence.stream = undefined
    stream.acceptWaveform({ samples: new Float32Array(TAIL_SAMPLES), sampleRate: SAMPLE_RATE_HZ })
    stream.inputFinished()
    sentence.settled.push(textOf(stream))
  }

  return (ask, reply) => {
    if (ask.isLast === true) {
      sentences.delete(ask.stream)
      return
    }
    const sentence = sentenceOf(ask)
    const { stream, epoch, samples, flushId } = ask
    let partial = ''
    if (samples !== undefined) {
      sentence.stream ??= recognizer.createStream()
      sentence.stream.acceptWaveform({ samples: toFloat(samples), sampleRate: SAMPLE_RATE_HZ })
      partial = textOf(sentence.stream)
    }
    if (flushId !== undefined) settle(sentence)
    const text = joinedText([...sentence.settled, partial])
    reply({ stream, epoch, text, ...(flushId !== undefined && { flushId }) })
  }
})
