import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { LineCounter, parseDocument, type Document } from 'yaml'
import { aiAgentConfig } from '../../schema/ai-agent-config.ts'
import { readStructure } from '../../schema/read.ts'
import { parseProviders } from '../../schema/providers.ts'
import { UsageError } from '../command.ts'
import {
  ACTIONS,
  scenario as schema,
  scenarioStep,
  SUBJECTS,
  type Expectation,
  type Scenario,
  type Step,
} from './scenario.ts'

export interface ReadScenario {
  readonly path: string
  readonly scenario: Scenario
  /** The effective configuration, JSON text. */
  readonly agentConfig: string
  /** A file that the scenario names, as it is to be opened. */
  readonly fileAt: (path: string) => string
}

/** Reads and checks a scenario. What is wrong with it is told with its line. */
export function readScenario(path: string): ReadScenario {
  const source = new Source(path)
  const { value } = source
  const issue = firstIssue(schema, value)
  if (issue !== undefined) source.fail(issue.instancePath, describe(issue))
  const read = value as Scenario
  checkSteps(read.steps, '/steps', source)
  const ids = idsOf(read.steps)
  for (const [index, one] of read.expect.entries()) {
    checkExpectation(one, ids, (message) => source.fail(`/expect/${index}`, message))
  }
  const providers = parseProviders(JSON.stringify(read.providers ?? {}))
  if (!providers.ok) source.fail('/providers', providers.error)
  const fileAt = (file: string): string => resolve(dirname(path), file)
  return { path, scenario: read, agentConfig: configOf(read, source, fileAt), fileAt }
}

/** A YAML file, and where in it things stand. */
class Source {
  readonly path: string
  readonly value: unknown
  readonly #document: Document
  readonly #lines = new LineCounter()

  constructor(path: string) {
    this.path = path
    let text: string
    try {
      text = readFileSync(path, 'utf8')
    } catch (error) {
      throw new UsageError(
        `${path} cannot be read: ${error instanceof Error ? error.message : ''}.`,
      )
    }
    this.#document = parseDocument(text, { lineCounter: this.#lines })
    const [error] = this.#document.errors
    if (error !== undefined) throw new UsageError(`${path}: ${error.message}`)
    this.value = this.#document.toJS()
  }

  /** `place` is a JSON pointer. */
  fail(place: string, message: string): never {
    const names = place.split('/').slice(1)
    const line = this.#lineOf(names)
    const where = names.length === 0 ? 'the scenario' : names.join('.')
    throw new UsageError(
      `${this.path}${line === undefined ? '' : `:${line}`}: ${where} ${message}.`,
    )
  }

  /** Of the innermost part that is there. */
  #lineOf(names: readonly string[]): number | undefined {
    for (let depth = names.length; depth > 0; depth -= 1) {
      const keys = names.slice(0, depth).map((name) => (/^\d+$/.test(name) ? Number(name) : name))
      const node = this.#document.getIn(keys, true) as
        | { readonly range?: readonly number[] }
        | undefined
      const offset = node?.range?.[0]
      if (offset !== undefined) return this.#lines.linePos(offset).line
    }
    return undefined
  }
}

/** Of a value that may be of several kinds, what is wrong with its text says most. */
function firstIssue(structure: TSchema, value: unknown): Issue | undefined {
  const issues: readonly Issue[] = Value.Errors(structure, value)
  const [first] = issues
  const isThere = ({ instancePath, keyword }: Issue): boolean =>
    instancePath === first?.instancePath && keyword === 'pattern'
  return issues.find(isThere) ?? first
}

interface Issue {
  readonly keyword: string
  readonly instancePath: string
  readonly message: string
  readonly params: object
}

function describe(issue: Issue): string {
  const params = issue.params as {
    readonly allowedValues?: readonly unknown[]
    readonly requiredProperties?: readonly string[]
  }
  if (params.requiredProperties !== undefined) {
    return `must have ${params.requiredProperties.join(', ')}`
  }
  if (params.allowedValues !== undefined) return `must be one of ${params.allowedValues.join(', ')}`
  if (issue.keyword === 'boolean') return 'is not known; docs/simulate.md lists what there is'
  if (issue.keyword === 'pattern') return 'must be a time like 300ms, 1.5s or 2min'
  return issue.message
}

function checkSteps(steps: readonly unknown[], place: string, source: Source): void {
  for (const [index, step] of steps.entries()) {
    const here = `${place}/${index}`
    const issue = firstIssue(scenarioStep, step)
    if (issue !== undefined) source.fail(`${here}${issue.instancePath}`, describe(issue))
    const read = step as Step
    const done = ACTIONS.filter((action) => read[action] !== undefined)
    if (done.length > 1) source.fail(here, `does ${done.join(' and ')}: one thing a step`)
    if ((read.repeat === undefined) !== (read.steps === undefined)) {
      source.fail(here, 'must have repeat and steps together')
    }
    if (read.steps !== undefined && done.length > 0) source.fail(here, `has steps and ${done[0]}`)
    const needs = (member: keyof Step, ...of: readonly (keyof Step)[]): void => {
      if (read[member] !== undefined && of.every((action) => read[action] === undefined)) {
        source.fail(here, `has ${member} without ${of.join(' or ')}`)
      }
    }
    needs('for', 'say', 'acknowledge')
    needs('sound', 'say')
    needs('interrupts', 'type', 'announce')
    if (read.steps !== undefined) checkSteps(read.steps, `${here}/steps`, source)
  }
}

function idsOf(steps: readonly Step[]): ReadonlySet<string> {
  return new Set(steps.flatMap(({ id }) => (id === undefined ? [] : [id])))
}

function checkExpectation(
  one: Expectation,
  ids: ReadonlySet<string>,
  fail: (message: string) => never,
): void {
  const subjects = SUBJECTS.filter((subject) => one[subject] !== undefined)
  if (subjects.length !== 1) fail(`must have exactly one of ${SUBJECTS.join(', ')}`)
  if (one.since !== undefined && !ids.has(one.since))
    fail(`counts since ${one.since}, which is no step`)
  if (one.sound !== undefined && one.within === undefined) fail('must say within what time')
  if (one.data !== undefined && one.message === undefined) fail('has data without message')
  if (one.words !== undefined && one.decision === undefined) fail('has words without decision')
}

/** Inline or from a file; what is inline goes before what is in the file. */
function configOf(
  { agent, agentFile }: Scenario,
  source: Source,
  fileAt: (path: string) => string,
): string {
  const fromFile = agentFile === undefined ? {} : new Source(fileAt(agentFile)).value
  const config = { ...(fromFile as object), ...agent }
  const read = readStructure(aiAgentConfig, config, 'agent')
  if (!read.ok) {
    const { path, allowed, got } = read.error
    const place = agent === undefined ? '/agentFile' : `/${path.replaceAll('.', '/')}`
    source.fail(place, `must be ${allowed}; it is ${got}`)
  }
  return JSON.stringify(read.value)
}
