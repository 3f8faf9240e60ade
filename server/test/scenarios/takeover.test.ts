import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SimulatedClock } from '../../src/base/simulated-clock.ts'
import type { AsrProvider } from '../../src/ports/asr.ts'
import type { Sentence, Takeover } from '../../src/ports/call-record.ts'
import { scriptedAsr } from '../../src/providers/scripted/asr.ts'
import { ClientMessage, ServerMessage } from '../../src/schema/messages.ts'
import { Participant } from './participant.ts'
import { SimulatedCall, type CallStory } from './simulated-call.ts'

/** The frequencies by which they are told apart; the agent's voice has 440 Hz. */
const [USER_HZ, HUMAN_HZ, AGENT_HZ] = [1000, 1500, 440]
const ANSWER = 'The answer of the agent.'
const IN_THE_AGENTS_VOICE = { antiphon: { TakeoverMode: 0 } }

/** The first ear of a call is the user's, the next the human's. */
function twoEars(clock: SimulatedClock): AsrProvider {
  const users = scriptedAsr(clock, { texts: ['first', 'second', 'third'] })
  const humans = scriptedAsr(clock, { texts: ['Good day.', 'I can help you.', 'Bye.'] })
  let ears = 0
  return { ...users, open: (...given) => (ears++ === 0 ? users : humans).open(...given) }
}

/** A call, with its user in it. */
class Scene {
  readonly talk: SimulatedCall
  readonly user: Participant
  readonly human: Participant

  constructor(agentConfig: object = {}, past?: CallStory['past']) {
    this.talk = new SimulatedCall({
      tts: { msPerChar: 50 },
      llm: { replies: [ANSWER] },
      agentConfig,
      asrWith: twoEars,
      ...(past === undefined ? {} : { past }),
    })
    this.user = new Participant(this.talk, 'user', USER_HZ)
    this.human = new Participant(this.talk, 'human', HUMAN_HZ)
    this.user.join()
  }

  /** Human and user in one channel. */
  static connected(agentConfig: object = {}): Scene {
    const scene = new Scene(agentConfig)
    scene.talk.run(100)
    assert.equal(scene.takeOver(), 'ok')
    scene.talk.run(100)
    scene.human.join()
    scene.talk.run(100)
    return scene
  }

  takeOver(humanUserId = 'human'): string {
    const taken = this.talk.call.command({ type: 'takeover', humanUserId })
    return taken.ok ? 'ok' : taken.error
  }

  get answers(): number {
    return this.user.of(ServerMessage.agentSubtitle).filter(({ text }) => text === ANSWER).length
  }

  get takeovers(): readonly Takeover[] {
    return this.talk.records.flatMap(({ record }) =>
      record.type === 'takeover' ? [record.takeover] : [],
    )
  }

  get sentences(): readonly Sentence[] {
    const last = new Map<number, Sentence>()
    for (const { record } of this.talk.records)
      if (record.type === 'sentence') last.set(record.sentence.entryId, record.sentence)
    return [...last.values()]
  }

  get end(): string | undefined {
    const [end] = this.talk.records.flatMap(({ record }) =>
      record.type === 'finished' ? [record.reason] : [],
    )
    return end
  }
}

test('mode 1: user and human hear each other, and the agent says nothing', () => {
  const scene = Scene.connected()
  const { talk, user, human } = scene
  user.speak(1000)
  talk.run(3000)
  human.speak(2000)
  talk.run(4000)
  const near = (ms: number, expected: number): boolean => Math.abs(ms - expected) <= 40
  assert.ok(near(human.heardMs(USER_HZ), 1000), String(human.heardMs(USER_HZ)))
  assert.ok(near(user.heardMs(HUMAN_HZ), 2000), String(user.heardMs(HUMAN_HZ)))
  for (const [who, hz] of [
    [user, AGENT_HZ],
    [human, AGENT_HZ],
    [user, USER_HZ],
    [human, HUMAN_HZ],
  ] as const)
    assert.equal(who.heardMs(hz), 0)
  assert.equal(scene.answers, 0)
})

