import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AsrOptions } from '../../src/ports/asr.ts'
import { scriptedAsr } from '../../src/providers/scripted/asr.ts'
import { ClientMessage, ServerMessage } from '../../src/schema/messages.ts'
import { ModelScript } from './model-script.ts'
import { SimulatedCall } from './simulated-call.ts'

const userTexts = (talk: SimulatedCall): string[] =>
  (talk.texts(ServerMessage.userSubtitle) as { text: string; end: boolean }[])
    .filter(({ end }) => end)
    .map(({ text }) => text)

/** What the model is asked after the user has said this. */
function asked(text: string, agentConfig: object, favoursHotWords = false) {
  const model = new ModelScript(() => ({ text: 'Yes.' }))
  const opened: AsrOptions[] = []
  const talk = new SimulatedCall({
    agentConfig,
    asrWith: (clock) => {
      const asr = scriptedAsr(clock, { texts: [text] })
      const open: typeof asr.open = (options, events) => {
        opened.push(options)
        return asr.open(options, events)
      }
      return { ...asr, open, favoursHotWords }
    },
    llmWith: model.on,
  })
  talk.join()
  talk.speak(100, 800)
  talk.run(3000)
  assert.equal(talk.close(), 0)
  return {
    question: model.requests[0]?.messages.at(-1)?.content,
    shown: userTexts(talk)[0],
    options: opened[0],
  }
}

test('hot words of agent and call are put right where the recogniser cannot favour them', () => {
  const agentConfig = {
    AsrConfig: { AsrHotWords: ['Antiphon'] },
    antiphon: { HotWords: ['Siobhan', '量子比特'] },
  }
  const spoken = 'tell shobon about antifon and 亮子比特'
  const corrected = asked(spoken, agentConfig)
  assert.equal(corrected.question, 'tell shobon about Antiphon and 量子比特')
  assert.equal(corrected.shown, corrected.question)
  assert.deepEqual(corrected.options?.hotWords, ['Siobhan', '量子比特', 'Antiphon'])
  const favoured = asked(spoken, agentConfig, true)
  assert.equal(favoured.question, spoken)
  assert.deepEqual(favoured.options?.hotWords, corrected.options?.hotWords)
})

test('CustomParams and the language reach the recogniser', () => {
  const { options } = asked('hello', {
    AsrConfig: { CustomParams: 'domain=bank&x=1', AsrLanguageId: 'zh_en' },
  })
  assert.equal(options?.customParams, 'domain=bank&x=1')
  assert.equal(options.languageId, 'zh_en')
})

test('sensitive words are asterisks for the user, and words for the model and the record', () => {
  const model = new ModelScript(() => ({ text: 'Damn is a word.' }))
  const talk = new SimulatedCall({
    agentConfig: { antiphon: { SensitiveWords: ['damn', '傻瓜'] } },
    asr: { texts: ['Damn, you 傻瓜', 'classic'], partials: true },
    llmWith: model.on,
  })
  talk.join()
  talk.speak(100, 900)
  talk.run(3000)
  assert.equal(userTexts(talk)[0], '****, you **')
  assert.equal(model.requests[0]?.messages.at(-1)?.content, 'Damn, you 傻瓜')
  const lines = talk.records.flatMap(({ record }) =>
    record.type === 'sentence' && record.sentence.role === 'user' ? [record.sentence.text] : [],
  )
  assert.equal(lines.at(-1), 'Damn, you 傻瓜')
  const agent = talk.texts(ServerMessage.agentSubtitle) as { text: string }[]
  assert.equal(agent[0]?.text, 'Damn is a word.')
  talk.close()
})

/** How long after speech began the agent's sound stops, while it gives no text. */
function heldAfter(asrConfig: object): number {
  const talk = new SimulatedCall({
    agentConfig: { AsrConfig: asrConfig },
    asr: { texts: [''] },
    llm: {
      replies: [
        'A very long answer that goes on and on and on and on and on and on until its end.',
      ],
    },
    tts: { msPerChar: 80 },
  })
  talk.join()
  talk.send(ClientMessage.text, { text: 'Go', enableInterrupt: 1 })
  talk.run(1000)
  talk.speak(0, 2500)
  talk.run(2400)
  talk.close()
  return (talk.heardSpans()[0]?.untilMs ?? Number.NaN) - 1000
}

