import { Type } from 'typebox'
import { described } from './described.ts'
import { fail, ok, type Result } from '../base/result.ts'
import { POLICY_OPERATORS } from './policy-operators.ts'
import { isObject } from './wire.ts'

/** Longest document of a policy that is stored, characters. */
export const POLICY_LIMIT_CHARS = 6144
/** Longest session policy, characters. */
export const SESSION_POLICY_LIMIT_CHARS = 2048

const oneOrMore = Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })])

/** A policy of the RAM language, version 1, as it is written. */
export const policyDocument = Type.Object(
  described(
    {
      Version: Type.Literal('1'),
      Statement: Type.Array(
        Type.Object(
          described(
            {
              Effect: Type.Enum(['Allow', 'Deny']),
              Action: Type.Optional(oneOrMore),
              NotAction: Type.Optional(oneOrMore),
              Resource: Type.Optional(oneOrMore),
              Principal: Type.Optional(
                Type.Object(described({ RAM: oneOrMore }, { RAM: 'As acs:ram::<account>:root.' })),
              ),
              Condition: Type.Optional(
                Type.Record(Type.String(), Type.Record(Type.String(), oneOrMore)),
              ),
            },
            {
              Effect: 'A denial goes before all that allows.',
              Action: 'The actions it is about, as ice:List*; or NotAction.',
              NotAction: 'Every action but these.',
              Resource: 'What it is about, as *; not of policies that say who may assume a role.',
              Principal: 'Who may assume the role; only of policies that say that.',
              Condition: 'When it counts: operator, key, values.',
            },
          ),
        ),
        { minItems: 1 },
      ),
    },
    { Version: 'Version of the policy language.', Statement: 'What is allowed and denied.' },
  ),
)

/** One key under one operator. */
export interface PolicyCondition {
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
}

export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny'
  /** The statement is about every action but those listed. */
  readonly isNotAction: boolean
  /** Patterns in lower case. */
  readonly actions: readonly string[]
  /** Patterns; empty in a policy that says who may assume a role. */
  readonly resources: readonly string[]
  /** Patterns; only in a policy that says who may assume a role. */
  readonly principals: readonly string[]
  readonly conditions: readonly PolicyCondition[]
}

/** A policy, read and checked. */
export interface Policy {
  readonly statements: readonly PolicyStatement[]
}

/** What a policy is attached to, which tells whether it names a resource or a principal. */
export type PolicyKind = 'identity' | 'trust'

/** Reads the text of a policy; the error is a clause that names the place and what is allowed there. */
export function parsePolicy(text: string, kind: PolicyKind = 'identity'): Result<Policy, string> {
  if (text.length > POLICY_LIMIT_CHARS) {
    return fail(`a policy has at most ${POLICY_LIMIT_CHARS} characters`)
  }
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return fail('a policy is JSON text, and this is not JSON')
  }
  return readPolicy(document, kind)
}

/** Reads a policy that is a structure already. */
export function readPolicy(
  document: unknown,
  kind: PolicyKind = 'identity',
): Result<Policy, string> {
  if (!isObject(document)) return fail('a policy is a JSON object')
  const stranger = Object.keys(document).find((name) => !/^(Version|Statement)$/.test(name))
  if (stranger !== undefined) return fail(`${stranger} is not an element of a policy`)
  if (document['Version'] !== '1') return fail('Version must be the text "1"')
  const list = document['Statement']
  if (!Array.isArray(list) || list.length === 0) {
    return fail('Statement must be a list of at least one statement')
  }
  const statements: PolicyStatement[] = []
  for (const [index, entry] of list.entries()) {
    const statement = readStatement(entry, `Statement[${index}]`, kind)
    if (!statement.ok) return statement
    statements.push(statement.value)
  }
  return ok({ statements })
}

const ELEMENTS = {
  identity: ['Effect', 'Action', 'NotAction', 'Resource', 'Condition'],
  trust: ['Effect', 'Action', 'Principal', 'Condition'],
} as const

