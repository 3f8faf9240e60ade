import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRecording, type Recording } from '../../src/replay/recording.ts'
import { replay } from '../../src/replay/rerun.ts'
import { whatIf, type WhatIf } from '../../src/replay/what-if.ts'
import type { Change } from '../../src/replay/changes.ts'
import { ClientMessage } from '../../src/schema/messages.ts'
import { logOf } from './call-log-of.ts'
import { Participant } from './participant.ts'
import { SimulatedCall, type CallStory } from './simulated-call.ts'

const LONG =
  'This is a rather long answer that keeps going for quite a while before it finally ends.'

/** Two questions with a pause of 700 ms in the first, an interruption, a noise, and something typed. */
function busyCall(story: CallStory = {}): SimulatedCall {
  const talk = new SimulatedCall({
    asr: { texts: ['tell me about', 'the weather', 'stop that', '', 'one more'], delayMs: 60 },
    llm: { replies: [LONG], firstTokenMs: 240, tokenMs: 15 },
    tts: { msPerChar: 50, firstAudioMs: 70 },
    ...story,
    agentConfig: { Greeting: 'Hello!', EnableIntelligentSegment: false, ...story.agentConfig },
  })
  talk.join()
  talk.speak(1500, 900)
  talk.speak(3100, 900)
  talk.speak(6500, 1000)
  talk.run(14_000)
  talk.speak(0, 250)
  talk.run(6000)
  talk.send(ClientMessage.text, { text: 'what about tomorrow' })
  talk.run(9000)
  talk.send(ClientMessage.stop)
  talk.run(1000)
  return talk
}

function recordingOf(talk: SimulatedCall): Recording {
  const read = readRecording(logOf(talk))
  assert.ok(read.ok, JSON.stringify(read))
  return read.value
}

function counterfactual(recording: Recording, ...changes: Change[]): WhatIf {
  const result = whatIf(recording, changes)
  assert.ok(result.ok, JSON.stringify(result))
  return result.value
}

const words = (result: WhatIf): string[] => result.differences.map((one) => one.words)

test('a recorded call is decided again exactly as it was, byte for byte', () => {
  const recording = recordingOf(busyCall())
  const { events, differences } = replay(recording)
  assert.ok(events > 80, String(events))
  assert.deepEqual(differences, [])
})

test('a record that was tampered with, or another engine, does not pass', () => {
  const recording = recordingOf(busyCall())
  const [stretch] = recording.stretches
  assert.ok(stretch !== undefined)
  const settings = { ...stretch.settings, silenceMs: stretch.settings.silenceMs + 1 }
  const { differences } = replay({ ...recording, stretches: [{ ...stretch, settings }] })
  assert.ok(differences.length > 0)
  assert.equal(differences[0]?.event.type, 'speech-end')
})

test('without any change the other run goes as the recorded one did', () => {
  const result = counterfactual(recordingOf(busyCall()))
  assert.deepEqual(result.differences, [])
  assert.deepEqual([result.unexplained, result.scriptedTurns], [0, []])
  assert.deepEqual(
    result.other.turns.map((turn) => [turn.userText, turn.answerText.length]),
    result.recorded.turns.map((turn) => [turn.userText, turn.answerText.length]),
  )
  assert.ok(result.recorded.interruptions.length >= 1)
})

