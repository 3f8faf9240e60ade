import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { composeInstanceId } from '../src/base/ids.ts'
import { openForWriting, prepareDatabase } from '../src/store/database.ts'
import { fillSearch } from '../src/store/search-schema.ts'

/** A data folder full of calls, for `npm run bench list`. */
export interface BenchData {
  readonly calls: number
  /** Has 30 % of all calls. */
  readonly greatAgent: string
  /** Has as many as each other agent. */
  readonly smallAgent: string
  readonly firstMs: number
  readonly lastMs: number
}

const AGENTS = 1000
/** Of the great agent. */
const SHARE = 0.3
const SPAN_MS = 90 * 86_400_000
/** How often an agent's configuration was changed in that time. */
const VERSIONS = 3
const CACHE_KB = 4_000_000
const CALLS_AT_A_TIME = 50_000
/** The words that people know. */
const VOCABULARY = 20_000
const END_REASONS = ['user-left', 'user-left', 'client-stop', 'hangup-function', 'stopped', 'idle']

/**
 * Builds the database of a server that has taken calls for 90 days: the real schema with its triggers, filled by plain
 * SQL, its indexes and triggers made again at the end, as they stand in the schema. As with real calls, an agent's configuration of 2.5 KB in each of its two forms is
 * shared by its calls (three versions of it), while the channel, its token, the user data and what was said are
 * each call's own; one row of an answer has some 6 KB.
 */
export function buildList(folder: string, calls: number, nowMs: number): BenchData {
  const path = join(folder, 'antiphon.db')
  const prepared = prepareDatabase(path)
  if (!prepared.ok) throw new Error(prepared.error)
  const database = openForWriting(path)
  database.exec('pragma journal_mode = memory; pragma synchronous = off')
  database.exec(`pragma cache_size = -${CACHE_KB}`)
  const firstMs = nowMs - SPAN_MS
  const configurations = putAgents(database, firstMs)
  const rest = dropUntilFilled(database)
  const writer = new CallWriter(database, configurations)
  for (let from = 0; from < calls; from += CALLS_AT_A_TIME) {
    database.exec('begin')
    const until = Math.min(calls, from + CALLS_AT_A_TIME)
    for (let index = from; index < until; index += 1) {
      writer.put(index, firstMs + Math.floor((index * SPAN_MS) / calls))
    }
    database.exec('commit')
  }
  // One transaction: pages that are changed again and again are written once.
  database.exec('begin')
  fillSearch(database)
  database.exec(COUNT_USES)
  for (const sql of rest) database.exec(sql)
  database.exec('commit')
  database.exec(
    `update call_bound set longest_ms = (select max(finished_ms - created_ms) from instance)`,
  )
  database.exec('pragma journal_mode = wal')
  database.close()
  return { calls, greatAgent: agentId(0), smallAgent: agentId(1), firstMs, lastMs: nowMs }
}

const agentId = (index: number): string => hex(`agent ${index}`)
const hex = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

/** The numbers of each agent's configurations: its own form and the deprecated one, by version. */
type Configurations = readonly (readonly (readonly [number, number])[])[]

function putAgents(database: DatabaseSync, createdMs: number): Configurations {
  const putAgent = database.prepare(`
    insert into agent (agent_id, name, type, agent_config, providers, created_ms, modified_ms)
    values (?, ?, 'VoiceChat', ?, '{}', ?, ?)`)
  const putBody = database.prepare('insert into configuration (sha256, body) values (?, ?)')
  const put = (body: string): number => {
    const sha256 = createHash('sha256').update(body).digest()
    return Number(putBody.run(sha256, Buffer.from(body)).lastInsertRowid)
  }
  database.exec('begin')
  put('{}')
  const all = Array.from({ length: AGENTS }, (_, agent) => {
    const config = JSON.stringify(configurationOf(agent, VERSIONS))
    putAgent.run(agentId(agent), `Agent ${agent}`, config, createdMs, createdMs)
    return Array.from({ length: VERSIONS }, (_unused, version) => {
      const body = configurationOf(agent, version)
      return [put(JSON.stringify(body)), put(JSON.stringify({ VoiceChat: body }))] as const
    })
  })
  database.exec('commit')
  return all
}

const configurationOf = (agent: number, version: number): object => ({
  Greeting: `Hello, this is agent ${agent}, version ${version}. How can I help you today?`,
  LlmConfig: {
    LlmSystemPrompt: `You are agent ${agent}, version ${version}. `.padEnd(
      2200,
      'Answer in short sentences, and never promise what you cannot keep. ',
    ),
  },
  TtsConfig: { VoiceId: 'flite', SpeechRate: 1 },
  AsrConfig: { AsrMaxSilence: 400, AsrLanguageId: 'en' },
  InterruptConfig: { EnableVoiceInterrupt: true, InterruptWords: ['stop', 'wait'] },
  MaxIdleTime: 600,
})

