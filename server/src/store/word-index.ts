import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { WordsState, WordsStep } from '../ports/retention-store.ts'
import { readStructure, type IndexLevel } from './word-index-structure.ts'

/** So many segments of a level are merged into one. */
const MERGED_SEGMENTS = 8

const setUsermerge = (segments: number): string =>
  `insert into call_text (call_text, rank) values ('usermerge', ${segments});`

/**
 * What the index of words needs to be kept by steps of {@link WordIndexWriter}. SQLite would merge segments of itself
 * in the transaction of a call that happens to end just then (`automerge`), the more at once the more levels there are,
 * and every rewriting adds one. Should the steps not keep up, SQLite still merges where 16 segments have gathered.
 *
 * An index of before may hold words of deleted calls: it counts as one deletion.
 */
export const WORD_INDEX_SCHEMA = `
  insert into call_text (call_text, rank) values ('automerge', 0);
  ${setUsermerge(MERGED_SEGMENTS)}

  create table word_index (
    index_no integer primary key check (index_no = 1),
    -- Deletions are counted; the last one that somebody asked for; the last one whose words are gone.
    deletions integer not null,
    asked integer not null,
    gone integer not null,
    -- While the index is rewritten: the last deletion whose words will be gone, and the newest write it began with.
    pass_gone integer,
    pass_newest integer
  ) strict;
  insert into word_index (index_no, deletions, asked, gone) values (1, 1, 0, 0);
`

interface Pass {
  readonly gone: number
  readonly newest: number
}

/**
 * Keeps the index of words, inside transactions of the writer. A row that is deleted from it leaves its words where they
 * are, with a note that they count no more: they go when the segment they stand in is merged with others. So after
 * deletions the whole index is rewritten, slice by slice (FTS5's command `merge`, first with a negative number of
 * pages). In between words are searched for and added as ever. All it remembers is in the database: a slice that is
 * rolled back never was, and a restart goes on where it stopped.
 */
export class WordIndexWriter {
  readonly #structure: StatementSync
  readonly #merge: StatementSync
  readonly #state: StatementSync
  readonly #noteAsked: StatementSync
  readonly #noteSwept: StatementSync
  readonly #setPass: StatementSync
  readonly #setGone: StatementSync
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#structure = database.prepare('select block from call_text_data where id = 10')
    this.#merge = database.prepare(`insert into call_text (call_text, rank) values ('merge', ?)`)
    this.#state = database.prepare('select * from word_index')
    this.#noteAsked = database.prepare(
      'update word_index set deletions = deletions + 1, asked = deletions + 1',
    )
    this.#noteSwept = database.prepare('update word_index set deletions = deletions + 1')
    this.#setPass = database.prepare('update word_index set pass_gone = ?, pass_newest = ?')
    this.#setGone = database.prepare(
      'update word_index set gone = pass_gone, pass_gone = null, pass_newest = null',
    )
  }

  /** Words have been deleted: because somebody asked for it, or by age. */
  noteDeletion(why: 'asked' | 'age'): void {
    if (why === 'asked') this.#noteAsked.run()
    else this.#noteSwept.run()
  }

  /** One slice of about `pages` pages of 4 KB; one long list of the calls that have a word may make it longer. */
  step({ pages, mayBegin }: WordsStep): WordsState {
    const pass = this.#pass()
    let worked = false
    if (pass !== undefined) worked = this.#goOn(pass, pages)
    else if (mayBegin && this.#number('gone') < this.#number('deletions')) {
      worked = this.#begin(pages)
    } else if (this.#read().some(isToBeMerged)) worked = this.#mergeSome(pages)
    return {
      worked,
      isScrubbing: this.#pass() !== undefined,
      deletions: this.#number('deletions'),
      asked: this.#number('asked'),
      gone: this.#number('gone'),
    }
  }

  #begin(pages: number): boolean {
    const levels = this.#read()
    // FTS5 then goes on with that merge instead of beginning anew: its words count for deletions of before.
    const gone = this.#number(hasStaleOutput(levels) ? 'gone' : 'deletions')
    const newest = Math.max(0, ...levels.flatMap(segmentsOf).map((segment) => segment.newest))
    this.#setPass.run(gone, newest)
    // Or FTS5 passes over a merge of few segments where others have gathered.
    this.#database.exec(setUsermerge(2))
    this.#mergeSome(-pages)
    this.#endIfOver({ gone, newest })
    return true
  }

  #goOn(pass: Pass, pages: number): boolean {
    const hasChanged = this.#mergeSome(pages)
    if (this.#endIfOver(pass) || hasChanged) return true
    // FTS5 does not go on with a single segment once there are others: all of them are taken together.
    return this.#begin(pages)
  }

  /** It is over when all that was there when it began has become one segment. */
  #endIfOver({ newest }: Pass): boolean {
    const left = this.#read()
      .flatMap(segmentsOf)
      .filter(({ oldest }) => oldest <= newest)
    if (left.length > 1) return false
    this.#setGone.run()
    this.#database.exec(setUsermerge(MERGED_SEGMENTS))
    return true
  }

  /** Whether that has changed anything. */
  #mergeSome(pages: number): boolean {
    const before = this.#record()
    this.#merge.run(pages)
    return Buffer.compare(before, this.#record()) !== 0
  }

  #read(): readonly IndexLevel[] {
    return readStructure(this.#record())
  }

  #record(): Uint8Array {
    return this.#structure.get()?.['block'] as Uint8Array
  }

  #pass(): Pass | undefined {
    const row = this.#state.get()
    if (row === undefined || row['pass_gone'] === null) return undefined
    return { gone: row['pass_gone'] as number, newest: row['pass_newest'] as number }
  }

  #number(column: 'deletions' | 'asked' | 'gone'): number {
    return this.#state.get()?.[column] as number
  }
}

const segmentsOf = ({ segments }: IndexLevel): IndexLevel['segments'] => segments

const isToBeMerged = ({ merging, segments }: IndexLevel): boolean =>
  merging > 0 || segments.length >= MERGED_SEGMENTS

/**
 * Whether all segments but one are being merged into that one, and it holds rows that were deleted after it had
 * taken them.
 */
function hasStaleOutput(levels: readonly IndexLevel[]): boolean {
  const all = levels.flatMap(segmentsOf)
  const inputs = levels.find(({ merging }) => merging > 0)
  if (inputs === undefined || inputs.merging !== all.length - 1) return false
  return all.some((segment) => !inputs.segments.includes(segment) && segment.tombstonePages > 0)
}
