/** Models that stop in the middle of their answer, as the user hears it and the call's owner is told. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from '../../src/base/clock.ts'
import type { LlmProvider } from '../../src/ports/llm.ts'
import { ClientMessage, ServerMessage } from '../../src/schema/messages.ts'
import { ModelScript } from './model-script.ts'
import { SimulatedCall } from './simulated-call.ts'

const MS_PER_CHAR = 50

/** Gives each text after a wait; never says that it is done. Tells when it is given up. */
const stalling =
  (texts: readonly (readonly [afterMs: number, text: string])[], onCancel: () => void) =>
  (clock: Clock): LlmProvider => ({
    name: 'stalling',
    start: (_, events) => {
      const waits = texts.map(([afterMs, text]) => clock.after(afterMs, () => events.onDelta(text)))
      return {
        cancel() {
          for (const stop of waits) stop()
          onCancel()
        },
      }
    },
  })

const errorsOf = (talk: SimulatedCall): readonly string[] =>
  talk.records.flatMap(({ record }) =>
    record.type === 'event' && record.event.name === 'error' ? [record.event.message] : [],
  )

test('a model that stops in a sentence: no silence longer than four seconds, and an end', () => {
  let cancels = 0
  const talk = new SimulatedCall({
    llmWith: stalling([[300, 'It is cold today. The wind comes fr']], () => (cancels += 1)),
    tts: { msPerChar: MS_PER_CHAR },
  })
  talk.join()
  talk.send(ClientMessage.text, { text: 'How is the weather?', enableInterrupt: 1 })
  talk.run(20_000)
  const spans = talk.heardSpans()
  // The first sentence; the words of the second; the rest of it and the apology.
  assert.equal(spans.length, 3, JSON.stringify(spans))
  for (const [index, { fromMs }] of spans.entries()) {
    const silentMs = fromMs - (spans[index - 1]?.untilMs ?? 0)
    assert.ok(silentMs < 4200, `${silentMs} ms of silence: ${JSON.stringify(spans)}`)
  }
  const states = (talk.texts(ServerMessage.state) as { state: number }[]).map(({ state }) => state)
  assert.deepEqual(states, [1, 2, 3, 2, 3, 1])
  assert.equal(cancels, 1)
  assert.deepEqual(errorsOf(talk), ['language model: it stopped in the middle of its answer'])
  const shown = talk.texts(ServerMessage.agentSubtitle) as { text: string; sentenceId: number }[]
  const answer = shown.filter(({ sentenceId }) => sentenceId === 1).map(({ text }) => text)
  assert.equal(answer.join(''), 'It is cold today. The wind comes fr')
  assert.match(shown.map(({ text }) => text).join(''), /fr.*Sorry, I could not/)
  assert.equal(talk.close(), 0)
})

test('a model that pauses for three seconds, again and again, is let finish', () => {
  const texts = ['First ', 'this. ', 'Then ', 'that. '].map((text, index) => [
    300 + index * 3000,
    text,
  ])
  const talk = new SimulatedCall({
    llmWith: stalling(texts as [number, string][], () => {}),
    tts: { msPerChar: MS_PER_CHAR },
  })
  talk.join()
  talk.send(ClientMessage.text, { text: 'Go on', enableInterrupt: 1 })
  talk.run(25_000)
  const shown = talk.texts(ServerMessage.agentSubtitle) as { text: string }[]
  assert.equal(shown.map(({ text }) => text).join(''), 'First this. Then that. ')
  assert.equal(talk.close(), 0)
})

test('a stall with voice interruption off does not keep the next question waiting', () => {
  const model = new ModelScript(() => ({ text: 'Yes.' }))
  const stall = stalling([[300, 'Well, that ']], () => {})
  let asked = 0
  const talk = new SimulatedCall({
    agentConfig: { InterruptConfig: { EnableVoiceInterrupt: false } },
    asr: { texts: ['are you there'] },
    llmWith: (clock) => {
      const [broken, working] = [stall(clock), model.on(clock)]
      const start: LlmProvider['start'] = (request, events) =>
        (++asked === 1 ? broken : working).start(request, events)
      return { name: 'first broken', start }
    },
  })
  talk.join()
  talk.run(1000)
  talk.send(ClientMessage.text, { text: 'A question', enableInterrupt: 1 })
  talk.speak(3800, 800)
  talk.run(20_000)
  const shown = talk.texts(ServerMessage.agentSubtitle) as { text: string }[]
  assert.equal(shown.map(({ text }) => text).join(''), 'Well, that Yes.', 'and no apology')
  assert.equal(talk.close(), 0)
})
