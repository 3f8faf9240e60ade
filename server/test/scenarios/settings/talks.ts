import type { AsrOptions } from '../../../src/ports/asr.ts'
import type { TtsRequest } from '../../../src/ports/tts.ts'
import { scriptedAsr } from '../../../src/providers/scripted/asr.ts'
import { scriptedTts } from '../../../src/providers/scripted/tts.ts'
import { ClientMessage, ServerMessage } from '../../../src/schema/messages.ts'
import { ModelScript } from '../model-script.ts'
import { SimulatedCall, type CallStory } from '../simulated-call.ts'

/** Five seconds of speech at 60 ms a character. */
export const LONG =
  'A rather long answer that goes on for quite a while, for no other reason than to be cut.'

/** What the agent was shown to say, piece by piece. */
export const said = (talk: SimulatedCall): readonly string[] =>
  (talk.texts(ServerMessage.agentSubtitle) as { text: string }[])
    .map(({ text }) => text)
    .filter((text) => text !== '')

export const userTexts = (talk: SimulatedCall): readonly string[] =>
  (talk.texts(ServerMessage.userSubtitle) as { text: string; end: boolean }[])
    .filter(({ end }) => end)
    .map(({ text }) => text)

export const reasons = (talk: SimulatedCall): readonly number[] =>
  (talk.texts(ServerMessage.interrupted) as { reason: number }[]).map(({ reason }) => reason)

export const ask = (talk: SimulatedCall, text: string): void =>
  talk.send(ClientMessage.text, { text, enableInterrupt: 1 })

/** When the agent was first heard. */
export const firstHeardMs = (talk: SimulatedCall): number =>
  talk.heardSpans()[0]?.fromMs ?? Number.NaN

/** A call with its user in it. */
export function joined(story: CallStory): SimulatedCall {
  const talk = new SimulatedCall({ tts: { msPerChar: 50 }, ...story })
  talk.join()
  return talk
}

export const questionOf = (model: ModelScript, index: number): string | undefined =>
  model.requests.at(index)?.messages.at(-1)?.content

/** A call whose agent has been speaking LONG for a second; whatever is asked next is answered "Yes.". */
export function speaking(
  agentConfig: object,
  texts: readonly string[] = [],
): { readonly talk: SimulatedCall; readonly model: ModelScript } {
  const model = new ModelScript((_, count) =>
    count === 1 ? { text: LONG } : { text: 'Yes.', afterMs: 500 },
  )
  const talk = joined({
    agentConfig,
    asr: { texts, partials: true, firstPartialMs: 200 },
    tts: { msPerChar: 60 },
    llmWith: model.on,
  })
  ask(talk, 'Go')
  talk.run(1000)
  return { talk, model }
}

/** What the user said once, and what became of it. */
export function heardOnce(
  text: string,
  agentConfig: object,
): {
  readonly question: string | undefined
  readonly shown: string | undefined
  /** Of the recogniser that heard it. */
  readonly options: AsrOptions | undefined
  /** From the end of speech. */
  readonly askedAfterMs: number
} {
  const model = new ModelScript(() => ({ text: 'Yes.' }))
  const opened: AsrOptions[] = []
  const talk = joined({
    agentConfig,
    asrWith: (clock) => {
      const asr = scriptedAsr(clock, { texts: [text] })
      return {
        ...asr,
        open: (options, events) => {
          opened.push(options)
          return asr.open(options, events)
        },
      }
    },
    llmWith: model.on,
  })
  talk.speak(100, 1000)
  talk.run(9000)
  talk.close()
  return {
    question: questionOf(model, 0),
    shown: userTexts(talk)[0],
    options: opened.at(-1),
    askedAfterMs: (model.askedMs[0] ?? Number.NaN) - 1100,
  }
}

/** What the voice was asked for in a call that only has a greeting. */
export function voiceRequest(agentConfig: object): TtsRequest | undefined {
  const requests: TtsRequest[] = []
  const talk = withVoice(agentConfig, requests)
  talk.run(300)
  talk.close()
  return requests[0]
}

/** A call whose voice remembers what it was asked for. */
export function withVoice(
  agentConfig: object,
  requests: TtsRequest[],
  story: CallStory = {},
): SimulatedCall {
  const ttsWith: CallStory['ttsWith'] = (clock) => {
    const tts = scriptedTts(clock, { msPerChar: 50 })
    return {
      ...tts,
      voices: ['tone', 'other'],
      speak: (request, events) => {
        requests.push(request)
        return tts.speak(request, events)
      },
    }
  }
  return joined({ ...story, agentConfig, ttsWith })
}
