import type { SQLOutputValue } from 'node:sqlite'
import type { Sentence } from '../ports/call-record.ts'

type Row = Readonly<Record<string, SQLOutputValue>>

const text = (row: Row, column: string): string => row[column] as string
const number = (row: Row, column: string): number => row[column] as number

/** A row of the table `sentence`. */
export function sentenceOf(row: Row): Sentence {
  return {
    entryId: number(row, 'entry_id'),
    turnId: number(row, 'turn_id'),
    role: row['role'] as Sentence['role'],
    kind: row['kind'] as Sentence['kind'],
    text: text(row, 'text'),
    beginMs: number(row, 'begin_ms'),
    isFinal: row['is_final'] === 1,
    ...(row['spoken_text'] !== null && { spokenText: text(row, 'spoken_text') }),
    ...(row['said_by'] !== null && { saidBy: text(row, 'said_by') }),
  }
}
