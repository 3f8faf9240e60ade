import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Action, DialogueEvent } from './events.ts'
import { PLAIN } from './play.ts'
import { INTERRUPTED_TAG, PENDING_RESULT } from './history.ts'
import type { DialogueSettings } from './settings.ts'
import { initialState, type DialogueState } from './state.ts'
import { step } from './step.ts'

const TOOLS = [
  { name: 'weather', filler: 'I am looking it up.' },
  { name: 'order', filler: '' },
]

/** Drives the engine by hand: each event, and what came of it. */
class Engine {
  state: DialogueState
  nowMs = 0

  constructor(settings: Partial<DialogueSettings>) {
    this.state = initialState({ ...PLAIN, tools: TOOLS, ...settings })
    this.send({ type: 'agent-ready' })
    this.send({ type: 'user-join', userId: 'u' })
  }

  send(event: DistributiveOmit<DialogueEvent, 'atMs'>, afterMs = 10): readonly Action[] {
    this.nowMs += afterMs
    const { state, actions } = step(this.state, { ...event, atMs: this.nowMs } as DialogueEvent)
    this.state = state
    return actions
  }

  ask(text: string): readonly Action[] {
    return this.send({ type: 'text-input', text, interrupts: true })
  }

  get replyId(): number {
    return this.state.speech?.replyId ?? 0
  }

  say(text: string): void {
    this.send({ type: 'reply-delta', replyId: this.replyId, text })
  }

  call(name: string, given = '{}'): void {
    this.send({ type: 'reply-tool-call', replyId: this.replyId, name, arguments: given })
  }

  end(): readonly Action[] {
    return this.send({ type: 'reply-end', replyId: this.replyId })
  }

  /** Everything that is queued is played. */
  playOut(): void {
    for (const { segmentId, progress } of this.state.speech?.segments ?? []) {
      if (progress === 'played') continue
      this.send({ type: 'segment-start', segmentId })
      this.send({ type: 'segment-end', segmentId })
    }
  }

  get history(): readonly object[] {
    return this.state.history.flat()
  }
}

type DistributiveOmit<Type, Name extends string> = Type extends unknown ? Omit<Type, Name> : never

const of = <Type extends Action['type']>(
  actions: readonly Action[],
  type: Type,
): readonly Extract<Action, { readonly type: Type }>[] =>
  actions.filter(
    (action): action is Extract<Action, { readonly type: Type }> => action.type === type,
  )

test('a function is called, what was said before is heard meanwhile, and the model gets the result', () => {
  const engine = new Engine({})
  engine.ask('What is the weather in Oslo?')
  engine.say('Let me see')
  engine.call('weather', '{"city":"Oslo"}')
  const ran = engine.end()
  assert.deepEqual(
    of(ran, 'segment-speak').map(({ text }) => text),
    // Clients write what follows right behind it.
    ['Let me see '],
  )
  const [run] = of(ran, 'tool-run')
  assert.equal(run?.name, 'weather')
  assert.equal(run.arguments, '{"city":"Oslo"}')
  engine.playOut()
  assert.equal(engine.state.phase, 'thinking', 'silent, and not the user’s turn yet')
  const { toolCallId } = run
  const answered = engine.send({ type: 'tool-result', toolCallId, content: '{"sky":"clear"}' })
  const [asked] = of(answered, 'reply-start')
  const toolCalls = [{ toolCallId, name: 'weather', arguments: '{"city":"Oslo"}' }]
  assert.deepEqual(asked?.messages, [
    { role: 'user', content: 'What is the weather in Oslo?' },
    { role: 'assistant', content: 'Let me see ', toolCalls },
    { role: 'tool', content: '{"sky":"clear"}', toolCallId },
  ])
  engine.say(' It is clear.')
  engine.end()
  engine.playOut()
  assert.equal(engine.state.phase, 'listening')
  assert.deepEqual(engine.history.slice(1), [
    { role: 'assistant', content: 'Let me see ', toolCalls },
    { role: 'tool', content: '{"sky":"clear"}', toolCallId },
    { role: 'assistant', content: ' It is clear.' },
  ])
})

test('a result that comes after an interruption stands in the history, the record and the next request', () => {
  const engine = new Engine({})
  engine.ask('Order a pizza')
  engine.call('order', '{"what":"pizza"}')
  const [run] = of(engine.end(), 'tool-run')
  const toolCallId = run?.toolCallId ?? ''
  const next = engine.ask('And what time is it?')
  assert.equal(of(next, 'tool-run').length, 0)
  engine.send({ type: 'speech-cancelled', spokenChars: 0 })
  assert.equal(engine.history.at(-1)?.['content' as never], PENDING_RESULT)
  engine.say('Noon.')
  engine.end()
  engine.playOut()
  const late = engine.send({ type: 'tool-result', toolCallId, content: 'ordered' })
  const note = of(late, 'note-turn')[0]?.turn
  assert.equal(note?.turnId, 1)
  assert.deepEqual(note.history.at(-1), { role: 'tool', content: 'ordered', toolCallId })
  assert.equal(of(late, 'reply-start').length, 0, 'nobody is waiting for it any more')
  const [asked] = of(engine.ask('Is it ordered?'), 'reply-start')
  assert.ok(asked?.messages.some(({ content }) => content === 'ordered'))
  assert.ok(!asked?.messages.some(({ content }) => content === PENDING_RESULT))
})

