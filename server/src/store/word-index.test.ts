import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import type { WordsState } from '../ports/retention-store.ts'
import { instance, said, sentence, T0 } from '../ports/store-samples.contract.ts'
import { BatchWriter } from './batch-writer.ts'
import { openForWriting, prepareDatabase } from './database.ts'
import { MIGRATIONS, takeStep } from './migrations.ts'
import { readStructure, type IndexSegment } from './word-index-structure.ts'
import { WORD_INDEX_SCHEMA } from './word-index.ts'

const folder = mkdtempSync(join(tmpdir(), 'word-index-test-'))
after(() => rmSync(folder, { recursive: true }))

let opened = 0
const nextPath = (): string => join(folder, `${opened++}.db`)

/** A database of calls in which words were said, and what keeps its index. */
class Words {
  readonly database: DatabaseSync
  readonly #writer: BatchWriter
  #calls = 0

  constructor(path = nextPath()) {
    const prepared = prepareDatabase(path)
    assert.ok(prepared.ok, prepared.ok ? '' : prepared.error)
    this.database = openForWriting(path)
    this.database.exec('pragma synchronous = off')
    this.#writer = new BatchWriter(this.database, 1)
  }

  /** A call that has ended. Gives its id. */
  say(text: string): string {
    const call = instance((this.#calls += 1))
    const { instanceId } = call
    const records = [
      ...said(sentence(1, { text })),
      { type: 'finished', atMs: T0 + 9, reason: 'stopped' } as const,
    ]
    this.#writer.apply([
      { type: 'instance-create', instance: call },
      { type: 'call-record', instanceId, records, wallMs: T0 },
    ])
    return instanceId
  }

  /** Many calls with words of their own, so that the index has many pages. */
  sayMuch(calls: number): readonly string[] {
    return Array.from({ length: calls }, (_, call) =>
      this.say(Array.from({ length: 400 }, (_one, word) => `w${call}x${word * 7919}`).join(' ')),
    )
  }

  remove(...instanceIds: readonly string[]): void {
    for (const instanceId of instanceIds) {
      const [outcome] = this.#writer.apply([{ type: 'call-delete', instanceId }])
      assert.equal(outcome?.type, 'done')
    }
  }

  /** Erases what was said in a call but leaves the call. */
  erase(instanceId: string): void {
    const dialogue = { sessionId: instanceId, instanceId, entryId: 1 }
    assert.deepEqual(this.#writer.apply([{ type: 'dialogue-delete', dialogue }]), [
      { type: 'done', rows: 1 },
    ])
  }

  step(mayBegin = true, pages = 4): WordsState {
    const [outcome] = this.#writer.apply([{ type: 'words-step', step: { pages, mayBegin } }])
    assert.ok(outcome?.type === 'done' && outcome.words !== undefined)
    return outcome.words
  }

  /** Steps until there is nothing left to do; gives how many there were. */
  finish(): number {
    for (let steps = 1; steps < 2000; steps += 1) if (!this.step().worked) return steps
    return assert.fail('It never ends.')
  }

  /** Whether the word can be found in a page of the index, deleted or not. */
  stands(word: string): boolean {
    const blocks = this.database.prepare('select block from call_text_data').all()
    // The beginning of a word is left out when the word before it has the same.
    const bytes = Buffer.from(word.slice(3))
    return blocks.some(({ block }) => Buffer.from(block as Uint8Array).includes(bytes))
  }

  finds(word: string): number {
    const found = this.database
      .prepare('select count(*) as n from call_text where call_text match ?')
      .get(word)
    return found?.['n'] as number
  }

  /** How many segments there are in each level of the index. */
  segments(): readonly number[] {
    return this.levels().map((segments) => segments.length)
  }

  levels(): readonly (readonly IndexSegment[])[] {
    const record = this.database.prepare('select block from call_text_data where id = 10').get()
    return readStructure(record?.['block'] as Uint8Array).map(({ segments }) => segments)
  }
}

test('a word of a deleted call is gone from the index after some small steps, others are found', () => {
  const words = new Words()
  words.sayMuch(60)
  const secret = words.say('the secret is zyzzyva plover')
  words.say('the plover is a bird')
  words.finish()
  words.remove(secret)
  assert.equal(words.finds('zyzzyva'), 0)
  assert.ok(words.stands('zyzzyva'), 'a deletion alone leaves it there')
  assert.equal(words.step(false).worked, false)
  assert.ok(words.finish() > 10)
  assert.ok(!words.stands('zyzzyva'))
  assert.deepEqual([words.finds('plover'), words.finds('w59x0')], [1, 1])
  words.database.exec(`insert into call_text (call_text, rank) values ('integrity-check', 0)`)
})

