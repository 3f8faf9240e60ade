import type { Config } from './effective-config.ts'
import { isObject } from './wire.ts'

/** What the schema cannot say about the `antiphon` member; `problem` completes "X must …". */
export interface RuleIssue {
  readonly path: string
  readonly problem: string
}

/** Header names and values as HTTP allows them; the request itself sets the other names. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/
const HEADER_VALUE = /^[\t\x20-\x7e]{0,4096}$/
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'host',
  'transfer-encoding',
  'upgrade',
])

/** The first thing wrong with the functions that an agent declares. */
export function antiphonIssue(config: Config): RuleIssue | undefined {
  const ours = isObject(config['antiphon']) ? config['antiphon'] : {}
  const tools = Array.isArray(ours['Tools']) ? ours['Tools'].filter(isObject) : []
  const names = new Set<unknown>()
  for (const [index, tool] of tools.entries()) {
    const path = `AgentConfig.antiphon.Tools.${index + 1}`
    const issue = nameIssue(tool, names) ?? urlIssue(tool) ?? headersIssue(tool)
    if (issue !== undefined) return { path: `${path}.${issue.path}`, problem: issue.problem }
    names.add(tool['Name'])
  }
  return undefined
}

function nameIssue(tool: Config, others: ReadonlySet<unknown>): RuleIssue | undefined {
  const name = tool['Name']
  if (typeof name !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
    return { path: 'Name', problem: 'be 1 to 64 letters, digits, _ or -' }
  }
  if (others.has(name)) return { path: 'Name', problem: 'differ from those of the other functions' }
  return undefined
}

function urlIssue(tool: Config): RuleIssue | undefined {
  const url = tool['Url']
  const isRight = typeof url === 'string' && /^https?:\/\//i.test(url) && URL.canParse(url)
  return isRight ? undefined : { path: 'Url', problem: 'be an http or https address' }
}

function headersIssue(tool: Config): RuleIssue | undefined {
  const headers = isObject(tool['Headers']) ? tool['Headers'] : {}
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name) || OWN_HEADERS.has(name.toLowerCase())) {
      return { path: 'Headers', problem: `not hold "${name.slice(0, 64)}", which cannot be set` }
    }
    if (typeof value !== 'string' || !HEADER_VALUE.test(value)) {
      return { path: `Headers.${name}`, problem: 'be a text of visible ASCII characters' }
    }
  }
  return undefined
}
