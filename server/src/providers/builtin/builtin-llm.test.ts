import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SimulatedClock } from '../../base/simulated-clock.ts'
import type { LlmMessage } from '../../ports/llm.ts'
import { ask, llmContract, requestOf } from '../../ports/llm.contract.ts'
import { pumpOf } from '../../ports/pump.contract.ts'
import { builtinLlm } from './builtin-llm.ts'
import { respond } from './responder.ts'
import { answerSum } from './sums.ts'

const shared = new SimulatedClock()
llmContract({ name: 'builtin', provider: () => builtinLlm(shared), pump: pumpOf(shared) })

/** A conversation: what the user says one after the other; gives the answers. */
function talk(...said: string[]): string[] {
  const messages: LlmMessage[] = []
  const wallMs = Date.UTC(2026, 10, 23, 15, 5)
  return said.map((content) => {
    messages.push({ role: 'user', content })
    const { text } = respond({ messages, wallMs, timeZone: 'UTC' })
    messages.push({ role: 'assistant', content: text })
    return text
  })
}
const last = (...said: string[]): string => talk(...said).at(-1) ?? ''

test('time and date are told, however the recogniser wrote the question', () => {
  for (const question of ['What time is it?', 'Tell me the time, please.', "what's the time"])
    assert.equal(last(question).replaceAll(/\s/g, ' '), 'It is 3:05 PM.', question)
  for (const question of [
    'And what day is today?',
    'And what day is the day?',
    'What day is it',
    "What's the date today?",
    "what's today's date",
  ])
    assert.equal(last(question), 'Today is Monday, November 23, 2026.', question)
  assert.match(last('What time is it? And what day is the day?'), /3:05.*November 23/s)
})

test('sums are done, spoken or written', () => {
  const sums = {
    'What is twelve times seven?': '12 times 7 is 84.',
    'what is 12 x 7': '12 times 7 is 84.',
    'How much is 2 + 3 * 4?': '2 plus 3 times 4 is 14.',
    'What is one hundred and five minus twenty-three?': '105 minus 23 is 82.',
    'what is to plus two': '2 plus 2 is 4.',
    'ten divided by four': '10 divided by 4 is 2.5.',
    'Divide 1,200 by 3.': '1200 divided by 3 is 400.',
    'subtract five from three': '3 minus 5 is minus 2.',
    "What's the sum of four and nine?": '4 plus 9 is 13.',
    'What is 20% of 150?': '20 percent of 150 is 30.',
    'the square root of eighty one': 'The square root of 81 is 9.',
    'five squared': '5 to the power of 2 is 25.',
    'three point five plus one': '3.5 plus 1 is 4.5.',
    'two thousand and twenty six minus six': '2026 minus 6 is 2020.',
    '0.1 + 0.2': '0.1 plus 0.2 is 0.3.',
    'seven divided by zero': 'Nothing can be divided by zero.',
  }
  for (const [question, answer] of Object.entries(sums)) assert.equal(last(question), answer)
})

test('sentences with numbers in them are no sums', () => {
  for (const text of [
    'I would like to order two large pizzas',
    'My number is 12 34',
    'over and out',
    'time after time',
  ])
    assert.equal(answerSum(text), undefined, text)
})

test('it repeats after the user', () => {
  assert.equal(last('Repeat after me: the lights are on.'), 'the lights are on.')
  assert.equal(last('Say hello world'), 'hello world')
  assert.equal(last('What is 2 plus 2?', 'Can you repeat that?'), '2 plus 2 is 4.')
})

test('it recalls what was said', () => {
  assert.equal(last('My name is Anna and I am new here.'), 'Nice to meet you, Anna.')
  assert.equal(
    last('My name is Anna.', 'What time is it?', 'What was my name?'),
    'Your name is Anna.',
  )
  assert.equal(last("What's my name?"), 'You have not told me your name.')
  const told = ['I would like to order two large pizzas.', 'Thank you.']
  assert.equal(last(...told, 'What did I say first?'), `You said: ${told[0]}`)
  assert.equal(last(...told, 'What did I order?'), `You said: ${told[0]}`)
  assert.equal(last(...told, 'What did I just say?'), 'You said: Thank you.')
  assert.equal(last('What did I say?'), 'You have not said anything before.')
})

test('it says what it is, and how to plug in a model, but not every time', () => {
  assert.match(last('Hello!'), /not a language model/)
  assert.match(last('Are you a robot?'), /not a language model/)
  const [first = '', second = '', third = ''] = talk(
    'Please cancel my appointment.',
    'Turn on the lights.',
    'I would like some water.',
  )
  assert.match(first, /cancel my appointment\..*not a language model.*OPENAI_BASE_URL/)
  assert.match(second, /Turn on the lights/)
  for (const later of [second, third]) {
    assert.doesNotMatch(later, /OPENAI/)
    assert.ok(later.length < 100, later)
  }
})

test('greetings, thanks and checks of the line are answered', () => {
  assert.match(last('Hello, can you hear me clearly?'), /I can hear you/)
  assert.match(last('Thank you very much for your help.'), /welcome/)
  assert.match(last('How are you?'), /well/)
  assert.match(last(''), /Hello/)
})

test('a farewell is spoken word by word, then the call is hung up', () => {
  const clock = new SimulatedClock()
  const request = requestOf([{ role: 'user', content: 'Thank you for your help, goodbye.' }])
  const answer = ask(builtinLlm(clock, { wordDelayMs: 50 }), request)
  clock.advance(49)
  assert.deepEqual(answer.deltas, [])
  clock.advance(1)
  assert.deepEqual(answer.deltas, ['Goodbye. '])
  clock.advance(1000)
  assert.equal(answer.deltas.join(''), 'Goodbye. Thank you for calling.')
  assert.deepEqual(answer.toolCalls, [{ name: 'hangup', arguments: '{}' }])
  assert.deepEqual(answer.order.slice(-2), ['tool', 'end'])
  assert.equal(clock.pending, 0)
  const staying = respond({
    messages: [{ role: 'user', content: 'Please do not hang up!' }],
    wallMs: 0,
  })
  assert.equal(staying.hangsUp, false)
})
