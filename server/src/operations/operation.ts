import type { Static, TObject } from 'typebox'
import { fail, ok, type Result } from '../base/result.ts'
import { invalidParameter, missing, type ApiError } from '../schema/errors.ts'
import { readFlattened } from '../schema/flattened.ts'
import { WIRE_VERSION } from '../schema/operation-names.ts'
import { readParameters, type SchemaNode } from '../schema/read.ts'
import type { OperationContext } from './context.ts'

/** The members of an answer, at least one, as JSON text in pieces without the braces, ready to be sent. */
export interface PreparedMembers {
  readonly preparedMembers: readonly Uint8Array[]
}
export type Outcome<Output> = Result<Output | PreparedMembers, ApiError>

/** Who may call an operation: those whose policies say so, the account alone, or whoever has a key. */
export type Callers = 'permitted' | 'account' | 'anyone'

/** An operation as the table knows it. */
export interface Operation {
  readonly name: string
  readonly version: string
  readonly input: TObject
  readonly output: TObject
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
  readonly input: Input
  readonly output: Output
  /** `permitted` when left out. */
  readonly callers?: Callers
  run(input: Static<Input>, context: OperationContext): Promise<Outcome<Static<Output>>>
}): Operation {
  const { name, version = WIRE_VERSION, input, output, callers = 'permitted' } = definition
  return {
    name,
    version,
    input,
    output,
    callers,
    handle: async (parameters, context) => {
      const read = readInput(input, parameters)
      if (!read.ok) return read
      return (await definition.run(read.value as Static<Input>, context)) as Outcome<
        Readonly<Record<string, unknown>>
      >
    },
  }
}

function readInput(
  schema: SchemaNode,
  parameters: ReadonlyMap<string, string>,
): Result<Record<string, unknown>, ApiError> {
  const read = readParameters(
    schema,
    (name) => parameters.get(name) || readFlattened(parameters, name),
  )
  if (read.ok) return ok(read.value)
  const { kind, path, allowed, got } = read.error
  if (kind === 'missing') return fail(missing(path))
  if (kind === 'malformed-time') return fail({ code: `Malformed${path}` })
  return fail(invalidParameter(path, `allowed: ${allowed}; got: ${got}`))
}