test('what is said in a takeover is shown and recorded, the human on the agent’s side', () => {
  const scene = Scene.connected()
  const { talk, user, human } = scene
  user.speak(800)
  talk.run(2000)
  human.speak(800)
  talk.run(2000)
  user.speak(800)
  talk.run(2000)
  const lines = scene.sentences.map(({ role, kind, text, saidBy }) => ({
    role,
    kind,
    text,
    saidBy,
  }))
  assert.deepEqual(lines, [
    { role: 'user', kind: 'normal', text: 'first', saidBy: undefined },
    { role: 'agent', kind: 'normal', text: 'Good day.', saidBy: 'human' },
    { role: 'user', kind: 'normal', text: 'second', saidBy: undefined },
  ])
  const shown = (who: Participant, type: number) =>
    who.of(type).map(({ text, end }) => ({ text, end }))
  for (const who of [user, human]) {
    assert.deepEqual(shown(who, ServerMessage.agentSubtitle), [{ text: 'Good day.', end: true }])
    const finals = shown(who, ServerMessage.userSubtitle).filter(({ end }) => end)
    assert.deepEqual(
      finals.map(({ text }) => text),
      ['first', 'second'],
    )
  }
})

test('mode 0: the human’s words are said in the agent’s voice, and the human hears only the user', () => {
  const scene = Scene.connected(IN_THE_AGENTS_VOICE)
  const { talk, user, human } = scene
  human.speak(800)
  talk.run(1500)
  human.speak(800)
  talk.run(4000)
  user.speak(1000)
  talk.run(2000)
  assert.equal(user.heardMs(HUMAN_HZ), 0, 'not the human’s own voice')
  const spokenMs = 50 * 'Good day.I can help you.'.length
  assert.ok(Math.abs(user.heardMs(AGENT_HZ) - spokenMs) <= 80, String(user.heardMs(AGENT_HZ)))
  assert.equal(human.heardMs(AGENT_HZ), 0)
  assert.ok(human.heardMs(USER_HZ) >= 960)
  const said = scene.sentences.filter(({ saidBy }) => saidBy === 'human')
  assert.deepEqual(
    said.map(({ role, text, isFinal }) => [role, text, isFinal]),
    [
      ['agent', 'Good day.', true],
      ['agent', 'I can help you.', true],
    ],
  )
  const shown = user.of(ServerMessage.agentSubtitle).map(({ text }) => text)
  assert.deepEqual(shown, ['Good day.', '', 'I can help you.', ''])
})

test('mode 0: a user who speaks meanwhile takes no word from the human’s mouth', () => {
  const scene = Scene.connected(IN_THE_AGENTS_VOICE)
  const { talk, user, human } = scene
  human.speak(800)
  talk.run(1300)
  user.speak(600)
  talk.run(3000)
  assert.ok(user.heardMs(AGENT_HZ) >= 50 * 'Good day.'.length - 60)
  assert.deepEqual(user.of(ServerMessage.interrupted), [])
})

for (const [name, config, mode] of [
  ['mode 1 unless the agent says otherwise', {}, 1],
  ['mode 0 by the agent’s settings', IN_THE_AGENTS_VOICE, 0],
] as const) {
  test(`a takeover is told in its order: ${name}`, () => {
    const scene = new Scene({ ...config, Greeting: `${ANSWER} `.repeat(5) })
    const { talk, user, human } = scene
    talk.run(1000)
    assert.ok(user.heardMs(AGENT_HZ) > 500)
    scene.takeOver()
    const fromMs = talk.clock.nowMs()
    talk.run(5000)
    assert.ok(user.heardMs(AGENT_HZ, fromMs) <= 20, 'the agent falls silent at once')
    assert.deepEqual(user.of(ServerMessage.takeoverStarting), [
      { takeoverUid: 'human', takeoverMode: mode },
    ])
    assert.deepEqual(user.of(ServerMessage.takeoverConnected), [])
    human.join()
    talk.run(100)
    assert.deepEqual(user.of(ServerMessage.takeoverConnected), [{ takeoverUid: 'human' }])
    assert.deepEqual(
      scene.takeovers.map(({ phase }) => phase),
      ['awaited', 'here'],
    )
  })
}

test('a human who does not come within 60 s: the agent goes on, with what was asked meanwhile', () => {
  const scene = new Scene()
  const { talk, user } = scene
  talk.run(100)
  scene.takeOver()
  user.speak(1000)
  talk.run(59_000)
  assert.equal(scene.answers, 0)
  talk.run(3000)
  assert.equal(scene.answers, 1)
  assert.equal(scene.takeovers.at(-1)?.phase, 'given-up')
  user.speak(1000)
  talk.run(4000)
  assert.equal(scene.answers, 2)
  assert.equal(scene.end, undefined)
})

test('a human who comes after all takes over all the same', () => {
  const scene = new Scene()
  const { talk, user, human } = scene
  scene.takeOver()
  talk.run(61_000)
  human.join()
  talk.run(100)
  assert.equal(user.of(ServerMessage.takeoverConnected).length, 1)
  user.speak(1000)
  talk.run(4000)
  assert.equal(scene.answers, 0)
  assert.ok(human.heardMs(USER_HZ) >= 960)
})