/** What is made anew at the end is made faster than what is kept up to date a million times. */
function dropUntilFilled(database: DatabaseSync): readonly string[] {
  const parts = database
    .prepare(`select type, name, sql from sqlite_master where type in ('index', 'trigger')
      and sql is not null and tbl_name in ('instance', 'turn', 'sentence')`)
    .all()
  for (const { type, name } of parts) database.exec(`drop ${String(type)} ${String(name)}`)
  return parts.map(({ sql }) => String(sql))
}

/** As triggers count them; see `retention-schema.ts`. */
const COUNT_USES = `
  insert into configuration_use (configuration_no, uses)
    select no, count(*) from (
      select agent_config_no as no from instance
      union all select template_config_no from instance
      union all select providers_no from instance
    ) group by no;
  update server set last_configuration_no = (select max(configuration_no) from configuration);
`

class CallWriter {
  readonly #configurations: Configurations
  readonly #instance: StatementSync
  readonly #sentence: StatementSync
  readonly #random = randomNumbers(7)

  constructor(database: DatabaseSync, configurations: Configurations) {
    this.#configurations = configurations
    this.#instance = database.prepare(`
      insert into instance (instance_no, instance_id, agent_id, type, status, channel_id,
        agent_user_id, runtime_config, agent_config_no, template_config_no, providers_no, user_data,
        session_id, token_life_s, created_ms, modified_ms, executing_ms, finished_ms, end_reason,
        duration_ms, turns, interruptions, answer_p50_ms, answer_p95_ms, run)
      values (?1, ?2, ?3, 'VoiceChat', 'Finished', ?4, ?5, ?6, ?7, ?8, 1, ?9, ?10, 3600, ?11, ?12,
        ?11 + 800, ?12, ?13, ?12 - ?11 - 800, 4, 1, 700, 1100, 1)`)
    this.#sentence = database.prepare(`
      insert into sentence (instance_no, entry_id, turn_id, role, kind, text, begin_ms, is_final)
      values (?, ?, ?, ?, 'normal', ?, ?, 1)`)
  }

  put(index: number, createdMs: number): void {
    const instanceNo = index + 1
    const random = this.#random
    const agent = random() < SHARE ? 0 : 1 + Math.floor(random() * (AGENTS - 1))
    const version = Math.min(VERSIONS - 1, Math.floor(random() * VERSIONS))
    const [agentConfigNo = 1, templateConfigNo = 1] = this.#configurations[agent]?.[version] ?? []
    const id = composeInstanceId(createdMs, hex(`call ${index}`))
    for (const [entryId, role] of (['user', 'agent', 'user', 'agent'] as const).entries()) {
      const text = sentence(random, `order ${index}`)
      this.#sentence.run(
        instanceNo,
        entryId + 1,
        entryId + 1,
        role,
        text,
        createdMs + 2000 * entryId,
      )
    }
    const channel = hex(`channel ${index}`)
    const finishedMs = createdMs + 1000 + Math.floor(900_000 * random() ** 3)
    this.#instance.run(
      instanceNo,
      id,
      agentId(agent),
      channel,
      `agent-${index}`,
      Buffer.from(runtimeConfig(index, channel)),
      agentConfigNo,
      templateConfigNo,
      Buffer.from(JSON.stringify(userData(index))),
      index % 2 === 0 ? `session-${Math.floor(index / 6)}` : null,
      createdMs,
      finishedMs,
      random() < 0.001 ? 'error' : (END_REASONS[index % END_REASONS.length] ?? ''),
    )
  }
}

const runtimeConfig = (index: number, channel: string): string =>
  JSON.stringify({
    AgentUserId: `agent-${index}`,
    ChannelId: channel,
    AuthToken: Buffer.from(hex(`token ${index}`).repeat(6)).toString('base64'),
  })

/** As a call centre would have it, in some 300 bytes. */
const userData = (index: number): string =>
  JSON.stringify({
    customer: { id: String(index % 200_003), tier: index % 7 === 0 ? 'gold' : 'basic' },
    order: `A${index}`,
    region: `r${index % 17}`,
    note: hex(`note ${index}`).repeat(5),
  })

/** A dozen words, the frequent ones often; now and then some of them Chinese. */
function sentence(random: () => number, last: string): string {
  const words = Array.from({ length: 10 }, () => {
    const rank = Math.floor(VOCABULARY ** random())
    return rank % 23 === 22 ? '我要退款' : `w${rank.toString(36)}`
  })
  return `${words.join(' ')} ${last}`
}

/** The same numbers in each run (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
