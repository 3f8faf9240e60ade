import type { ApiError } from '../schema/errors.ts'
import type { Decision, PolicyRequest } from './policy-decision.ts'
import type { Principal } from './principal.ts'

/** Bytes that begin every diagnostic message, so that its Base64 starts with `AQ`. */
const DIAGNOSTIC_HEAD = [1, 0]

/** What a caller is told who may not do what it asked for. */
export function refusal(denied: {
  readonly caller: Principal
  readonly request: Pick<PolicyRequest, 'action' | 'resource'>
  readonly noPermissionType: Exclude<Decision['effect'], 'Allow'>
  readonly policyType: string
  readonly message?: string
}): ApiError {
  const { caller, noPermissionType, policyType } = denied
  const { action, resource } = denied.request
  const { accountId, id, type } = caller
  const detail = {
    PolicyType: policyType,
    NoPermissionType: noPermissionType,
    AuthAction: action,
    AuthResource: resource,
    AuthPrincipalType: type,
    AuthPrincipalOwnerId: accountId,
    AuthPrincipalDisplayName: type === 'AssumedRoleUser' ? sessionOf(caller) : id,
  }
  const words = `You are not authorized to do this operation. Action: ${action}. Resource: ${resource}.`
  return {
    code: 'NoPermission',
    message: denied.message ?? words,
    accessDeniedDetail: { ...detail, EncodedDiagnosticMessage: encode(detail) },
  }
}

const sessionOf = ({ roleName = '', sessionName = '' }: Principal): string =>
  `${roleName}:${sessionName}`

const encode = (detail: object): string =>
  Buffer.concat([Buffer.from(DIAGNOSTIC_HEAD), Buffer.from(JSON.stringify(detail))]).toString(
    'base64',
  )
