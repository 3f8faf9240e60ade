import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApi } from './open-api.ts'
import { OPERATIONS } from './table.ts'

type Json = Readonly<Record<string, unknown>>

const description = JSON.parse(JSON.stringify(openApi(OPERATIONS, '1.0.0'))) as {
  readonly paths: Readonly<Record<string, { readonly post: Json }>>
  readonly components: { readonly schemas: Readonly<Record<string, Json>> }
}

/** Every object below, with where it stands. */
function* nodes(value: unknown, path = ''): Generator<readonly [path: string, node: Json]> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield [path, value as Json]
  for (const [name, member] of Object.entries(value)) yield* nodes(member, `${path}/${name}`)
}

test('every operation is described, with each of its errors', () => {
  const described = Object.values(description.paths).map(({ post }) => post['operationId'])
  assert.deepEqual(
    described,
    OPERATIONS.map(({ name }) => name),
  )
  const list = description.paths['/#Action=ListAIAgentInstance&Version=2020-11-09']?.post
  const refusals = JSON.stringify(list?.['responses'])
  for (const code of ['MissingAIAgentId', 'MalformedStartTime', 'EndTimeMismatch', 'NoPermission'])
    assert.ok(refusals.includes(code), code)
  assert.equal(list?.['x-permission'], 'ice:ListAIAgentInstance')
})

test('an answer is described in the words of OpenAPI 3.1', () => {
  for (const [path, { post }] of Object.entries(description.paths)) {
    for (const answer of Object.values(post['responses'] as Readonly<Record<string, Json>>)) {
      // `itemSchema`, for one, came with 3.2.
      for (const media of Object.values(
        (answer['content'] ?? {}) as Readonly<Record<string, Json>>,
      ))
        assert.deepEqual(Object.keys(media), ['schema'], path)
    }
  }
})

test('every reference leads to a structure, and every structure is used', () => {
  const used = new Set<string>()
  for (const [path, node] of nodes(description)) {
    const reference = node['$ref']
    if (typeof reference !== 'string') continue
    const name = reference.replace('#/components/schemas/', '')
    assert.ok(description.components.schemas[name], `${path}: ${reference}`)
    used.add(name)
  }
  const unused = Object.keys(description.components.schemas).filter((name) => !used.has(name))
  assert.deepEqual(unused, [])
})

test('every parameter, and every member of an answer or a structure, says what it is for', () => {
  const silent: string[] = []
  for (const [path, node] of nodes(description)) {
    const properties = node['properties'] as Readonly<Record<string, Json>> | undefined
    if (properties === undefined) continue
    for (const [name, member] of Object.entries(properties))
      if (typeof member['description'] !== 'string') silent.push(`${path}/${name}`)
  }
  assert.deepEqual(silent, [])
})
