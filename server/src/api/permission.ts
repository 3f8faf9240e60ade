import type { AccessDirectory } from '../access/directory.ts'
import { refusal } from '../access/refusal.ts'
import { findOperation } from '../operations/table.ts'
import type { ApiCall } from './parameters.ts'
import type { Permit } from './caller.ts'

/** No operation knows permissions for single resources: all are judged on this. */
const ALL_RESOURCES = '*'

/** Judges by the policies of the caller; the account itself may do everything. */
export function createPermit(access: Pick<AccessDirectory, 'decide'>): Permit {
  return (caller, intent) => {
    const { version, action } = intent
    const callers = findOperation(version, action)?.callers ?? 'permitted'
    if (caller.type === 'Account' || callers === 'anyone') return undefined
    if (callers === 'account') {
      const own = `ram:${action}`
      return refusal({
        caller,
        request: { action: own, resource: ALL_RESOURCES },
        noPermissionType: 'ImplicitDeny',
        policyType: 'AccountLevelIdentityBasedPolicy',
        message: `You are not authorized to do this operation: only the account is. Action: ${own}.`,
      })
    }
    const request = {
      action: `ice:${action}`,
      resource: ALL_RESOURCES,
      context: intent.policyContext(),
    }
    const decision = access.decide(caller, request)
    if (decision.effect === 'Allow') return undefined
    const { effect: noPermissionType, policyType } = decision
    return refusal({ caller, request, noPermissionType, policyType })
  }
}

/** What conditions of policies can ask about a request. The address is the connection's, never a header's. */
export function policyContextOf(call: ApiCall, wallMs: number): Readonly<Record<string, string>> {
  const { isSecure, remoteAddress } = call.request
  const [userAgent] = call.headerValues('user-agent')
  return {
    // A socket of both versions of IP names an address of version 4 so.
    'acs:SourceIp': remoteAddress.replace(/^::ffff:(?=\d+\.)/i, ''),
    'acs:CurrentTime': new Date(wallMs).toISOString(),
    'acs:SecureTransport': String(isSecure),
    ...(userAgent !== undefined && { 'acs:UserAgent': userAgent.trim() }),
  }
}
