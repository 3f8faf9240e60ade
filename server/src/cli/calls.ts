import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { systemClock } from '../base/system-clock.ts'
import { WIRE_VERSION } from '../schema/operation-names.ts'
import { readTime } from '../schema/wire.ts'
import { apiClient, SERVER_SETTINGS, type Answer, type ApiClient } from './api-client.ts'
import { CommandError, UsageError, type Command, type CommandIo } from './command.ts'

/** Flags of the filters and the order, with the parameter of SearchAIAgentInstances that each is. */
const FILTERS = {
  instance: 'InstanceId',
  agent: 'AIAgentId',
  status: 'Status',
  since: 'CreatedAfter',
  until: 'CreatedBefore',
  'ended-since': 'FinishedAfter',
  'ended-until': 'FinishedBefore',
  'min-duration': 'MinDurationMs',
  'max-duration': 'MaxDurationMs',
  reason: 'EndReason',
  session: 'SessionId',
  'user-data': 'UserDataPath',
  text: 'Text',
  by: 'TextBy',
  order: 'OrderBy',
} as const

const OPTIONS = {
  ...(Object.fromEntries(Object.keys(FILTERS).map((name) => [name, { type: 'string' }])) as Record<
    keyof typeof FILTERS,
    { type: 'string' }
  >),
  reverse: { type: 'boolean' },
  limit: { type: 'string' },
  next: { type: 'string' },
  total: { type: 'boolean' },
  estimate: { type: 'boolean' },
  json: { type: 'boolean' },
  sentences: { type: 'boolean' },
  out: { type: 'string' },
} as const

const usage = `
npx antiphon calls [list] [filters]     finds calls, newest first
npx antiphon calls export [filters]     all of them as lines of JSON
npx antiphon calls show <instance id>   one of them, with its figures and its configuration

Filters; a call is found when all of them are true of it:
  --instance <id>           this call only
  --agent <id>              of this agent
  --status <status>         Created, Executing or Finished
  --since <time>            started then or later: ISO 8601 with a zone, or how long ago (90m, 12h, 7d)
  --until <time>            started then or earlier
  --ended-since <time>      ended then or later
  --ended-until <time>      ended then or earlier
  --min-duration <length>   took at least so long: 500ms, 30s, 5m, 1h
  --max-duration <length>   took at most so long
  --reason <reason>         why it ended: user-left, idle, stopped, error, …
  --session <id>            of this session
  --user-data <path=value>  its UserData is JSON with this value at this path: customer.id=42
  --text <words>            all these words were said; "in quotes" next to each other, refund* as a beginning
  --by <side>               by User or Agent
  --order <order>           CreateTime (default) or Duration
  --reverse                 oldest or shortest first

Of list:
  --limit <number>          how many to show, 1 to 100 (default 20)
  --next <token>            go on where the last list ended
  --total, --estimate       tell how many there are, exactly or roughly
  --json                    the answer as it is

Of export:
  --sentences               with what was said
  --out <file>              into a file; it must not exist yet
${SERVER_SETTINGS}`

/** Finds calls on a running server, as SearchAIAgentInstances and ExportAIAgentInstances do. */
export const calls: Command = {
  name: 'calls',
  summary: 'finds, exports and shows calls',
  usage,
  run: async (args, io) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: OPTIONS,
      allowPositionals: true,
    })
    const [verb = 'list', ...rest] = positionals
    const most = verb === 'show' ? 1 : 0
    if (rest.length > most) throw new UsageError(`There is too much: ${rest.slice(most).join(' ')}`)
    try {
      if (verb === 'show') await show(rest[0], apiClient(io.environment), io)
      else if (verb === 'list') await list(values, apiClient(io.environment), io)
      else if (verb === 'export') await exportCalls(values, apiClient(io.environment), io)
      else throw new UsageError(`There is no ${verb}; there are list, export and show.`)
    } catch (error) {
      throw error instanceof CommandError ? new CommandError(namingFlags(error.message)) : error
    }
    return 0
  },
}

const FLAG_OF: ReadonlyMap<string, string> = new Map([
  ...Object.entries(FILTERS).map(([flag, name]) => [name, flag] as const),
  ['MaxResults', 'limit'],
  ['NextToken', 'next'],
])

/** The server speaks of its parameters; whoever typed the command knows them as flags. */
const namingFlags = (message: string): string =>
  message.replace(/parameter (\w+)/, (words, name: string) => {
    const flag = FLAG_OF.get(name)
    return flag === undefined ? words : `--${flag}`
  })

type Values = Partial<Record<keyof typeof FILTERS | 'limit' | 'next' | 'out', string>> &
  Partial<Record<'reverse' | 'total' | 'estimate' | 'json' | 'sentences', boolean>>

