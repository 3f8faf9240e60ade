import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { ConfigurationBodies } from './configuration-bodies.ts'

const encoder = new TextEncoder()

function databaseOf(...bodies: string[]): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  database.exec('create table configuration (configuration_no integer primary key, body blob)')
  const insert = database.prepare('insert into configuration (body) values (?)')
  for (const body of bodies) insert.run(encoder.encode(body))
  return database
}

test('bodies are kept up to the limit, those asked for lately longest', () => {
  const database = databaseOf('"1"', '"2"', '"3"', '"a long one, past the limit"')
  const bodies = new ConfigurationBodies(database, 8)
  const text = (no: number): string => new TextDecoder().decode(bodies.get(no))
  assert.deepEqual([text(1), text(2), text(1), text(3)], ['"1"', '"2"', '"1"', '"3"'])
  assert.equal(bodies.keptBytes, 6)
  // Without the table only what is kept can be given.
  database.exec('delete from configuration where configuration_no < 4')
  assert.deepEqual([text(1), text(3)], ['"1"', '"3"'])
  assert.throws(() => text(2), /no configuration 2/)
  assert.equal(text(4), '"a long one, past the limit"')
  assert.equal(bodies.keptBytes, 0)
  database.close()
})
