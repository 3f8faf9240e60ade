import type { Clock } from '../../base/clock.ts'
import type { AsrProvider } from '../../ports/asr.ts'
import type { LlmProvider } from '../../ports/llm.ts'
import type { TestReport } from '../../ports/provider-desk.ts'
import type { ProviderError } from '../../ports/provider-error.ts'
import type { TtsProvider } from '../../ports/tts.ts'
import { PROBE_LIMIT_MS } from './chat-probe.ts'
import { adapterProblem } from './problems.ts'

const SENTENCE = 'This is a test of the voice.'
const FRAME_SAMPLES = 320
const RATE_HZ = 16_000
/** A sound, and a little quiet around it. */
const FRAMES = 60

/** Whom a probe asks, for its messages. */
export interface Asked {
  readonly host: string
  readonly hasKey: boolean
}

/** Runs a probe that answers through `done`, which cancels it, and gives it up after a while. */
function within(
  clock: Clock,
  start: (done: (report: TestReport) => void) => { cancel(): void },
): Promise<TestReport> {
  return new Promise((resolve) => {
    let cancelProbe = (): void => {}
    let isDone = false
    const done = (report: TestReport): void => {
      if (isDone) return
      isDone = true
      cancelTimer()
      cancelProbe()
      resolve(report)
    }
    const message = `No whole answer came in ${PROBE_LIMIT_MS / 1000} s.`
    const cancelTimer = clock.after(PROBE_LIMIT_MS, () =>
      done({ problem: 'timeout', message, warnings: [] }),
    )
    const { cancel } = start(done)
    cancelProbe = cancel
    if (isDone) cancel()
  })
}

export function probeVoice(tts: TtsProvider, clock: Clock, asked: Asked): Promise<TestReport> {
  const startedMs = clock.nowMs()
  let firstMs: number | undefined
  let seconds = 0
  return within(clock, (done) =>
    tts.speak(
      { text: SENTENCE, voiceId: tts.defaultVoiceId, speechRate: 1 },
      {
        onAudio: (pcm, sampleRateHz) => {
          firstMs ??= Math.round(clock.nowMs() - startedMs)
          seconds += pcm.length / sampleRateHz
        },
        onMark: () => {},
        onEnd: () => {
          const totalMs = Math.round(clock.nowMs() - startedMs)
          if (firstMs === undefined) {
            return done({ problem: 'empty', message: 'It gave no sound.', warnings: [] })
          }
          const length = `${seconds.toFixed(1)} s of speech`
          const message = `It works: the first of ${length} came after ${firstMs} ms.`
          return done({ message, warnings: [], firstMs, totalMs })
        },
        onError: ({ message }: ProviderError) => done(adapterProblem(message, asked)),
      },
    ),
  )
}

export function probeRecogniser(asr: AsrProvider, clock: Clock, asked: Asked): Promise<TestReport> {
  const startedMs = clock.nowMs()
  const languageId = asr.languages === 'any' ? 'en' : (preferred(asr.languages) ?? 'en')
  return within(clock, (done) => {
    const stream = asr.open(
      { languageId, hotWords: [], customParams: '', instanceId: 'test' },
      {
        onPartial: () => {},
        onFinal: (text) => {
          const totalMs = Math.round(clock.nowMs() - startedMs)
          const heard = text === '' ? 'no words in it, as is right' : 'something'
          const message = `It works: a sound was heard, and ${heard}, after ${totalMs} ms.`
          done({ message, warnings: [], totalMs, answer: text.slice(0, 300) })
        },
        onError: ({ message }: ProviderError) => done(adapterProblem(message, asked)),
      },
    )
    for (const frame of sound()) stream.write(frame)
    stream.flush(1)
    return { cancel: () => stream.close() }
  })
}

export function probeModel(llm: LlmProvider, clock: Clock, asked: Asked): Promise<TestReport> {
  const startedMs = clock.nowMs()
  let firstMs: number | undefined
  let text = ''
  return within(clock, (done) =>
    llm.start(
      {
        messages: [{ role: 'user', content: 'Hello!' }],
        extendData: { instanceId: 'test', channelId: 'test', sentenceId: 1 },
        extraQuery: '',
      },
      {
        onDelta: (delta) => {
          text += delta
          firstMs ??= Math.round(clock.nowMs() - startedMs)
        },
        onToolCall: () => {},
        onEnd: () => {
          if (firstMs === undefined) {
            return done({ problem: 'empty', message: 'It answered nothing.', warnings: [] })
          }
          const totalMs = Math.round(clock.nowMs() - startedMs)
          const message = `It works: the first word came after ${firstMs} ms.`
          return done({ message, warnings: [], firstMs, totalMs, answer: text.slice(0, 300) })
        },
        onError: ({ message }: ProviderError) => done(adapterProblem(message, asked)),
      },
    ),
  )
}

const preferred = (languages: readonly string[]): string | undefined =>
  languages.find((one) => one === 'en') ?? languages[0]

/** A hum that swells and fades, as a voice might. */
function sound(): readonly Int16Array[] {
  return Array.from({ length: FRAMES }, (_, frame) => {
    const level = 6000 * Math.max(0, Math.sin((Math.PI * (frame - 10)) / (FRAMES - 20)))
    return Int16Array.from({ length: FRAME_SAMPLES }, (__, index) => {
      const t = (frame * FRAME_SAMPLES + index) / RATE_HZ
      const tone = (hz: number): number => Math.sin(2 * Math.PI * hz * t)
      return level * (0.6 * tone(140) + 0.3 * tone(560) + 0.1 * tone(2200))
    })
  })
}