/** The parameters that the flags stand for. */
function parametersOf(values: Values): Record<string, string> {
  const parameters: Record<string, string> = {}
  for (const [flag, name] of Object.entries(FILTERS) as [keyof typeof FILTERS, string][]) {
    const value = values[flag]
    if (value !== undefined) parameters[name] = valueOf(flag, value)
  }
  const pair = values['user-data']
  if (pair !== undefined) {
    const equals = pair.indexOf('=')
    if (equals < 1) throw new UsageError(`--user-data must be <path>=<value>; it is ${pair}`)
    parameters['UserDataPath'] = pair.slice(0, equals)
    parameters['UserDataValue'] = pair.slice(equals + 1)
  }
  if (values.reverse === true) parameters['Order'] = 'Asc'
  return parameters
}

const MS_OF_UNIT = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

function valueOf(flag: keyof typeof FILTERS, value: string): string {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)(ms|[smhd])$/.exec(value) ?? []
  const lengthMs = Math.round(Number(count) * MS_OF_UNIT[unit as keyof typeof MS_OF_UNIT])
  if (flag.endsWith('-duration')) {
    if (count === undefined) {
      throw new UsageError(`--${flag} must be a length like 500ms, 30s, 5m or 1h; it is ${value}`)
    }
    return String(lengthMs)
  }
  if (!/(since|until)$/.test(flag)) return value
  if (count !== undefined) return ago(lengthMs)
  if (readTime(value) === undefined) {
    const forms = '2026-03-01T12:00:00Z, or how long ago like 90m, 12h or 7d'
    throw new UsageError(`--${flag} must be a time like ${forms}; it is ${value}`)
  }
  return value
}

const ago = (lengthMs: number): string => new Date(systemClock.wallMs() - lengthMs).toISOString()

async function list(values: Values, client: ApiClient, io: CommandIo): Promise<void> {
  const { limit, next, total, estimate, json } = values
  const answer = await client.call('SearchAIAgentInstances', {
    ...parametersOf(values),
    MaxResults: limit,
    NextToken: next,
    Total: total === true ? 'Exact' : estimate === true ? 'Estimated' : undefined,
  })
  if (json === true) {
    await io.out(`${JSON.stringify(answer, undefined, 2)}\n`)
    return
  }
  const instances = answer['Instances'] as readonly Answer[]
  await io.out(instances.length === 0 ? 'No calls.\n' : tableOf(instances))
  const count = answer['TotalCount']
  if (count !== undefined) {
    await io.out(`${answer['TotalIsExact'] === true ? '' : 'about '}${String(count)} in all\n`)
  }
  const token = answer['NextToken']
  if (token !== undefined) io.err(`There are more: --next ${String(token)}`)
}

const COLUMNS: readonly (readonly [title: string, cell: (call: Answer) => string])[] = [
  ['INSTANCE', (call) => textOf(call['InstanceId'])],
  ['CREATED', (call) => textOf(call['GmtCreate']).slice(0, 19).replace('T', ' ')],
  ['STATUS', (call) => textOf(call['Status'])],
  ['DURATION', (call) => seconds(call['DurationMs'])],
  ['END', (call) => textOf(call['EndReason'])],
  ['TURNS', (call) => textOf(call['Turns'])],
  ['CUT', (call) => textOf(call['Interruptions'])],
  ['P50', (call) => seconds(call['AnswerDelayP50Ms'])],
  ['P95', (call) => seconds(call['AnswerDelayP95Ms'])],
  ['SESSION', (call) => textOf(call['SessionId'])],
]

const textOf = (value: unknown): string => (value === undefined ? '' : String(value))
const seconds = (ms: unknown): string =>
  ms === undefined ? '' : `${(Number(ms) / 1000).toFixed(Number(ms) < 10_000 ? 2 : 0)} s`

function tableOf(instances: readonly Answer[]): string {
  const rows = [
    COLUMNS.map(([title]) => title),
    ...instances.map((call) => COLUMNS.map(([, cell]) => cell(call))),
  ]
  const widths = COLUMNS.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return `${rows.map(line).join('\n')}\n`
}

async function exportCalls(values: Values, client: ApiClient, io: CommandIo): Promise<void> {
  const parameters = { ...parametersOf(values), WithSentences: values.sentences }
  const body = await client.stream('ExportAIAgentInstances', parameters)
  const { out } = values
  try {
    if (out === undefined) await print(body, io)
    else await pipeline(body, createWriteStream(out, { flags: 'wx' }))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new CommandError(`${String(out)} exists already.`)
    }
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandError(`The export is not complete: ${reason}.`)
  }
}

/** As fast as whoever reads it. */
async function print(body: AsyncIterable<Uint8Array>, io: CommandIo): Promise<void> {
  const decoder = new TextDecoder()
  for await (const chunk of body) await io.out(decoder.decode(chunk, { stream: true }))
}

async function show(id: string | undefined, client: ApiClient, io: CommandIo): Promise<void> {
  if (id === undefined) throw new UsageError('The id of the instance is missing.')
  const [{ Instance: described }, { Instances: found }] = await Promise.all([
    client.call('DescribeAIAgentInstance', { InstanceId: id }, WIRE_VERSION),
    client.call('SearchAIAgentInstances', { InstanceId: id }),
  ])
  const [call] = found as readonly Answer[]
  await io.out(`${JSON.stringify({ ...call, ...(described as Answer) }, undefined, 2)}\n`)
}
