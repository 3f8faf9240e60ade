import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Action, DialogueEvent, ReplyEvent } from './events.ts'
import { PLAIN } from './play.ts'
import type { DialogueSettings } from './settings.ts'
import { initialState, type DialogueState } from './state.ts'
import { step } from './step.ts'

type Given<Type extends Action['type']> = Extract<Action, { readonly type: Type }>
type Loose<Event> = Event extends DialogueEvent ? Omit<Event, 'atMs'> : never
type Piece = Loose<Exclude<ReplyEvent, { type: 'reply-end' }>>

const of = <Type extends Action['type']>(actions: readonly Action[], type: Type) =>
  actions.filter((action): action is Given<Type> => action.type === type)

/** A user has asked, and the model answers; what is to be said is heard a second later. */
class Answering {
  nowMs = 0
  state: DialogueState
  /** Timers that run. */
  readonly timers = new Map<string, number>()
  readonly spoken: string[] = []
  readonly actions: Action[] = []

  constructor(settings: Partial<DialogueSettings> = {}) {
    this.state = initialState({ ...PLAIN, apology: 'Sorry.', ...settings })
    this.send({ type: 'user-join', userId: 'u' })
    this.send({ type: 'text-input', text: 'How is the weather?', interrupts: true })
  }

  send(event: Loose<DialogueEvent>): void {
    const { state, actions } = step(this.state, { ...event, atMs: this.nowMs } as DialogueEvent)
    this.state = state
    this.actions.push(...actions)
    for (const action of actions) {
      if (action.type === 'timer-set') this.timers.set(action.timer, action.atMs)
      if (action.type === 'timer-clear') this.timers.delete(action.timer)
      if (action.type === 'segment-speak') this.spoken.push(action.text)
    }
    for (const { segmentId } of of(actions, 'segment-speak')) {
      this.send({ type: 'segment-start', segmentId })
      this.nowMs += 1000
      this.send({ type: 'segment-end', segmentId })
    }
  }

  /** Of the request under way. */
  reply(event: Omit<Piece, 'replyId'>): void {
    const replyId = this.state.speech?.replyId ?? 0
    this.send({ ...event, replyId } as Loose<DialogueEvent>)
  }

  say(text: string): void {
    this.reply({ type: 'reply-delta', text } as Omit<Piece, 'replyId'>)
  }

  /** So long nothing comes but the ends of timers. */
  wait(ms: number): void {
    const untilMs = this.nowMs + ms
    for (;;) {
      const [next] = [...this.timers].filter(([, atMs]) => atMs <= untilMs).toSorted(sooner)
      if (next === undefined) break
      const [timer, atMs] = next
      this.nowMs = Math.max(this.nowMs, atMs)
      this.timers.delete(timer)
      this.send({ type: 'timer-fire', timer, chance: 0 } as Loose<DialogueEvent>)
    }
    this.nowMs = Math.max(this.nowMs, untilMs)
  }

  get reasons(): readonly string[] {
    const all = of(this.actions, 'note-decision').map(({ decision }) => decision)
    return all.filter(({ kind }) => kind === 'reply-failed').map(({ words }) => words)
  }
}

const sooner = (one: readonly [string, number], other: readonly [string, number]): number =>
  one[1] - other[1]

