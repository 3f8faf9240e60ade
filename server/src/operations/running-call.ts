import { fail, ok, type Result } from '../base/result.ts'
import type { CallCommand, CommandRefusal } from '../ports/calls.ts'
import { invalidParameter, type ApiError } from '../schema/errors.ts'
import type { OperationContext } from './context.ts'

/** Hands a running call what somebody wants of it; says why not when it is not running. */
export async function commandCall(
  instanceId: string,
  command: CallCommand,
  context: OperationContext,
): Promise<Result<Record<string, never>, ApiError>> {
  const running = await checkRunning(instanceId, context)
  if (!running.ok) return running
  const taken = await context.calls.command(instanceId, command)
  return taken.ok ? ok({}) : refused(taken.error)
}

/** Has a running call play a sound; says why not when it is not running or there is no such sound. */
export async function playInCall(
  instanceId: string,
  sound: { readonly url: string; readonly interrupts: boolean },
  context: OperationContext,
): Promise<Result<Record<string, never>, ApiError>> {
  const running = await checkRunning(instanceId, context)
  if (!running.ok) return running
  const taken = await context.calls.play(instanceId, sound)
  if (taken.ok) return ok({})
  const { code, message } = taken.error
  if (code !== 'bad-sound') return refused(code)
  return fail(invalidParameter('Text', `the sound cannot be played: ${message}`))
}

async function checkRunning(
  instanceId: string,
  { store }: OperationContext,
): Promise<Result<void, ApiError>> {
  const instance = await store.getInstance(instanceId)
  if (instance === undefined) return fail({ code: 'InstanceNotFound' })
  return instance.status === 'Finished' ? fail({ code: 'InvalidInstanceStatus' }) : ok(undefined)
}

function refused(refusal: CommandRefusal): Result<never, ApiError> {
  if (refusal === 'name-taken') {
    return fail(
      invalidParameter('HumanAgentUserId', 'it is the name of the only user of this call'),
    )
  }
  if (refusal === 'not-stored') return fail({ code: 'ServiceUnavailable' })
  const message = REFUSALS[refusal]
  return fail({ code: 'InvalidInstanceStatus', ...(message === undefined ? {} : { message }) })
}

const REFUSALS: Readonly<Partial<Record<CommandRefusal, string>>> = {
  'nobody-there': 'No user is connected to this call.',
  'taken-over': 'A human has taken this call over.',
}

/** Ends a call. Stopping what has ended succeeds without effect. */
export const stopCall = (
  instanceId: string,
  { store, calls, inTurn }: OperationContext,
): Promise<Result<Record<string, never>, ApiError>> =>
  // A call that is just being started is there first: nobody could stop what is not there yet.
  inTurn(`instance ${instanceId}`, async () => {
    const instance = await store.getInstance(instanceId)
    if (instance === undefined) return fail({ code: 'InstanceNotFound' })
    if (instance.status !== 'Finished') await calls.stop(instanceId)
    return ok({})
  })