test('the call ends with 2002 when the human hangs up, and when a lost human does not come back', () => {
  const gone = Scene.connected()
  gone.human.leave('hang-up')
  gone.talk.run(100)
  assert.equal(gone.end, 'takeover-ended')
  assert.equal(gone.user.of(ServerMessage.agentLeaving)[0]?.['reason'], 2002)

  const lost = Scene.connected({ UserOfflineTimeout: 5 })
  lost.human.leave('lost')
  lost.talk.run(4900)
  assert.equal(lost.end, undefined)
  lost.human.join()
  lost.talk.run(20_000)
  lost.human.speak(400)
  lost.talk.run(1000)
  assert.ok(lost.user.heardMs(HUMAN_HZ) >= 360, 'back again')
  lost.human.leave('lost')
  lost.talk.run(5100)
  assert.equal(lost.end, 'takeover-ended')
  assert.equal(lost.talk.close(), 0)
})

test('mode 0: what the human said last is still heard after they have hung up', () => {
  const scene = Scene.connected(IN_THE_AGENTS_VOICE)
  scene.human.speak(800)
  scene.talk.run(1250)
  scene.human.leave('hang-up')
  scene.talk.run(2000)
  assert.ok(scene.user.heardMs(AGENT_HZ) >= 50 * 'Good day.'.length - 60)
  assert.equal(scene.end, 'takeover-ended')
})

test('nobody asks a user who talks to a human whether they are there, or hangs up on them', () => {
  const scene = Scene.connected({
    MaxIdleTime: 30,
    AutoSpeechConfig: {
      UserIdle: { WaitTime: 5000, MaxRepeats: 1, Messages: [{ Text: 'Hello?', Probability: 1 }] },
    },
  })
  scene.talk.run(120_000)
  assert.equal(scene.end, undefined)
  assert.deepEqual(scene.user.of(ServerMessage.agentSubtitle), [])
})

test('a takeover is refused to a second human, and to the name of the only user', () => {
  const scene = new Scene()
  assert.equal(scene.takeOver('user'), 'name-taken')
  assert.equal(scene.takeOver('somebody'), 'ok')
  assert.equal(scene.takeOver('human'), 'ok', 'nobody has come yet: it may be another')
  scene.human.join()
  assert.equal(scene.takeOver('human'), 'ok', 'asked again for the same')
  assert.equal(scene.takeOver('other'), 'taken-over')
  const text = scene.talk.call.command({ type: 'text', text: 'And you, model?' })
  assert.deepEqual(text, { ok: false, error: 'taken-over' })
})

test('somebody who is in the channel already is connected at once', () => {
  const scene = new Scene()
  scene.human.join()
  scene.talk.run(100)
  assert.equal(scene.takeOver(), 'ok')
  scene.talk.run(100)
  assert.equal(scene.user.of(ServerMessage.takeoverConnected).length, 1)
  scene.human.speak(400)
  scene.talk.run(500)
  assert.ok(scene.user.heardMs(HUMAN_HZ) >= 360)
})

test('a human is no user: typed text is not theirs to send, and hanging up ends the takeover', () => {
  const scene = Scene.connected()
  scene.human.send(ClientMessage.text, { text: 'as if I were the user' })
  scene.talk.run(100)
  assert.equal(scene.sentences.length, 0)
  assert.equal(scene.human.of(ServerMessage.error).length, 1)
  assert.equal(scene.user.of(ServerMessage.error).length, 0)
  scene.human.send(ClientMessage.stop)
  scene.talk.run(100)
  assert.equal(scene.end, 'takeover-ended')
})

test('a call that lost its worker in a takeover is still taken over', () => {
  const takeover = { userId: 'human', voice: 'own', phase: 'here' } as const
  const past = { nextTurnId: 5, nextEntryId: 5, history: [], hasBegun: true, lostAtMs: -100 }
  const scene = new Scene({}, { ...past, takeover })
  const { talk, user, human } = scene
  talk.run(2000)
  assert.equal(user.of(ServerMessage.takeoverStarting).length, 1, 'told to who joins')
  human.join()
  user.speak(1000)
  talk.run(3000)
  assert.equal(scene.answers, 0)
  assert.ok(human.heardMs(USER_HZ) >= 960)

  const alone = new Scene({}, { ...past, takeover })
  alone.talk.run(6000)
  assert.equal(alone.end, 'takeover-ended', 'the human has not come back')
})
