import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AsrProvider, AsrStream } from './asr.ts'
import { aWhile, until, type Pump } from './pump.contract.ts'

export interface AsrContract {
  readonly name: string
  readonly provider: () => AsrProvider
  readonly pump: Pump
  /** Frames with a sentence that the provider understands. */
  readonly speech: readonly Int16Array[]
  /** A word of it, in lower case. */
  readonly word: string
}

interface Heard {
  readonly stream: AsrStream
  readonly finals: { readonly text: string; readonly flushId: number }[]
  readonly partials: string[]
  readonly errors: string[]
}

function listen(provider: AsrProvider): Heard {
  const heard = { finals: [], partials: [], errors: [] } as Omit<Heard, 'stream'>
  const stream = provider.open(
    { languageId: 'en', hotWords: [], customParams: '' },
    {
      onPartial: (text) => heard.partials.push(text),
      onFinal: (text, flushId) => heard.finals.push({ text, flushId }),
      onError: (error) => heard.errors.push(error.message),
    },
  )
  return { ...heard, stream }
}

/** What every recogniser must do; see `asr.ts`. */
export function asrContract(contract: AsrContract): void {
  testAnswers(contract)
  testForgetting(contract)
}

const say = ({ stream }: Heard, speech: readonly Int16Array[]): void => {
  for (const frame of speech) stream.write(frame)
}

const answers = (pump: Pump, heard: Heard, count: number): Promise<void> =>
  until(pump, () => heard.finals.length >= count, `${count} finals`)

function testAnswers(contract: AsrContract): void {
  const { name, pump, speech } = contract

  test(`${name}: a flush is answered with what was said, and keeps its number`, async () => {
    const heard = listen(contract.provider())
    say(heard, speech)
    heard.stream.flush(7)
    assert.equal(heard.finals.length, 0, 'no event comes while flush runs')
    await answers(pump, heard, 1)
    assert.equal(heard.finals[0]?.flushId, 7)
    assert.ok(heard.finals[0]?.text.toLowerCase().includes(contract.word), heard.finals[0]?.text)
    heard.stream.close()
    assert.deepEqual(heard.errors, [])
  })

  test(`${name}: a second flush without new sound gives the same text again`, async () => {
    const heard = listen(contract.provider())
    say(heard, speech)
    heard.stream.flush(1)
    heard.stream.flush(2)
    await answers(pump, heard, 2)
    heard.stream.flush(3)
    await answers(pump, heard, 3)
    assert.deepEqual(
      heard.finals.map((final) => final.flushId),
      [1, 2, 3],
    )
    assert.equal(new Set(heard.finals.map((final) => final.text)).size, 1)
    heard.stream.close()
  })

  test(`${name}: a flush that is known already does not hold up the one after more sound`, async () => {
    const heard = listen(contract.provider())
    say(heard, speech)
    heard.stream.flush(1)
    await answers(pump, heard, 1)
    heard.stream.flush(2)
    say(heard, speech.slice(0, 25))
    heard.stream.flush(3)
    await answers(pump, heard, 3)
    assert.deepEqual(
      heard.finals.map((final) => final.flushId),
      [1, 2, 3],
    )
    heard.stream.close()
  })

  test(`${name}: nothing written, or silence alone, gives no text`, async () => {
    const heard = listen(contract.provider())
    heard.stream.flush(1)
    for (let index = 0; index < 60; index++) heard.stream.write(new Int16Array(320))
    heard.stream.flush(2)
    await answers(pump, heard, 2)
    assert.deepEqual(heard.finals, [
      { text: '', flushId: 1 },
      { text: '', flushId: 2 },
    ])
    heard.stream.close()
  })
}

function testForgetting(contract: AsrContract): void {
  const { name, pump, speech } = contract

  test(`${name}: a reset forgets, and open flushes are not answered`, async () => {
    const heard = listen(contract.provider())
    say(heard, speech)
    heard.stream.flush(1)
    heard.stream.reset()
    heard.stream.flush(2)
    await answers(pump, heard, 1)
    assert.deepEqual(heard.finals, [{ text: '', flushId: 2 }])
    say(heard, speech)
    heard.stream.flush(3)
    await answers(pump, heard, 2)
    assert.equal(heard.finals[1]?.flushId, 3)
    assert.notEqual(heard.finals[1]?.text, '')
    heard.stream.close()
  })

  test(`${name}: a frame is only lent`, async () => {
    const heard = listen(contract.provider())
    const lent = new Int16Array(320)
    for (const frame of speech) {
      lent.set(frame)
      heard.stream.write(lent)
    }
    lent.fill(0)
    heard.stream.flush(1)
    await answers(pump, heard, 1)
    assert.ok(heard.finals[0]?.text.toLowerCase().includes(contract.word))
    heard.stream.close()
  })

  test(`${name}: nothing comes after close, which may be called twice`, async () => {
    const heard = listen(contract.provider())
    say(heard, speech)
    heard.stream.flush(1)
    heard.stream.close()
    heard.stream.close()
    heard.stream.write(new Int16Array(320))
    heard.stream.flush(2)
    heard.stream.reset()
    const before = heard.partials.length
    await aWhile(pump)
    assert.deepEqual(heard.finals, [])
    assert.equal(heard.partials.length, before)
    assert.deepEqual(heard.errors, [])
  })
}