test('calls end and are deleted while the index is rewritten: every deletion gets its own', () => {
  const words = new Words()
  words.sayMuch(5)
  words.finish()
  const calls = words.sayMuch(60)
  const early = words.say('aardvark')
  const late = words.say('zyzzyva')
  words.remove(late)
  let state = words.step()
  for (let steps = 0; steps < 5; steps += 1) state = words.step()
  assert.ok(state.isScrubbing)
  // Its word has been taken over already.
  words.remove(early)
  const deletions = words.step().deletions
  let said = 0
  for (; state.isScrubbing && said < 500; said += 1) {
    words.say(`hello ${said}`)
    state = words.step(false)
  }
  assert.equal(state.gone, deletions - 1)
  assert.ok(!words.stands('zyzzyva'))
  assert.ok(words.stands('aardvark'), 'this one was deleted too late for that pass')
  words.finish()
  assert.ok(!words.stands('aardvark'))
  assert.equal(words.step().gone, deletions)
  assert.equal(words.finds('hello'), said)
  assert.ok(said > 3)
  assert.equal(words.finds('w59x0'), 1)
  words.remove(...calls)
  words.finish()
  assert.deepEqual([words.finds('w3x0'), words.finds('w59x0')], [1, 0])
})

test('words of a dialogue that was deleted go too', () => {
  const words = new Words()
  const instanceId = words.say('zyzzyva plover')
  words.finish()
  const { asked } = words.step()
  words.erase(instanceId)
  assert.equal(words.finds('zyzzyva'), 0)
  assert.ok(words.stands('zyzzyva'))
  assert.ok(words.step(false).asked > asked, 'somebody asked for it')
  words.finish()
  assert.ok(!words.stands('zyzzyva'))
})

test('an index in one piece is rewritten although calls end meanwhile', () => {
  const words = new Words()
  words.sayMuch(60)
  const secret = words.say('zyzzyva')
  words.remove(words.say('once'))
  words.finish()
  assert.deepEqual(
    words.segments().filter((segments) => segments > 0),
    [1],
  )
  words.remove(secret)
  assert.ok(words.step().isScrubbing)
  words.say('one more')
  words.finish()
  assert.ok(!words.stands('zyzzyva'))
  assert.equal(words.finds('more'), 1)
})

test('a merge that goes on from before a deletion does not count for it', () => {
  const path = nextPath()
  const words = new Words(path)
  const calls = words.sayMuch(60)
  const secret = words.say('aardvark')
  words.finish()
  words.remove(calls[3] ?? '')
  for (let steps = 0; steps < 4; steps += 1) assert.ok(words.step().isScrubbing)
  // As if SQLite had begun it of itself.
  words.database.exec('update word_index set pass_gone = null, pass_newest = null')
  words.remove(secret)
  assert.ok(words.step().isScrubbing)
  assert.ok(words.stands('aardvark'))
  words.finish()
  assert.ok(!words.stands('aardvark'))
  const { deletions, gone } = words.step()
  assert.equal(gone, deletions)
})

test('a step that cannot be written leaves everything as it was, and is done again', () => {
  const words = new Words()
  words.sayMuch(20)
  const secret = words.say('zyzzyva')
  words.finish()
  words.remove(secret)
  words.database.exec(`
    create temp trigger broken before update of pass_gone on word_index
    begin select raise(abort, 'disk full'); end`)
  const writer = new BatchWriter(words.database, 1)
  const write = { type: 'words-step', step: { pages: 4, mayBegin: true } } as const
  assert.deepEqual(writer.apply([write]), [{ type: 'failed', message: 'disk full' }])
  words.database.exec('drop trigger broken')
  words.finish()
  assert.ok(!words.stands('zyzzyva'))
})

test('segments do not gather: steps merge them, and calls that end do not', () => {
  const words = new Words()
  for (let call = 0; call < 15; call += 1) words.say('hello')
  assert.deepEqual(words.segments(), [15])
  assert.ok(words.step(false).worked)
  assert.equal(words.step(false).worked, false)
  assert.ok(words.segments().every((segments) => segments < 8))
  assert.equal(words.finds('hello'), 15)
})

test('what has been rewritten is not merged with every few calls that end', () => {
  const words = new Words()
  words.sayMuch(5)
  words.remove(words.say('zyzzyva'))
  words.finish()
  const oldest = (): number =>
    Math.min(
      ...words
        .levels()
        .flat()
        .map(({ newest }) => newest),
    )
  const before = oldest()
  for (let call = 0; call < 200; call += 1) {
    words.say('hello')
    words.step(false)
  }
  assert.equal(oldest(), before)
  assert.ok(words.segments().every((segments) => segments < 8))
})

test('a database of before, which may hold deleted words, is scrubbed once', () => {
  const path = nextPath()
  const before = openForWriting(path)
  const steps = MIGRATIONS.indexOf(WORD_INDEX_SCHEMA)
  for (const step of MIGRATIONS.slice(0, steps)) takeStep(before, step)
  before.exec(`pragma user_version = ${steps};
    insert into call_text (rowid, user_text) values (7, 'zyzzyva'), (8, 'plover');
    delete from call_text where rowid = 7`)
  before.close()
  const words = new Words(path)
  assert.ok(words.stands('zyzzyva'))
  words.finish()
  assert.deepEqual([words.stands('zyzzyva'), words.finds('plover')], [false, 1])
  assert.equal(words.step().worked, false)
})

test('a record of a structure that SQLite does not write is refused', () => {
  assert.throws(() => readStructure(Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 0, 1)), /not known/)
  const cutOff = Uint8Array.of(0, 0, 0, 0, 0xff, 0, 0, 1, 3, 1)
  assert.throws(() => readStructure(cutOff), /cut off/)
})
