import assert from 'node:assert/strict'
import { test } from 'node:test'
import { referencePages } from './reference-pages.ts'
import { OPERATIONS } from './table.ts'

const pages = referencePages(OPERATIONS, [
  { name: 'ListAIAgentInstance', summary: 'Lists.', parameters: ['AIAgentId', 'Colour'] },
  { name: 'SendAIAgentText', summary: 'Sends.', parameters: ['InstanceId', 'Text'] },
  { name: 'ForwardAIAgentCall', summary: 'Transfers | calls.', parameters: ['InstanceId'] },
])
const line = (page: string, start: string): string =>
  pages
    .get(page)
    ?.split('\n')
    .find((one) => one.startsWith(start)) ?? 'no such line'

test('coverage tells what is there, what is there in part, and what is not', () => {
  assert.match(line('README.md', '| [SendAIAgentText]'), /\| yes \|$/)
  assert.match(line('README.md', '| [ListAIAgentInstance]'), /\| without Colour \|$/)
  assert.match(line('README.md', '| ForwardAIAgentCall'), /no: `InvalidAction.NotSupported` \|$/)
})

test('an operation stands with its permission, errors, bounds and defaults', () => {
  const calls = pages.get('calls.md') ?? ''
  const list = calls.slice(calls.indexOf('## ListAIAgentInstance'))
  assert.match(list, /`ice:ListAIAgentInstance`.*`MissingAIAgentId`.*`EndTimeMismatch`/)
  assert.match(list, /\| `PageSize` \| integer \| .*0 to 100\. Default: `10`\. \|/)
  assert.match(list, /\| `AIAgentId` \* \| string \|/)
})

test('structures link to each other', () => {
  assert.match(
    line('structures.md', '| `AsrConfig` |'),
    /\[AsrConfig\]\(structures\.md#asrconfig\)/,
  )
})

test('members of a structure without a name stand below the member that it is', () => {
  assert.match(line('sts.md', '| `Credentials.SecurityToken`'), /\* \| string \| \S/)
  assert.match(line('administration.md', '| `Callbacks[].LastError`'), /\| string \| \S/)
})

test('a bar in a text does not break its table', () => {
  assert.match(line('README.md', '| ForwardAIAgentCall'), /Transfers \\\| calls\./)
})