test('a model that stops in a sentence: its words are said, then the apology, and the turn is over', () => {
  const talk = new Answering({ tellsCompleteReply: true })
  talk.say('It is cold today. The wea')
  assert.deepEqual(talk.spoken, ['It is cold today. '])
  talk.wait(1900)
  assert.equal(talk.spoken.length, 1, 'a moment is no stall')
  talk.wait(200)
  assert.deepEqual(talk.spoken.slice(1), ['The '], 'half a word is not said')
  talk.wait(2000)
  assert.equal(talk.state.phase, 'thinking', 'the client is told that nothing is being said')
  talk.wait(2100)
  assert.deepEqual(talk.spoken.slice(2), ['wea', 'Sorry.'])
  assert.equal(of(talk.actions, 'reply-cancel').length, 1)
  assert.equal(talk.state.phase, 'listening')
  assert.equal(talk.state.speech, undefined)
  assert.deepEqual(talk.state.history.flat(), [
    { role: 'user', content: 'How is the weather?' },
    { role: 'assistant', content: 'It is cold today. The wea' },
    { role: 'assistant', content: 'Sorry.' },
  ])
  assert.match(talk.reasons.join(), /nothing more for 4000 ms.*and an apology/)
  assert.equal(of(talk.actions, 'tell-reply-complete')[0]?.text, 'It is cold today. The wea')
  assert.ok(!talk.timers.has('stall'))
})

test('a model that never says that it is done: a whole sentence needs no apology', () => {
  const talk = new Answering()
  talk.say('It is cold today. ')
  talk.wait(4100)
  assert.deepEqual(talk.spoken, ['It is cold today. '])
  assert.equal(talk.state.phase, 'listening')
})

test('a model that goes on after three seconds is heard to its end', () => {
  const talk = new Answering()
  for (const text of ['It is ', 'cold ', 'today ', 'and dark.']) {
    talk.say(text)
    talk.wait(3000)
  }
  talk.reply({ type: 'reply-end' } as never)
  assert.equal(talk.spoken.join(''), 'It is cold today and dark.')
  assert.deepEqual(talk.reasons, [])
  assert.equal(talk.state.phase, 'listening')
})

test('a model that thinks, or writes a function’s arguments, has not stopped', () => {
  const talk = new Answering({ tools: [{ name: 'weather', filler: '' }] })
  talk.say('Let me look. ')
  talk.reply({ type: 'reply-thinking' })
  talk.wait(14_000)
  assert.deepEqual(talk.reasons, [])
  talk.reply({ type: 'reply-tool-call', name: 'weather' } as Omit<Piece, 'replyId'>)
  talk.reply({ type: 'reply-end' } as never)
  assert.equal(of(talk.actions, 'tool-run').length, 1)
  talk.wait(9000)
  assert.deepEqual(talk.reasons, [], 'nor while a function runs')
})

test('a short piece that is to wait for more is not said before the model has stopped for good', () => {
  const talk = new Answering({ outputMinChars: 40 })
  talk.say('Yes. No. ')
  talk.wait(3900)
  assert.deepEqual(talk.spoken, [])
  talk.wait(200)
  assert.deepEqual(talk.spoken, ['Yes. ', 'No. '])
})

test('a connection that breaks in a sentence ends it in the same way, at once', () => {
  const talk = new Answering()
  talk.say('It is cold today. The weather')
  talk.reply({ type: 'reply-error', isRetryable: true } as Omit<Piece, 'replyId'>)
  assert.deepEqual(talk.spoken, ['It is cold today. ', 'The weather', 'Sorry.'])
  const whole = new Answering()
  whole.say('It is cold today.')
  whole.reply({ type: 'reply-error', isRetryable: true } as Omit<Piece, 'replyId'>)
  assert.deepEqual(whole.spoken, ['It is cold today.'])
})

test('a user who speaks meanwhile is answered instead of being apologised to', () => {
  const talk = new Answering({ isVoiceInterruptOn: false })
  talk.say('It is cold today. The weather')
  talk.wait(1000)
  talk.send({ type: 'speech-start', onsetMs: talk.nowMs })
  talk.send({ type: 'transcript-partial', text: 'and tomorrow' })
  talk.wait(6000)
  assert.ok(!talk.spoken.includes('Sorry.'), talk.spoken.join('|'))
  talk.send({ type: 'speech-end', endMs: talk.nowMs })
  talk.send({ type: 'transcript-final', text: 'and tomorrow?', flushId: 1 })
  talk.wait(500)
  assert.equal(of(talk.actions, 'reply-start').length, 2)
})
