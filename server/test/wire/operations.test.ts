/**
 * Every operation that works on calls, against the vendor's description of it (`operations.json`) and through the
 * vendor's own client: what it takes, within and beyond each bound, what it gives back, and how it fails.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { OPERATIONS } from '../../src/operations/table.ts'
import { WIRE_VERSION } from '../../src/schema/operation-names.ts'
import { leastOf } from './least.ts'
import {
  DESCRIBED,
  VendorPort,
  type Described,
  type Field,
  type Parameters,
} from './vendor-port.ts'

const UNKNOWN = 'f'.repeat(32)

let wire: VendorPort
before(async () => {
  wire = await VendorPort.open()
})
after(() => wire.close())

/** Parameters that the reference does not mark as required, although nothing can be done without them. */
const NEEDED_ALL_THE_SAME = [
  'TakeoverAIAgentCall.InstanceId',
  'DescribeRtcRobotInstance.InstanceId',
]

/** A text of that length that the parameter can hold. */
function textOfLength(name: string, length: number): string {
  return name === 'Message' ? JSON.stringify('é'.repeat(length - 2)) : 'u'.repeat(length)
}

/** What has to go with a value. */
const ALONG: Readonly<Record<string, Parameters>> = {
  'Type=AudioUrl': { Text: 'https://example.com/sound.wav' },
  'EnableNotify=true': { CallbackUrl: 'https://example.com/hook' },
}

for (const operation of OPERATIONS.filter(({ version }) => version === WIRE_VERSION)) {
  const { name: action, input, output } = operation
  const { request, response, errors } = DESCRIBED[action] as Described
  const least = (): Promise<Parameters> => leastOf(action, wire)

  test(`${action}: is described with the names and the defaults of the reference`, () => {
    const own = input.properties as Readonly<Record<string, { readonly default?: unknown }>>
    assert.deepEqual(Object.keys(own).sort(), request.map(({ name }) => name).sort())
    const defaults = request.map(({ name }) => [name, own[name]?.default])
    // What the reference gives no default for may have one here.
    const expected = request.map((field) => [field.name, field.default ?? own[field.name]?.default])
    assert.deepEqual(defaults, expected)
    const known = response.map(({ name }) => name)
    assert.deepEqual(
      Object.keys(output.properties).filter((name) => !known.includes(name)),
      [],
    )
  })

  test(`${action}: with the least it needs; without any part of that it says what is missing`, async () => {
    const needed = request.filter(
      ({ name, required }) =>
        required === true || NEEDED_ALL_THE_SAME.includes(`${action}.${name}`),
    )
    assert.deepEqual(Object.keys(await least()).sort(), needed.map(({ name }) => name).sort())
    await wire.succeeds(action, await least())
    for (const { name } of needed) {
      const { [name]: _, ...rest } = await least()
      for (const query of [rest, { ...rest, [name]: '' }]) {
        const expected = new RegExp(`^400 Missing${name} .*${name} is mandatory for this action`)
        await wire.fails(action, query, expected)
      }
    }
  })

  test(`${action}: each parameter within and beyond its bounds`, async () => {
    for (const field of request) {
      const { good, bad } = valuesOf(field)
      for (const value of good) {
        const along = ALONG[`${field.name}=${value}`] ?? {}
        await wire.succeeds(action, { ...(await least()), ...along, [field.name]: value })
      }
      for (const value of bad) {
        const query = { ...(await least()), [field.name]: value }
        await wire.fails(
          action,
          query,
          new RegExp(`^400 InvalidParameter .*parameter ${field.name} `),
        )
      }
    }
  })

  test(`${action}: gives back the members of the reference and no others`, async () => {
    const answer = await wire.succeeds(action, await least())
    const unknown = strange(answer, response)
    assert.deepEqual(unknown, [])
    assert.match(String(answer['RequestId']), /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/)
  })

  test(`${action}: an agent or a call that does not exist`, async () => {
    const valid = await least()
    for (const name of ['AIAgentId', 'RobotId'].filter((each) => each in valid)) {
      await wire.fails(
        action,
        { ...valid, [name]: UNKNOWN },
        /^404 AgentNotFound .*agentId is not found/,
      )
    }
    if ('InstanceId' in valid) {
      await wire.fails(action, { ...valid, InstanceId: UNKNOWN }, /^404 InstanceNotFound/)
    }
    for (const { code } of errors) {
      // A server of one's own sells no subscriptions.
      assert.ok(['AgentNotFound', 'Forbidden.SubscriptionRequired'].includes(code), code)
    }
  })
}

/** Values on both sides of each bound that the reference gives. */
function valuesOf(field: Field): {
  readonly good: readonly string[]
  readonly bad: readonly string[]
} {
  const { name, type, min, max, maxLength, enum: choices } = field
  const empty = field.required === true ? [] : ['']
  if (type === 'boolean') return { good: ['true', 'false', ...empty], bad: ['maybe', '2'] }
  if (type === 'object') {
    return { good: name === 'RuntimeConfig' ? [] : ['{}', ''], bad: ['{"a"', '[1]', '7'] }
  }
  if (choices !== undefined && choices !== null)
    return { good: [...choices, ...empty], bad: ['Other', choices[0]?.toLowerCase() ?? ''] }
  if (type === 'integer') {
    const beyond = [...beside(min, -1), ...beside(max, 1)]
    return { good: [...beside(min, 0), ...beside(max, 0), ...empty], bad: [...beyond, '7.5', 'x'] }
  }
  if (maxLength === undefined) return { good: [], bad: [] }
  return { good: [textOfLength(name, maxLength)], bad: [textOfLength(name, maxLength + 1)] }
}

const beside = (bound: number | null | undefined, step: number): readonly string[] =>
  typeof bound === 'number' ? [String(bound + step)] : []

/** Members that the reference does not know, or of another type. */
function strange(value: Record<string, unknown>, fields: readonly Field[], path = ''): string[] {
  return Object.entries(value).flatMap(([name, member]) => {
    const field = fields.find((one) => one.name === name)
    if (field === undefined || !isOf(field.type, member)) return [path + name]
    if (field.enum?.includes(String(member)) === false) return [path + name]
    const inner = (Array.isArray(member) ? member : [member]) as Record<string, unknown>[]
    // A structure's own members are the business of structures.json.
    return field.fields === undefined
      ? []
      : inner.flatMap((one) => strange(one, field.fields ?? [], `${path}${name}.`))
  })
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type && value !== null
}
