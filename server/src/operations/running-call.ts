import { fail, ok, type Result } from '../base/result.ts'
import type { CallCommand } from '../ports/calls.ts'
import type { ApiError } from '../schema/errors.ts'
import type { OperationContext } from './context.ts'

/** Hands a running call what somebody wants of it; says why not when it is not running. */
export async function commandCall(
  instanceId: string,
  command: CallCommand,
  { store, calls }: OperationContext,
): Promise<Result<Record<string, never>, ApiError>> {
  const instance = await store.getInstance(instanceId)
  if (instance === undefined) return fail({ code: 'InstanceNotFound' })
  if (instance.status === 'Finished') return fail({ code: 'InvalidInstanceStatus' })
  const taken = await calls.command(instanceId, command)
  if (taken.ok) return ok({})
  const message = taken.error === 'nobody-there' ? 'No user is connected to this call.' : undefined
  return fail({ code: 'InvalidInstanceStatus', ...(message === undefined ? {} : { message }) })
}
