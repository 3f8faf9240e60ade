import type { ProviderChoice, ProviderKind } from '../schema/providers.ts'

export const TESTED_KINDS = ['asr', 'llm', 'tts'] as const
export type TestedKind = (typeof TESTED_KINDS)[number]

/** What stands in the way of a provider, for programs; `message` of the report says it in words. */
export const TEST_PROBLEMS = [
  'settings', // the choice itself
  'key-missing', // the environment variable that it names is not set
  'dns', // there is no such host
  'refused', // nothing listens there
  'tls', // no secure connection
  'unreachable', // any other trouble on the way
  'timeout', // nothing came in time
  'key', // the key is wrong, or may not do it
  'model', // there is no such model
  'address', // there is no such path
  'quota', // too many requests, or nothing left to pay with
  'server', // it failed itself
  'answer', // it answered something else
  'empty', // it answered nothing
] as const
export type TestProblem = (typeof TEST_PROBLEMS)[number]

/** It works, but. */
export const TEST_WARNINGS = ['no-streaming', 'slow', 'thinks', 'untested'] as const
export type TestWarning = (typeof TEST_WARNINGS)[number]

export interface TestReport {
  /** Absent: it works. */
  readonly problem?: TestProblem
  readonly warnings: readonly TestWarning[]
  /** In English, in full sentences: what happened, and what to do. Never a secret, nor the other side's own words. */
  readonly message: string
  /** To the first word or sound, and to the end. */
  readonly firstMs?: number
  readonly totalMs?: number
  /** What the model said, or what was recognised. */
  readonly answer?: string
  /** Models that there are, when the one that was asked for is not. */
  readonly models?: readonly string[]
}

/** A provider that this server knows by name. */
export interface KnownProvider {
  readonly kind: ProviderKind
  readonly name: string
  /** It serves agents that choose none. */
  readonly isDefault: boolean
  /** It needs nothing more than what its options can say. */
  readonly isUsable: boolean
  /** Why it is not, or what its options must say. */
  readonly reason?: string
  /** Values of `AsrLanguageId`; of a recogniser. */
  readonly languages?: readonly string[] | 'any'
  /** Of a voice, where they are known. */
  readonly voices?: readonly string[]
  /** Folders of models that it can run. */
  readonly folders?: readonly { readonly name: string; readonly about: string }[]
}

/** What is known of providers without a call, and whether they work. */
export interface ProviderDesk {
  list(): Promise<readonly KnownProvider[]>
  /** Asks a provider for a little of what it is for. `undefined` tests the server's default. */
  test(kind: TestedKind, choice: ProviderChoice | undefined): Promise<TestReport>
}
