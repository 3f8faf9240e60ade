import { containsIp, parseIpBlock } from '../base/ip-block.ts'
import { matchesWildcard } from './wildcard.ts'
import { readBoolean, readNumber, readTime } from './wire.ts'

/** One operator of a policy's `Condition`. */
export interface PolicyOperator {
  /** The condition holds when none of its values matches, not when one does. */
  readonly isNegated: boolean
  /** What a value in a policy must be, in words. */
  readonly allowed: string
  isValue(value: string): boolean
  /** Whether what the request carries fits a value; nothing when it cannot be compared at all. */
  matches(given: string, value: string): boolean | undefined
}

type Compare<T> = (given: T, value: T) => boolean

/** An operator that compares what `read` makes of both sides. */
function comparing<T>(
  allowed: string,
  read: (text: string) => T | undefined,
  compare: Compare<T>,
  isNegated = false,
): PolicyOperator {
  return {
    isNegated,
    allowed,
    isValue: (value) => read(value) !== undefined,
    matches: (given, value) => {
      const [left, right] = [read(given), read(value)]
      return left === undefined || right === undefined ? undefined : compare(left, right)
    },
  }
}

const asText = (text: string): string => text
const isSame = (given: unknown, value: unknown): boolean => given === value
const text = (compare: Compare<string>, isNegated = false): PolicyOperator =>
  comparing('text', asText, compare, isNegated)

const isSameIgnoringCase: Compare<string> = (given, value) =>
  given.toLowerCase() === value.toLowerCase()
const isLike: Compare<string> = (given, pattern) => matchesWildcard(pattern, given)

/** The six comparisons of numbers and dates, under their names. */
function ordered(
  prefix: 'Numeric' | 'Date',
  allowed: string,
  read: (text: string) => number | undefined,
): readonly (readonly [name: string, operator: PolicyOperator])[] {
  const of = (compare: Compare<number>, isNegated = false): PolicyOperator =>
    comparing(allowed, read, compare, isNegated)
  return [
    [`${prefix}Equals`, of(isSame)],
    [`${prefix}NotEquals`, of(isSame, true)],
    [`${prefix}LessThan`, of((given, value) => given < value)],
    [`${prefix}LessThanEquals`, of((given, value) => given <= value)],
    [`${prefix}GreaterThan`, of((given, value) => given > value)],
    [`${prefix}GreaterThanEquals`, of((given, value) => given >= value)],
  ]
}

const address = (isNegated: boolean): PolicyOperator =>
  comparing(
    'an IP address or a CIDR block',
    parseIpBlock,
    (given, block) => containsIp(block, given),
    isNegated,
  )

/** All operators, by name. There are no `…IfExists` and no `Null`: the live service refuses them too. */
export const POLICY_OPERATORS: ReadonlyMap<string, PolicyOperator> = new Map([
  ['StringEquals', text(isSame)],
  ['StringNotEquals', text(isSame, true)],
  ['StringEqualsIgnoreCase', text(isSameIgnoringCase)],
  ['StringNotEqualsIgnoreCase', text(isSameIgnoringCase, true)],
  ['StringLike', text(isLike)],
  ['StringNotLike', text(isLike, true)],
  ...ordered('Numeric', 'a number', readNumber),
  ...ordered('Date', 'an ISO 8601 time with a zone', readTime),
  ['Bool', comparing('true or false', readBoolean, isSame)],
  ['IpAddress', address(false)],
  ['NotIpAddress', address(true)],
])
