import type { TObject, TSchema } from 'typebox'
import { messageOf, statusOf, type ErrorCode } from '../schema/errors.ts'
import { STRUCTURES } from '../schema/structures.ts'
import type { Operation } from './operation.ts'

type Json = Readonly<Record<string, unknown>>

/** What every request can be refused with, whatever its operation, in the order of the checks. */
export const COMMON_ERRORS: readonly ErrorCode[] = [
  'UnsupportedHTTPMethod',
  'InvalidProtocol.NeedSsl',
  'IncompleteSignature',
  'MissingAccessKeyId',
  'MissingSignature',
  'MissingSignatureMethod',
  'MissingSignatureVersion',
  'MissingTimestamp',
  'MissingSignatureNonce',
  'InvalidAccessKeyId.NotFound',
  'InvalidAccessKeyId.Inactive',
  'InvalidTimeStamp.Format',
  'InvalidTimeStamp.Expired',
  'SignatureNonceUsed',
  'InvalidParameter.Format',
  'MissingSecurityToken',
  'InvalidSecurityToken.Malformed',
  'InvalidSecurityToken.MismatchWithAccessKey',
  'InvalidSecurityToken.Expired',
  'InvalidSignatureMethod',
  'InvalidSignatureVersion',
  'SignatureDoesNotMatch',
  'Throttling.User',
  'NoPermission',
  'InvalidParameter',
  'InternalError',
  'ServiceUnavailable',
]

/** All ways in which an operation's own parameters and work can fail. */
export function ownErrors({ input, errors }: Operation): readonly ErrorCode[] {
  const missing = mustBeGiven(input).map((name): ErrorCode => `Missing${name}`)
  const malformed = Object.entries(input.properties)
    .filter(([, schema]) => (schema as Json)['format'] === 'date-time')
    .map(([name]): ErrorCode => `Malformed${name}`)
  return [...missing, ...malformed, ...errors]
}

/** The parameters without which a request is refused. */
function mustBeGiven({ properties, required }: TObject): readonly string[] {
  const names: readonly string[] = required ?? []
  return names.filter((name) => (properties[name] as Json | undefined)?.['default'] === undefined)
}

/**
 * The OpenAPI 3.1 description of all operations. They share one path and differ by the parameter `Action`, for
 * which OpenAPI has no means: each stands under a fragment of the path, as descriptions of such services do.
 */
export function openApi(operations: readonly Operation[], version: string): Json {
  const names = namesOfStructures()
  return {
    openapi: '3.1.0',
    info: {
      title: 'antiphon',
      version,
      summary: 'Real-time conversations with AI agents, on your own machine.',
      description:
        'Requests are signed with an access key (ACS3-HMAC-SHA256, or signature version 1.0); the ' +
        "vendor's SDKs do that. Parameters go into the query or the form; objects as JSON text.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ signature: [] }],
    tags: [...new Set(operations.map((entry) => entry.version))].map((name) => ({ name })),
    paths: Object.fromEntries(
      operations.map((entry) => [
        `/#Action=${entry.name}&Version=${entry.version}`,
        { post: describe(entry, names) },
      ]),
    ),
    components: {
      securitySchemes: {
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'ACS3-HMAC-SHA256 Credential=<key id>,SignedHeaders=…,Signature=<hex>',
        },
      },
      schemas: {
        ...Object.fromEntries(
          Object.entries(STRUCTURES).map(([name, schema]) => [name, inFull(schema, names)]),
        ),
        Error: ERROR_SCHEMA,
      },
    },
  }
}

const ERROR_SCHEMA: Json = {
  type: 'object',
  required: ['RequestId', 'Code', 'Message', 'HostId', 'Recommend'],
  properties: {
    RequestId: { type: 'string', description: 'Id of the request, upper-case UUID.' },
    HostId: { type: 'string', description: 'Host that was asked.' },
    Code: { type: 'string', description: 'What went wrong, for programs.' },
    Message: { type: 'string', description: 'What went wrong, for people.' },
    Recommend: { type: 'string', description: 'Where to read about the code.' },
    AccessDeniedDetail: {
      type: 'object',
      description: 'With NoPermission: who was denied what, and by which kind of policy.',
    },
  },
}

