/**
 * Every operation, our own ones included, against its own description: the table is made from the schemas and the
 * errors that an operation declares, so that a new one, or a new way to fail, cannot be forgotten.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { OPERATIONS } from '../../src/operations/table.ts'
import { ERRORS, statusOf } from '../../src/schema/errors.ts'
import { WIRE_VERSION } from '../../src/schema/operation-names.ts'
import type { SchemaNode } from '../../src/schema/read.ts'
import { leastOf as leastOn, LEAST } from './least.ts'
import { ELSEWHERE, RECIPES } from './recipes.ts'
import { ALONG, badValues, goodValues } from './schema-values.ts'
import { VendorPort, type Parameters } from './vendor-port.ts'

const OPERATIONS_HERE = OPERATIONS.filter(({ name }) => name !== 'AssumeRole')

let wire: VendorPort
before(async () => {
  wire = await VendorPort.open()
})
after(() => wire.close())

const leastOf = (action: string): Promise<Parameters> => leastOn(action, wire)

test('there is a request for every operation of the table', () => {
  assert.deepEqual(Object.keys(LEAST).sort(), OPERATIONS_HERE.map(({ name }) => name).sort())
})

for (const { name: action, version, input, output, errors, form } of OPERATIONS_HERE) {
  const parameters = Object.entries(input.properties) as [string, SchemaNode][]

  test(`${action}: answers both clients with what its description says, as XML too`, async () => {
    const answers = [
      await wire.succeeds(action, await leastOf(action)),
      ...(form === 'lines' ? [] : [await wire.callOld(action, await leastOf(action))]),
    ]
    for (const answer of form === 'lines' ? linesOf(answers[0]) : answers) {
      const { RequestId, ...members } = answer
      assert.equal(typeof RequestId, form === 'lines' ? 'undefined' : 'string')
      assert.deepEqual([...Value.Errors(output as TSchema, members)], [])
      const unknown = Object.keys(members).filter((name) => !(name in output.properties))
      assert.deepEqual(unknown, [])
    }
    if (form === 'lines') return
    const { type, text } = await wire.xml(action, await leastOf(action))
    assert.equal(type, 'text/xml;charset=utf-8')
    const root = `${action}Response`
    const [head = '', body = ''] = text.split(`<${root}>`)
    assert.equal(head, '<?xml version="1.0" encoding="UTF-8"?>')
    assert.ok(body.endsWith(`</${root}>`), text)
    assert.match(body, /^<RequestId>[0-9A-F-]{36}<\/RequestId>/)
    assertNested(text.slice(head.length))
  })

  test(`${action}: without what it needs it says what is missing`, async () => {
    const needed = parameters.filter(
      ([name, schema]) => input.required?.includes(name) === true && schema.default === undefined,
    )
    for (const [name] of needed) {
      const { [name]: _, ...rest } = await leastOf(action)
      await wire.fails(action, rest, new RegExp(`^400 Missing${name} .*${name} is mandatory`))
    }
  })

  test(`${action}: each parameter within and beyond the bounds of its schema`, async () => {
    for (const [name, schema] of parameters) {
      for (const value of goodValues(name, schema, action)) {
        const along = ALONG[`${name}=${value}`] ?? ALONG[name] ?? {}
        await wire.succeeds(action, { ...(await leastOf(action)), ...along, [name]: value })
      }
      const code = schema.format === 'date-time' ? `Malformed${name}` : 'InvalidParameter'
      for (const value of badValues(schema)) {
        const expected = new RegExp(
          `^400 ${code} .*parameter ${name} ${allowedOf(schema, version)}`,
        )
        await wire.fails(action, { ...(await leastOf(action)), [name]: value }, expected)
      }
    }
  })

  for (const code of errors.filter((each) => !ELSEWHERE.has(`${action} ${each}`))) {
    test(`${action}: ${code}`, async () => {
      const recipe = RECIPES[code]
      assert.ok(recipe !== undefined, `nothing here tells how to bring about ${code}`)
      const query = await recipe(await leastOf(action), wire, action)
      await wire.fails(action, query, new RegExp(`^${statusOf({ code })} ${code} `))
      wire.api.calls.commandOutcome = { ok: true, value: undefined }
      wire.api.calls.outcome = () => Promise.resolve({ ok: true, value: undefined })
    })
  }
}

test('every code that an operation declares has a status of its own', () => {
  const declared = OPERATIONS.flatMap(({ errors }) => errors)
  const unknown = declared.filter((code) => !(code in ERRORS) && !/^Missing|^Malformed/.test(code))
  assert.deepEqual(unknown, [])
})

/** What a refusal says besides the name: what is allowed, but for times, of which the vendor's text says nothing. */
const allowedOf = ({ format }: SchemaNode, version: string): string =>
  format === 'date-time' && version === WIRE_VERSION ? 'is not valid' : '.*allowed: '

function linesOf(answer: Record<string, unknown> | undefined): Record<string, unknown>[] {
  const text = String(answer?.['lines'])
  assert.ok(text.endsWith('\n'))
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** Every element is closed, in its place. */
function assertNested(xml: string): void {
  const open: string[] = []
  for (const [, slash, tag = ''] of xml.matchAll(/<(\/?)([\w.-]+)>/g)) {
    if (slash === '') open.push(tag)
    else assert.equal(open.pop(), tag, xml.slice(0, 300))
  }
  assert.deepEqual(open, [])
  assert.doesNotMatch(xml, /undefined|\[object/)
}