test('AsrMaxSilence=1000: the pause does not split the turn, and every answer is 600 ms later', () => {
  const recording = recordingOf(busyCall())
  const result = counterfactual(recording, { path: 'AsrConfig.AsrMaxSilence', value: 1000 })
  assert.deepEqual(result.changes, [{ path: 'AsrConfig.AsrMaxSilence', to: 1000 }])
  const merged = result.differences.filter(({ kind }) => kind === 'turns-merged')
  assert.deepEqual(
    merged.map((one) => one.words),
    ['2 turns become one: “tell me about” + “the weather”'],
  )
  const turn = result.other.turns.find(({ userText }) => userText.startsWith('tell me'))
  assert.equal(turn?.userText, 'tell me about the weather')
  assert.deepEqual(result.scriptedTurns, [turn?.turnId])
  const delayed = result.differences.filter(({ kind }) => kind === 'answer-delay')
  assert.ok(delayed.length >= 1, words(result).join('\n'))
  for (const { recordedTurns, otherTurns } of delayed) {
    const before = result.recorded.turns.find((one) => one.turnId === recordedTurns[0])
    const after = result.other.turns.find((one) => one.turnId === otherTurns[0])
    const laterMs = (after?.answerDelayMs ?? 0) - (before?.answerDelayMs ?? 0)
    assert.ok(Math.abs(laterMs - 600) <= 40, String(laterMs))
  }
  assert.equal(result.unexplained, 0)
})

test('a made-up answer is as long as the others: who interrupted one interrupts it, too', () => {
  const recording = recordingOf(busyCall())
  const change = { path: 'AsrConfig.AsrMaxSilence', value: 1000 }
  const { other, scriptedTurns } = counterfactual(recording, change)
  const [interruption] = other.interruptions
  assert.equal(interruption?.by, 'voice')
  assert.ok(scriptedTurns.includes(interruption.turnId ?? 0))
})

test('EnableVoiceInterrupt=false: the interruption would not have happened', () => {
  const recording = recordingOf(busyCall())
  const result = counterfactual(recording, {
    path: 'InterruptConfig.EnableVoiceInterrupt',
    value: false,
  })
  assert.ok(result.differences.some(({ kind }) => kind === 'interruption-gone'))
  assert.equal(result.other.interruptions.filter(({ by }) => by === 'voice').length, 0)
})

test('a change in mid-call is replayed too, and other settings are laid over it as well', () => {
  const talk = new SimulatedCall({
    asr: { texts: ['first', 'second'] },
    llm: { replies: ['Yes.'] },
  })
  talk.join()
  talk.speak(100, 800)
  talk.run(4000)
  talk.send(ClientMessage.maxSilence, { asrMaxSilence: 900 })
  talk.speak(100, 800)
  talk.run(4000)
  talk.send(ClientMessage.stop)
  talk.run(500)
  const recording = recordingOf(talk)
  assert.deepEqual(replay(recording).differences, [])
  const delays = (result: WhatIf): number[] =>
    result.other.turns.map((turn) => Math.round((turn.answerDelayMs ?? 0) / 100) * 100)
  assert.deepEqual(delays(counterfactual(recording)), [400, 900])
  const change = { path: 'AsrConfig.AsrMaxSilence', value: 600 }
  assert.deepEqual(delays(counterfactual(recording, change)), [600, 600])
})

test('a member that the engine does not obey is refused by name, a wrong value too', () => {
  const recording = recordingOf(busyCall())
  const voice = whatIf(recording, [{ path: 'TtsConfig.VoiceId', value: 'x' }])
  assert.ok(!voice.ok && /^TtsConfig.VoiceId cannot .* AsrConfig.AsrMaxSilence,/.test(voice.error))
  const value = whatIf(recording, [{ path: 'AsrConfig.AsrMaxSilence', value: 5 }])
  assert.ok(!value.ok && /^AsrConfig.AsrMaxSilence must be .*200.*1200/.test(value.error))
})

test('a call that was taken up again after the loss of its worker has two stretches', () => {
  const before = busyCall()
  const after = new SimulatedCall({
    asr: { texts: ['are you back'] },
    llm: { replies: ['I am.'] },
    past: {
      nextTurnId: 9,
      nextEntryId: 20,
      history: [[{ role: 'user', content: 'tell me about' }]],
      hasBegun: true,
      lostAtMs: -2000,
    },
  })
  after.join()
  after.speak(500, 800)
  after.run(5000)
  after.send(ClientMessage.stop)
  after.run(500)
  const recording = recordingOf(before)
  const both = {
    ...recording,
    stretches: [...recording.stretches, ...recordingOf(after).stretches],
  }
  assert.equal(both.stretches.length, 2)
  assert.deepEqual(replay(both).differences, [])
  assert.ok(counterfactual(both).other.turns.some(({ userText }) => userText === 'are you back'))
})