function describe(entry: Operation, names: Names): Json {
  const { name, version, summary, input, output } = entry
  return {
    operationId: name,
    tags: [version],
    summary,
    'x-permission': permissionOf(entry),
    parameters: [
      { name: 'Action', in: 'query', required: true, schema: { const: name } },
      { name: 'Version', in: 'query', required: true, schema: { const: version } },
      {
        name: 'Format',
        in: 'query',
        schema: { enum: ['JSON', 'XML'], default: 'JSON' },
        description: 'Form of the answer.',
      },
    ],
    requestBody: {
      required: mustBeGiven(input).length > 0,
      content: {
        'application/x-www-form-urlencoded': {
          schema: { ...inFull(input, names), required: mustBeGiven(input) },
          encoding: encodings(input),
        },
      },
    },
    responses: {
      '200': {
        description: entry.form === 'lines' ? 'Done: such an object on each line.' : 'Done.',
        content:
          entry.form === 'lines'
            ? { 'application/x-ndjson': { schema: inFull(output, names) } }
            : { 'application/json': { schema: answerOf(output, names) } },
      },
      ...refusals(entry),
    },
  }
}

/** The action that a policy must allow. */
export function permissionOf({ name, version, callers }: Operation): string {
  if (callers === 'anyone') return 'none: any valid key'
  if (callers === 'account') return 'none: the key of the account'
  return version.startsWith('2015') ? `sts:${name}` : `ice:${name}`
}

/** Objects and lists travel as JSON text. */
const encodings = (input: TObject): Json =>
  Object.fromEntries(
    Object.entries(input.properties)
      .filter(([, schema]) => /^(object|array)$/.test(String((schema as Json)['type'])))
      .map(([name]) => [name, { contentType: 'application/json' }]),
  )

function answerOf(output: TObject, names: Names): Json {
  const {
    properties,
    required = [],
    ...rest
  } = inFull(output, names) as {
    readonly properties?: Json
    readonly required?: readonly string[]
  }
  const requestId = { type: 'string', description: 'Id of the request, upper-case UUID.' }
  return {
    ...rest,
    type: 'object',
    required: [...required, 'RequestId'],
    properties: { ...properties, RequestId: requestId },
  }
}

function refusals(entry: Operation): Json {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of new Set([...ownErrors(entry), ...COMMON_ERRORS])) {
    const status = statusOf({ code })
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const entries = [...byStatus].toSorted(([a], [b]) => a - b)
  return Object.fromEntries(
    entries.map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `${code}: ${messageOf({ code })}`).join('\n'),
        'x-codes': codes,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    ]),
  )
}

/** Structures are known by their members: descriptions copy the structure around them. */
type Names = ReadonlyMap<unknown, string>

const namesOfStructures = (): Names =>
  new Map(Object.entries(STRUCTURES).map(([name, schema]) => [schema.properties, name]))

/** A schema as JSON, with the structures in it by reference. */
function reference(schema: TSchema, names: Names): Json {
  const node = schema as Json
  const name = names.get(node['properties'])
  if (name === undefined) return inFull(schema, names)
  const about = node['description'] === undefined ? {} : { description: node['description'] }
  return { $ref: `#/components/schemas/${name}`, ...about }
}

function inFull(schema: TSchema, names: Names): Json {
  const node = schema as Json & { readonly properties?: Record<string, TSchema> }
  const { properties } = node
  const items = node['items'] as TSchema | undefined
  const any = node['anyOf'] as readonly TSchema[] | undefined
  return {
    ...Object.fromEntries(Object.entries(node).filter(([name]) => !name.startsWith('~'))),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, member]) => [name, reference(member, names)]),
      ),
    }),
    ...(items && { items: reference(items, names) }),
    ...(any && { anyOf: any.map((one) => reference(one, names)) }),
  }
}
