import { POLICY_OPERATORS } from '../schema/policy-operators.ts'
import type { Policy, PolicyCondition, PolicyStatement } from '../schema/policy.ts'
import { matchesWildcard } from '../schema/wildcard.ts'
import type { PrincipalType } from './principal.ts'

/** What a policy is asked about. */
export interface PolicyRequest {
  /** `ice:ListAIAgentInstance` */
  readonly action: string
  /** An ARN, or the literal `*` for operations that know no single resources. */
  readonly resource: string
  /** What the server knows of the request: `acs:SourceIp` … A key that is absent meets no condition. */
  readonly context: Readonly<Record<string, string>>
}

/** Whose policy decided, as refusals name it. */
export type PolicyType = 'ControlPolicy' | 'SessionPolicy' | 'AccountLevelIdentityBasedPolicy'

export type Decision =
  | { readonly effect: 'Allow' }
  | { readonly effect: 'ImplicitDeny' | 'ExplicitDeny'; readonly policyType: PolicyType }

export interface PoliciesOfPrincipal {
  readonly principalType: PrincipalType
  /** Attached to the user or the role. */
  readonly identityPolicies: readonly Policy[]
  /** Given when a role was assumed; absent: it narrows nothing. */
  readonly sessionPolicy?: Policy | undefined
  /** Of the organisation; absent or empty: there are none. */
  readonly controlPolicies?: readonly Policy[] | undefined
}

/** Each kind of policy must allow by itself; the first that does not decides. The account needs none. */
export function decide(principal: PoliciesOfPrincipal, request: PolicyRequest): Decision {
  if (principal.principalType === 'Account') return { effect: 'Allow' }
  const { controlPolicies = [], sessionPolicy, identityPolicies } = principal
  const kinds: readonly (readonly [PolicyType, readonly Policy[]])[] = [
    ...(controlPolicies.length > 0 ? [['ControlPolicy', controlPolicies] as const] : []),
    ...(sessionPolicy === undefined ? [] : [['SessionPolicy', [sessionPolicy]] as const]),
    ['AccountLevelIdentityBasedPolicy', identityPolicies],
  ]
  for (const [policyType, policies] of kinds) {
    const effect = effectOf(policies, (statement) => isAbout(statement, request))
    if (effect !== 'Allow') return { effect, policyType }
  }
  return { effect: 'Allow' }
}

/** Whether a role's trust policy lets one of these ARNs, all of them names of the caller, assume the role. */
export function isTrusted(
  trustPolicy: Policy,
  callerArns: readonly string[],
  request: Pick<PolicyRequest, 'action' | 'context'>,
): boolean {
  const isOf = (statement: PolicyStatement): boolean =>
    statement.principals.some((pattern) => callerArns.some((arn) => matchesWildcard(pattern, arn)))
  return (
    effectOf(
      [trustPolicy],
      (statement) =>
        isOf(statement) && coversAction(statement, request.action) && areMet(statement, request),
    ) === 'Allow'
  )
}

function effectOf(
  policies: readonly Policy[],
  applies: (statement: PolicyStatement) => boolean,
): 'Allow' | 'ImplicitDeny' | 'ExplicitDeny' {
  let isAllowed = false
  for (const { statements } of policies) {
    for (const statement of statements) {
      if (isAllowed && statement.effect === 'Allow') continue
      if (!applies(statement)) continue
      if (statement.effect === 'Deny') return 'ExplicitDeny'
      isAllowed = true
    }
  }
  return isAllowed ? 'Allow' : 'ImplicitDeny'
}

const isAbout = (statement: PolicyStatement, request: PolicyRequest): boolean =>
  coversAction(statement, request.action) &&
  statement.resources.some((pattern) => matchesWildcard(pattern, request.resource)) &&
  areMet(statement, request)

function coversAction(statement: PolicyStatement, action: string): boolean {
  const wanted = action.toLowerCase()
  const isListed = statement.actions.some((pattern) => matchesWildcard(pattern, wanted))
  return isListed !== statement.isNotAction
}

const areMet = (statement: PolicyStatement, { context }: Pick<PolicyRequest, 'context'>): boolean =>
  statement.conditions.every((condition) => isMet(condition, context))

function isMet(condition: PolicyCondition, context: PolicyRequest['context']): boolean {
  const operator = POLICY_OPERATORS.get(condition.operator)
  if (operator === undefined || !Object.hasOwn(context, condition.key)) return false
  const given = context[condition.key] ?? ''
  const matches = condition.values.map((value) => operator.matches(given, value))
  // What the request carries cannot be read: as if it were not there.
  if (matches.includes(undefined)) return false
  return matches.includes(true) !== operator.isNegated
}