/** A human takes over in the middle of the agent's answer, says something, and leaves. */
function takenOver(agentConfig: object): SimulatedCall {
  const talk = new SimulatedCall({
    asr: { texts: ['tell me a story', 'good day to you', 'thank you'] },
    llm: { replies: [LONG] },
    agentConfig,
  })
  const user = new Participant(talk, 'user', 1000)
  const human = new Participant(talk, 'human', 1500)
  user.join()
  user.speak(800)
  talk.run(4000)
  assert.ok(talk.call.command({ type: 'takeover', humanUserId: 'human' }).ok)
  talk.run(1000)
  human.join()
  talk.run(500)
  human.speak(1200)
  talk.run(4000)
  user.speak(900)
  talk.run(3000)
  human.leave('hang-up')
  talk.run(12_000)
  return talk
}

test('a takeover is decided again exactly, in either voice, and other settings leave it as it is', () => {
  for (const TakeoverMode of [0, 1]) {
    const talk = takenOver({ antiphon: { TakeoverMode } })
    assert.ok(talk.hasEnded)
    const recording = recordingOf(talk)
    assert.deepEqual(replay(recording).differences, [])
    const change = { path: 'AsrConfig.AsrMaxSilence', value: 900 }
    const { other, recorded, unexplained, differences } = counterfactual(recording, change)
    assert.equal(unexplained, 0)
    assert.deepEqual(
      [recorded.end?.reason, other.end?.reason],
      ['takeover-ended', 'takeover-ended'],
    )
    assert.deepEqual(
      differences.filter(({ kind }) => kind !== 'answer-delay'),
      [],
    )
  }
})

test('push-to-talk is decided again exactly, and without the button turns end by silence', () => {
  const talk = new SimulatedCall({
    asr: { texts: ['the first'] },
    llm: { replies: ['Yes.'] },
    agentConfig: { EnablePushToTalk: true },
  })
  talk.join()
  talk.send(ClientMessage.talkStart)
  talk.speak(200, 900)
  talk.run(1300)
  talk.send(ClientMessage.talkFinish)
  talk.run(5000)
  talk.send(ClientMessage.talkStart)
  talk.speak(200, 600)
  talk.run(1000)
  talk.send(ClientMessage.talkCancel)
  talk.run(3000)
  talk.send(ClientMessage.stop)
  talk.run(500)
  const recording = recordingOf(talk)
  assert.deepEqual(replay(recording).differences, [])
  assert.deepEqual(counterfactual(recording).differences, [])
  const open = counterfactual(recording, { path: 'EnablePushToTalk', value: false })
  assert.equal(open.unexplained, 0)
  const [turn] = open.other.turns
  assert.equal(turn?.endpointReason, 'silence 400 ms')
  // The button was released 200 ms after the last word.
  assert.match(words(open).join(), /“the first” is answered after \d+ ms instead of \d+ ms/)
})

test('what is no call log, or has no trace, is refused with the reason', () => {
  const errorOf = (log: unknown): string => {
    const read = readRecording(log)
    return read.ok ? '' : read.error
  }
  assert.match(errorOf({ hello: 1 }), /no call log/)
  const { antiphon: _, ...bare } = logOf(busyCall())
  assert.match(errorOf(bare), /no antiphon.trace/)
  const log = logOf(busyCall())
  const [stretch] = log.antiphon.trace?.stretches ?? []
  assert.ok(stretch !== undefined)
  const newer = { ...stretch, head: { ...stretch.head, version: 99 } }
  const antiphon = { ...log.antiphon, trace: { stretches: [newer] } }
  assert.match(errorOf({ ...log, antiphon }), /version 99/)
})