test('VadLevel: the higher from 1 to 10, the longer speech must last before the agent stops', () => {
  const byLevel = Array.from({ length: 10 }, (_, index) => heldAfter({ VadLevel: index + 1 }))
  for (const [index, afterMs] of byLevel.entries()) {
    const before = byLevel[index - 1]
    if (before !== undefined) assert.ok(afterMs > before, byLevel.join(' '))
  }
  assert.ok(Math.abs((byLevel[0] ?? 0) - 160) <= 40, byLevel.join(' '))
  const recommended = heldAfter({ VadLevel: 11 })
  assert.ok(recommended <= (byLevel[0] ?? 0) + 20, String(recommended))
})

test('VadLevel 0: sound alone never stops the agent', () => {
  assert.ok(heldAfter({ VadLevel: 0 }) >= 2380, String(heldAfter({ VadLevel: 0 })))
})

test('VadDuration: shorter speech interrupts nothing and is answered afterwards; longer speech interrupts', () => {
  const play = (forMs: number, agentConfig: object) => {
    const model = new ModelScript((_, count) => ({
      text:
        count === 1 ? 'A rather long answer that goes on for quite a while, for a reason.' : 'Yes.',
    }))
    const talk = new SimulatedCall({
      agentConfig,
      asr: { texts: ['tell me more'], partials: true, firstPartialMs: 200 },
      llmWith: model.on,
      tts: { msPerChar: 60 },
    })
    talk.join()
    talk.send(ClientMessage.text, { text: 'Go', enableInterrupt: 1 })
    talk.run(1000)
    talk.speak(0, forMs)
    talk.run(9000)
    assert.equal(talk.close(), 0)
    const at = talk.told.find(({ type }) => type === ServerMessage.interrupted)?.atMs
    return { interruptedAfterMs: (at ?? Number.NaN) - 1000, asked: model.requests.length }
  }
  const long = { AsrConfig: { VadDuration: 1000 } }
  assert.ok(Math.abs(play(1600, long).interruptedAfterMs - 1000) <= 60)
  assert.deepEqual(play(600, long), { interruptedAfterMs: Number.NaN, asked: 2 })
  assert.ok(play(600, {}).interruptedAfterMs < 400)
  const dropped = { ...long, InterruptConfig: { NoInterruptMode: 'discard' } }
  assert.equal(play(600, dropped).asked, 1)
  const words = { ...long, InterruptConfig: { InterruptWords: ['more'] } }
  assert.ok(play(600, words).interruptedAfterMs < 900)
})

test('hot words changed in mid-call hold from the next sentence on, not in the middle of one', () => {
  for (const favoursHotWords of [false, true]) {
    const opened: (readonly string[])[] = []
    const talk = new SimulatedCall({
      asrWith: (clock) => {
        const asr = scriptedAsr(clock, { texts: ['tell me about antifon'] })
        const open: typeof asr.open = (options, events) => {
          opened.push(options.hotWords)
          return asr.open(options, events)
        }
        return { ...asr, open, favoursHotWords }
      },
    })
    talk.join()
    talk.speak(500, 1000)
    talk.run(1000)
    talk.call.change({ agentConfig: '{"AsrConfig":{"AsrHotWords":["Antiphon"]}}' })
    talk.call.change({ agentConfig: '{"AsrConfig":{"AsrHotWords":["Antiphon"]},"Volume":90}' })
    assert.deepEqual(opened, [[]], 'the sentence under way keeps its recogniser')
    talk.run(6000)
    talk.speak(0, 1000)
    talk.run(4000)
    assert.deepEqual(opened, [[], ['Antiphon']])
    const later = favoursHotWords ? 'antifon' : 'Antiphon'
    assert.deepEqual(userTexts(talk), ['tell me about antifon', `tell me about ${later}`])
    talk.close()
  }
})
