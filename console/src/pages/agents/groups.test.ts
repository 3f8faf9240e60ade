import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aiAgentConfig } from '../../../../server/src/schema/ai-agent-config.ts'
import type { ApiDescription, Schema } from '../../base/open-api.ts'
import { differences } from './differences.ts'
import { GROUPS, membersOf, type Group } from './groups.ts'

const members = Object.keys(aiAgentConfig.properties)

test('every member of AgentConfig stands in one part of the editor', () => {
  const groups = [...(Object.keys(GROUPS) as Group[]), 'more' as const]
  const shown = groups.flatMap((group) => membersOf(group, members))
  const former = ['BackChannelingConfig']
  assert.deepEqual(shown.toSorted(), members.filter((name) => !former.includes(name)).toSorted())
})

test('a group names no member that is not there', () => {
  const unknown = Object.values(GROUPS)
    .flat()
    .filter((name) => !members.includes(name))
  assert.deepEqual(unknown, [])
})

test('only what differs from the defaults is a difference', () => {
  const api: ApiDescription = { operations: [], structures: {} }
  const schema = JSON.parse(JSON.stringify(aiAgentConfig)) as Schema
  const value = { Greeting: 'Hi', AvatarUrl: '', AsrConfig: { AsrMaxSilence: 400, VadLevel: 3 } }
  assert.deepEqual(differences(schema, value, api), [
    { path: 'Greeting', value: 'Hi', byDefault: undefined },
    { path: 'AsrConfig.VadLevel', value: 3, byDefault: 11 },
  ])
})