test('a filler is said when a function is slow and the agent silent, and not while it speaks', () => {
  const engine = new Engine({})
  engine.ask('Weather?')
  engine.say('One moment')
  engine.call('weather')
  engine.end()
  const early = engine.send({ type: 'timer-fire', timer: 'tool-filler', chance: 0 }, 1000)
  assert.equal(of(early, 'segment-speak').length, 0)
  assert.equal(of(early, 'timer-set')[0]?.timer, 'tool-filler')
  engine.playOut()
  const later = engine.send({ type: 'timer-fire', timer: 'tool-filler', chance: 0 }, 300)
  assert.deepEqual(
    of(later, 'segment-speak').map(({ text }) => text),
    ['I am looking it up.'],
  )
  assert.equal(of(later, 'tell-agent-subtitle').length, 0)
})

test('unknown functions are a mistake that the model is told of; rounds are bounded', () => {
  const engine = new Engine({ apology: 'Sorry.' })
  engine.ask('Go')
  engine.call('nonsense')
  const [again] = of(engine.end(), 'reply-start')
  assert.match(again?.messages.at(-1)?.content ?? '', /there is no function nonsense/)
  let asked = again
  let runs = 0
  for (let round = 0; round < 20; round += 1) {
    engine.call('order')
    const actions = engine.end()
    runs += of(actions, 'tool-run').length
    const [run] = of(actions, 'tool-run')
    const after = run
      ? engine.send({ type: 'tool-result', toolCallId: run.toolCallId, content: 'ok' })
      : actions
    asked = of(after, 'reply-start')[0] ?? asked
  }
  assert.equal(runs, 4)
  assert.equal(asked?.withoutTools, true)
  assert.equal(engine.state.speech?.generated, 'Sorry.', 'not asked for ever')
})

test('an agent without functions ends the turn when its model wants one all the same', () => {
  const engine = new Engine({ tools: [] })
  engine.ask('Go')
  engine.say('Well.')
  engine.call('anything')
  assert.equal(of(engine.end(), 'tool-run').length, 0)
  engine.playOut()
  assert.equal(engine.state.phase, 'listening')
})

test('a model that fails after its function ran is asked once more, without running it again', () => {
  const engine = new Engine({ apology: 'Sorry.' })
  engine.ask('Order')
  engine.say('I order it.')
  engine.call('order')
  const [run] = of(engine.end(), 'tool-run')
  engine.send({ type: 'tool-result', toolCallId: run?.toolCallId ?? '', content: 'ok' })
  const fail = (): readonly Action[] =>
    engine.send({ type: 'reply-error', replyId: engine.replyId, isRetryable: true })
  const retried = fail()
  assert.equal(of(retried, 'reply-start')[0]?.messages.at(-1)?.content, 'ok')
  assert.equal(of(retried, 'tool-run').length, 0)
  fail()
  engine.playOut()
  assert.deepEqual(
    engine.state.speech?.segments.map(({ text }) => text),
    ['Sorry.'],
  )
  assert.equal(engine.history.length, 3, 'question, call and result stay')
})

test('a turn that has called functions is not forgotten when the user goes on speaking', () => {
  const engine = new Engine({})
  engine.ask('Order a pizza')
  engine.call('order')
  engine.end()
  engine.send({ type: 'speech-start', onsetMs: engine.nowMs })
  engine.send({ type: 'transcript-partial', text: 'with olives' }, 400)
  engine.send({ type: 'speech-cancelled', spokenChars: 0 })
  assert.deepEqual(
    engine.history.map((message) => message['role' as never]),
    ['user', 'assistant', 'tool'],
  )
})

test('the history cut at what was heard keeps calls in their place', () => {
  const engine = new Engine({ isHistorySynced: true })
  engine.ask('Weather?')
  engine.say('Let me see. ')
  engine.call('weather')
  const [run] = of(engine.end(), 'tool-run')
  engine.send({ type: 'tool-result', toolCallId: run?.toolCallId ?? '', content: 'clear' })
  engine.say('It is clear all day.')
  engine.end()
  const [first, second] = engine.state.speech?.segments ?? []
  engine.send({ type: 'segment-start', segmentId: first?.segmentId ?? 0 })
  engine.send({ type: 'segment-end', segmentId: first?.segmentId ?? 0 })
  engine.send({ type: 'segment-start', segmentId: second?.segmentId ?? 0 })
  engine.send({ type: 'interrupt' })
  const segmentId = second?.segmentId ?? 0
  engine.send({ type: 'speech-cancelled', segmentId, spokenChars: 5 })
  assert.deepEqual(
    engine.history.map((message) => message['content' as never]),
    ['Weather?', 'Let me see. ', 'clear', `It is${INTERRUPTED_TAG} clear all day.`],
  )
})

test('what the user waited for tells functions from the model', () => {
  const engine = new Engine({})
  engine.ask('What is the weather in Oslo?')
  engine.call('weather')
  const [run] = of(engine.end(), 'tool-run')
  const toolCallId = run?.toolCallId ?? ''
  engine.send({ type: 'tool-result', toolCallId, content: 'clear' }, 2500)
  engine.say('Clear. ')
  const [segmentId = 0] = engine.state.speech?.segments.map((segment) => segment.segmentId) ?? []
  const heard = engine.send({ type: 'segment-start', segmentId })
  const answer = of(heard, 'note-decision').find(({ decision }) => decision.kind === 'answer')
  assert.equal(
    answer?.decision.words,
    'answered after 2540 ms: model 30 ms, functions 2500 ms, synthesis 10 ms',
  )
})

test('an answer with nothing in it to be said is no unexplained silence', () => {
  const engine = new Engine({})
  engine.ask('Are you there?')
  engine.say('😀')
  const words = of(engine.end(), 'note-decision').map(({ decision }) => decision.words)
  assert.deepEqual(words, ['the model gave nothing that can be said: no answer is given'])
  assert.equal(engine.state.phase, 'listening')
})
