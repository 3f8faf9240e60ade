import { Type, type Static, type TObject } from 'typebox'
import { fail, ok, type Result } from '../base/result.ts'
import { described, type About } from '../schema/described.ts'
import { invalidParameter, missing, type ApiError, type ErrorCode } from '../schema/errors.ts'
import { readFlattened } from '../schema/flattened.ts'
import { OWN_VERSION, WIRE_VERSION } from '../schema/operation-names.ts'
import { readParameters, type SchemaNode } from '../schema/read.ts'
import type { OperationContext } from './context.ts'

/** The members of an answer, at least one, as JSON text in pieces without the braces, ready to be sent. */
export interface PreparedMembers {
  readonly preparedMembers: readonly (string | Uint8Array)[]
}
/** An answer of any length: pieces of newline-delimited JSON, each asked for when the last one has been sent. */
export interface Lines {
  readonly lines: AsyncIterable<Uint8Array>
}
export type Outcome<Output> = Result<Output | PreparedMembers | Lines, ApiError>

/** Who may call an operation: those whose policies say so, the account alone, or whoever has a key. */
export type Callers = 'permitted' | 'account' | 'anyone'

/** An operation as the table knows it. */
export interface Operation {
  readonly name: string
  readonly version: string
  /** What it does, in one sentence. */
  readonly summary: string
  /** Its own ways to fail, besides those that every operation has. */
  readonly errors: readonly ErrorCode[]
  /** Its parameters, described. */
  readonly input: TObject
  readonly output: TObject
  /** `lines`: the answer is {@link Lines}, each of them such an `output`, whatever `Format` says. */
  readonly form: 'object' | 'lines'
  readonly callers: Callers
  handle(
    parameters: ReadonlyMap<string, string>,
    context: OperationContext,
  ): Promise<Outcome<Readonly<Record<string, unknown>>>>
}

/** One operation of the API. `run` gets what `input` describes, read and checked. */
export function operation<Input extends TObject, Output extends TObject>(definition: {
  readonly name: string
  readonly version?: string
  readonly summary: string
  readonly errors: readonly ErrorCode[]
  readonly input: Input
  /** What each parameter is for. */
  readonly about: { readonly [Name in keyof Input['properties']]: string | About }
  readonly output: Output
  /** `object` when left out. */
  readonly form?: Operation['form']
  /** `permitted` when left out. */
  readonly callers?: Callers
  run(input: Static<Input>, context: OperationContext): Promise<Outcome<Static<Output>>>
}): Operation {
  const {
    name,
    version = WIRE_VERSION,
    summary,
    errors,
    output,
    form = 'object',
    callers = 'permitted',
  } = definition
  const { input } = definition
  return {
    name,
    version,
    summary,
    errors,
    input: Type.Object(described(input.properties, definition.about)),
    output,
    form,
    callers,
    handle: async (parameters, context) => {
      const read = readInput(input, parameters, version)
      if (!read.ok) return read
      return (await definition.run(read.value as Static<Input>, context)) as Outcome<
        Readonly<Record<string, unknown>>
      >
    },
  }
}

function readInput(
  schema: TObject,
  parameters: ReadonlyMap<string, string>,
  version: string,
): Result<Record<string, unknown>, ApiError> {
  if (version === OWN_VERSION) {
    const known = Object.keys(schema.properties)
    const unknown = [...parameters].find(([name, value]) => value !== '' && !isKnown(name, known))
    if (unknown !== undefined) return fail(unknownParameter(unknown[0], known))
  }
  return checkInput(
    schema,
    (name) => parameters.get(name) || (readFlattened(parameters, name) ?? parameters.get(name)),
    version,
  )
}

/** Of the request itself, by the vendor's RPC style; what its older clients add is among them. */
const COMMON = new Set(
  `Action Version Format AccessKeyId Signature SignatureMethod SignatureVersion SignatureNonce SignatureType Timestamp
  SecurityToken BearerToken RegionId OwnerId OwnerAccount ResourceOwnerId ResourceOwnerAccount`.split(
    /\s+/,
  ),
)

/** A member of a structure may be a parameter of its own: `Name.Member`. */
const isKnown = (name: string, known: readonly string[]): boolean =>
  name === '' || COMMON.has(name) || known.includes(name.split('.', 1)[0] ?? '')

/**
 * A misspelt filter would else find everything. The vendor's operations ignore what they do not know, and clients
 * rely on it; those of ours can be strict.
 */
const unknownParameter = (name: string, known: readonly string[]): ApiError => ({
  code: 'InvalidParameter',
  message: `There is no parameter ${name}. ${
    known.length === 0 ? 'This operation has none' : `Allowed: ${known.join(', ')}`
  }.`,
})

/** Parameters as the schema has them; the error is what a client is told of the first that is wrong. */
export function checkInput(
  schema: SchemaNode,
  get: (name: string) => unknown,
  version = WIRE_VERSION,
): Result<Record<string, unknown>, ApiError> {
  const read = readParameters(schema, get)
  if (read.ok) return ok(read.value)
  const { kind, path, allowed, got } = read.error
  if (kind === 'missing') return fail(missing(path))
  const issue = invalidParameter(path, `allowed: ${allowed}; got: ${got}`)
  if (kind !== 'malformed-time') return fail(issue)
  const code = `Malformed${path}` as const
  // The vendor's operations have a text of their own for it.
  return fail(version === WIRE_VERSION ? { code } : { ...issue, code })
}