function readStatement(
  given: unknown,
  path: string,
  kind: PolicyKind,
): Result<PolicyStatement, string> {
  if (!isObject(given)) return fail(`${path} must be a JSON object`)
  const elements: readonly string[] = ELEMENTS[kind]
  const stranger = Object.keys(given).find((name) => !elements.includes(name))
  if (stranger !== undefined) {
    return fail(`${path}.${stranger} is not allowed here; allowed: ${elements.join(', ')}`)
  }
  const effect = given['Effect']
  if (effect !== 'Allow' && effect !== 'Deny') return fail(`${path}.Effect must be Allow or Deny`)
  const isNotAction = given['NotAction'] !== undefined
  if (isNotAction === (given['Action'] !== undefined)) {
    return fail(`${path} must have either Action or NotAction`)
  }
  const actions = readTexts(given, isNotAction ? 'NotAction' : 'Action', path, ACTION)
  if (!actions.ok) return actions
  const resources = kind === 'identity' ? readTexts(given, 'Resource', path, RESOURCE) : ok([])
  if (!resources.ok) return resources
  const principals = kind === 'trust' ? readPrincipals(given['Principal'], path) : ok([])
  if (!principals.ok) return principals
  const conditions = readConditions(given['Condition'], `${path}.Condition`)
  if (!conditions.ok) return conditions
  return ok({
    effect,
    isNotAction,
    actions: actions.value.map((action) => action.toLowerCase()),
    resources: resources.value,
    principals: principals.value,
    conditions: conditions.value,
  })
}

interface Form {
  readonly pattern: RegExp
  readonly allowed: string
}
const ACTION: Form = { pattern: /^(\*|[\w*?-]+:[\w*?:/.-]+)$/, allowed: '* or service:operation' }
const RESOURCE: Form = {
  pattern: /^(\*|acs:\S+)$/,
  allowed: '* or acs:service:region:account:relative-id',
}
const PRINCIPAL: Form = {
  pattern: /^(\*|acs:ram::[^:\s]+:\S+)$/,
  allowed: '* or acs:ram::account:root, acs:ram::account:user/name, acs:ram::account:role/name',
}

function readPrincipals(given: unknown, path: string): Result<readonly string[], string> {
  if (!isObject(given) || Object.keys(given).join() !== 'RAM') {
    return fail(`${path}.Principal must be {"RAM": …}`)
  }
  return readTexts(given, 'RAM', `${path}.Principal`, PRINCIPAL)
}

function readTexts(
  owner: Readonly<Record<string, unknown>>,
  name: string,
  path: string,
  form: Form,
): Result<readonly string[], string> {
  const given = owner[name]
  const list: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (given === undefined || list.length === 0) return fail(`${path}.${name} is missing`)
  const isRight = list.every((entry) => typeof entry === 'string' && form.pattern.test(entry))
  return isRight
    ? ok(list.map(String))
    : fail(`${path}.${name} must be one text or a list of texts, each ${form.allowed}`)
}

function readConditions(given: unknown, path: string): Result<readonly PolicyCondition[], string> {
  if (given === undefined) return ok([])
  if (!isObject(given)) return fail(`${path} must be a JSON object`)
  const conditions: PolicyCondition[] = []
  for (const [operator, keys] of Object.entries(given)) {
    const known = POLICY_OPERATORS.get(operator)
    if (known === undefined) {
      const names = [...POLICY_OPERATORS.keys()].join(', ')
      return fail(`${path} has the unknown operator ${operator.slice(0, 64)}; allowed: ${names}`)
    }
    if (!isObject(keys) || Object.keys(keys).length === 0) {
      return fail(`${path}.${operator} must be a JSON object with at least one key`)
    }
    for (const [key, value] of Object.entries(keys)) {
      const values = valuesOf(value)
      if (values === undefined || !values.every((entry) => known.isValue(entry))) {
        return fail(`${path}.${operator}.${key} must be ${known.allowed}, or a list of such`)
      }
      conditions.push({ operator, key, values })
    }
  }
  return ok(conditions)
}

/** Numbers and truth values may stand as they are. */
function valuesOf(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (list.length === 0) return undefined
  return list.every((entry) => /^(string|number|boolean)$/.test(typeof entry))
    ? list.map(String)
    : undefined
}
