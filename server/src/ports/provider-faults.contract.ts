import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SimulatedClock } from '../base/simulated-clock.ts'
import type { AsrProvider } from './asr.ts'
import { machinePump } from './pump.contract.ts'
import { isSpoken, speak } from './tts.contract.ts'
import type { TtsProvider } from './tts.ts'

/** How a server may fail. */
export type Fault =
  | 'slow first byte'
  | 'stall in the middle'
  | '429'
  | '500'
  | 'closed socket'
  | 'malformed chunk'
  | '10 MB of reply'

export const FAULTS: readonly Fault[] = [
  'slow first byte',
  'stall in the middle',
  '429',
  '500',
  'closed socket',
  'malformed chunk',
  '10 MB of reply',
]

/** A server on this machine that fails in one way until it is told to behave, and a provider that asks it. */
export interface FaultyServer<Provider> {
  readonly provider: Provider
  /** The provider's. */
  readonly clock: SimulatedClock
  /** Requests or connections that have come. */
  readonly asked: () => number
  /** From now on the server does what it should. */
  readonly behave: () => void
  /** Ends what the provider keeps between requests. */
  readonly release: () => void
}

/** Faults after which it is no use to send the same again. */
const FINAL: readonly Fault[] = ['10 MB of reply']
const SECRET_WORDS = 'Confidential words, nobody else may read them.'
const SECRET_KEY = /sk-secret|key-secret/
/** Virtual time passes a hundred times as fast as the machine's. */
const STEP_MS = 500
const LIMIT_STEPS = 400

async function pass(clock: SimulatedClock, isDone: () => boolean, what: string): Promise<void> {
  for (let step = 0; !isDone(); step++) {
    assert.ok(step < LIMIT_STEPS, `waited in vain for ${what}`)
    await machinePump()
    clock.advance(STEP_MS)
  }
}

/** Waits without letting time limits pass. */
async function arrive(clock: SimulatedClock, isDone: () => boolean, what: string): Promise<void> {
  for (let step = 0; !isDone(); step++) {
    assert.ok(step < LIMIT_STEPS, `waited in vain for ${what}`)
    await machinePump()
    clock.advance(1)
  }
}

function checkMessage(message: string): void {
  assert.doesNotMatch(message, SECRET_KEY)
  assert.ok(!message.includes('Confidential') && !message.includes('lights'), message)
}

/** What every voice that asks a server must do when that fails. */
export function ttsFaultContract(options: {
  readonly name: string
  readonly serve: (fault: Fault) => Promise<FaultyServer<TtsProvider>>
}): void {
  for (const fault of FAULTS) {
    test(`${options.name}: ${fault} is one error, and the next piece is spoken`, async () => {
      const { provider, clock, asked, behave, release } = await options.serve(fault)
      const spoken = speak(provider, SECRET_WORDS)
      await arrive(clock, () => asked() > 0, 'the request')
      if (fault === 'stall in the middle') {
        await arrive(clock, () => spoken.pieces.length > 0, 'the first sound')
      }
      assert.deepEqual(spoken.errors.length === 0 || !/slow|stall/.test(fault), true)
      await pass(clock, () => isSpoken(spoken), 'the error')
      const ends = spoken.order.filter((event) => event !== 'audio' && event !== 'mark')
      assert.deepEqual(ends, ['error'], fault)
      checkMessage(spoken.errors[0] ?? '')
      if (/^\d+$/.test(fault)) assert.match(spoken.errors[0] ?? '', new RegExp(fault))
      behave()
      const next = speak(provider, 'Yes, of course.')
      await arrive(clock, () => isSpoken(next), 'the next piece')
      assert.deepEqual(next.errors, [])
      assert.ok(next.pieces.length > 0)
      assert.equal(spoken.order.filter((event) => event === 'error').length, 1)
      release()
      assert.equal(clock.pending, 0, 'a timer is left')
    })
  }
}

/** What every recogniser that asks a server must do when that fails. */
export function asrFaultContract(options: {
  readonly name: string
  readonly serve: (fault: Fault) => Promise<FaultyServer<AsrProvider>>
  readonly speech: readonly Int16Array[]
  /** Faults that look like a recogniser with nothing more to say: what it has said counts. */
  readonly answered?: readonly Fault[]
}): void {
  for (const fault of FAULTS) {
    const isAnswered = options.answered?.includes(fault) ?? false
    const outcome = isAnswered ? 'ends in what is known' : 'is one error'
    test(`${options.name}: ${fault} ${outcome}, and another stream is served`, async () => {
      const { provider, clock, asked, behave, release } = await options.serve(fault)
      const one = listen(provider, options.speech)
      await arrive(clock, () => asked() > 0, 'the connection')
      await pass(clock, () => one.order.length > 0, 'the end')
      assert.deepEqual(one.order, [isAnswered ? 'final' : 'error'])
      for (const { message, isRetryable } of one.errors) {
        checkMessage(message)
        assert.equal(isRetryable, !FINAL.includes(fault), message)
        if (/^\d+$/.test(fault)) assert.match(message, new RegExp(fault))
      }
      one.stream.close()
      behave()
      const next = listen(provider, options.speech)
      await arrive(clock, () => next.order.length > 0, 'the text')
      assert.deepEqual(next.order, ['final'])
      next.stream.close()
      release()
      assert.equal(clock.pending, 0, 'a timer is left')
    })
  }
}

function listen(provider: AsrProvider, speech: readonly Int16Array[]) {
  const order: string[] = []
  const errors: { readonly message: string; readonly isRetryable: boolean }[] = []
  const stream = provider.open(
    { languageId: 'en', hotWords: [], customParams: '' },
    {
      onPartial: () => {},
      onFinal: () => order.push('final'),
      onError: (error) => {
        order.push('error')
        errors.push(error)
      },
    },
  )
  for (const frame of speech) stream.write(frame)
  stream.flush(1)
  return { stream, order, errors }
}
