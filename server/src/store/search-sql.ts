import type { SQLInputValue } from 'node:sqlite'
import type { CallCursor, CallFilter, CallSearch } from '../ports/search-store.ts'
import { instanceIdRange } from './instance-id-range.ts'
import { phrasesOf, textQuery } from './said-words.ts'
import { leafNumber } from './user-data-leaves.ts'

/** A statement with its values. */
export interface Sql {
  readonly text: string
  readonly values: readonly SQLInputValue[]
}

/** What a statement goes along: one index, in the order that is asked for, so that nothing is sorted. */
interface Path {
  /** The `from` clause. `i` is the call, and is read only where the index does not hold all that is asked. */
  readonly from: string
  readonly order: readonly string[]
  readonly conditions: readonly Sql[]
}

/** Filters with the numbers that only the database knows. */
export interface SearchBounds {
  /** See `call_bound`. */
  readonly longestMs: number
}

/** By how much the order of numbers may differ from that of times. */
const NUMBER_SLACK_MS = 10_000

const condition = (text: string, ...values: SQLInputValue[]): Sql => ({ text, values })

/**
 * The numbers of a page of calls, in order; one more than the page holds, if there is one. The columns are those of a
 * cursor. Words are looked for in finished calls only: the live ones are looked through one by one.
 */
export function pageSql(search: CallSearch, bounds: SearchBounds): Sql {
  const { filter, direction, after } = search
  const path = pathOf(filter, bounds, search.orderBy)
  const before = direction === 'desc' ? '<' : '>'
  const conditions = [...path.conditions, ...conditionsOf(filter, bounds)]
  if (after !== undefined) {
    const place = path.order.map((column) => {
      if (column === 'i.duration_ms') return after.durationMs ?? 0
      return column === 't.rowid' ? after.number : after.instanceId
    })
    const [columns, marks] = [path.order.join(', '), place.map(() => '?').join(', ')]
    conditions.push(condition(`(${columns}) ${before} (${marks})`, ...place))
  }
  const order = path.order.map((column) => `${column} ${direction}`).join(', ')
  return {
    text: `select i.instance_no as number, i.instance_id, i.duration_ms from ${path.from}
      where ${conditions.map(({ text }) => text).join(' and ')} order by ${order} limit ?`,
    values: [...conditions.flatMap(({ values }) => values), search.limit + 1],
  }
}

/** The live calls that a filter finds, but for its words; the columns are those of a cursor. */
export function liveSql(filter: CallFilter, bounds: SearchBounds): Sql {
  const { said: _, ...rest } = filter
  const conditions = conditionsOf(rest, bounds)
  return {
    text: `select i.instance_no as number, i.instance_id, i.duration_ms
      from instance i indexed by instance_live
      where i.status <> 'Finished' and ${conditions.map(({ text }) => text).join(' and ')}`,
    values: conditions.flatMap(({ values }) => values),
  }
}

/**
 * Counts the newest calls that a filter finds, behind a place if one is given, up to a limit; with the place of the last
 * one (its id and number) and the number of the first.
 */
export function countSql(
  filter: CallFilter,
  bounds: SearchBounds,
  { limit, after }: { readonly limit: number; readonly after?: CallCursor | undefined },
): Sql {
  const path = pathOf(filter, bounds, 'created')
  const [column = ''] = path.order
  const isByNumber = column === 't.rowid'
  // What the words tell by themselves needs no look at the calls.
  const isWordsOnly =
    isByNumber && Object.keys(filter).every((name) => /^(said|agentId)$/.test(name))
  const conditions = [
    ...path.conditions,
    ...(isWordsOnly ? [] : conditionsOf(filter, bounds)),
    ...(after === undefined
      ? []
      : [condition(`${column} < ?`, isByNumber ? after.number : after.instanceId)]),
  ]
  const selected = isByNumber
    ? `t.rowid as number, '' as instance_id`
    : 'i.instance_no as number, i.instance_id'
  const from = isWordsOnly ? 'call_text t' : path.from
  return {
    text: `select count(*) as count, min(number) as number, max(number) as greatest,
        min(instance_id) as instance_id
      from (
        select ${selected} from ${from}
        where ${conditions.map(({ text }) => text).join(' and ')} order by ${column} desc limit ?)`,
    values: [...conditions.flatMap(({ values }) => values), limit],
  }
}

/** The index to go along: the one that leaves the fewest calls to look at. */
function pathOf(filter: CallFilter, bounds: SearchBounds, orderBy: CallSearch['orderBy']): Path {
  const { agentId, said, userData, sessionId, endReason, status } = filter
  const along = (index: string, ...conditions: Sql[]): Path => ({
    from: `instance i indexed by ${index}`,
    order: ['i.instance_id'],
    conditions,
  })
  if (filter.instanceId !== undefined && said === undefined) {
    return { ...along('instance_by_time'), order: ['i.instance_id'] }
  }
  const mine = agentId === undefined ? [] : [condition('i.agent_id = ?', agentId)]
  const byDuration = orderBy === 'duration'
  if (said !== undefined || userData !== undefined || sessionId !== undefined) {
    const path = rarePath(filter, bounds, along)
    // These are few, as a rule: they may be sorted.
    if (!byDuration) return path
    const conditions = [...path.conditions, condition('i.duration_ms is not null')]
    return { ...path, order: ['i.duration_ms', 'i.instance_id'], conditions }
  }
  if (byDuration) {
    const index = agentId === undefined ? 'instance_by_duration' : 'instance_by_agent_duration'
    const path = along(index, ...mine, condition('i.duration_ms is not null'))
    return { ...path, order: ['i.duration_ms', 'i.instance_id'] }
  }
  if (status !== undefined && status !== 'Finished') {
    return along('instance_live', condition(`i.status <> 'Finished'`))
  }
  if (endReason !== undefined) {
    const index = agentId === undefined ? 'instance_by_end' : 'instance_by_agent_end'
    return along(index, ...mine, condition('i.end_reason = ?', endReason))
  }
  return along(agentId === undefined ? 'instance_by_time' : 'instance_by_agent', ...mine)
}

/** Along something that few calls share. */
function rarePath(
  filter: CallFilter,
  bounds: SearchBounds,
  along: (index: string, ...conditions: Sql[]) => Path,
): Path {
  const { agentId, said, userData, sessionId } = filter
  if (said !== undefined) {
    const query = textQuery(phrasesOf(said.text), {
      ...(agentId === undefined ? {} : { agentId }),
      ...(said.by === undefined ? {} : { by: said.by }),
    })
    return {
      // "cross join" keeps the order: words first.
      from: 'call_text t cross join instance i on i.instance_no = t.rowid',
      order: ['t.rowid'],
      conditions: [condition('t.call_text match ?', query), ...numberConditions(filter, bounds)],
    }
  }
  if (userData !== undefined) {
    return {
      from: 'user_data_leaf l cross join instance i on i.instance_id = l.instance_id',
      order: ['l.instance_id'],
      conditions: [
        condition('l.leaf = ?', leafNumber([userData.path, userData.value])),
        ...timeConditions('l.instance_id', filter, bounds),
      ],
    }
  }
  return along('instance_by_session', condition('i.session_id = ?', sessionId ?? ''))
}

/** All conditions of a filter; those that the path goes along by are met by it. */
function conditionsOf(filter: CallFilter, bounds: SearchBounds): readonly Sql[] {
  const conditions: Sql[] = [condition('true')]
  const add = (text: string, value: SQLInputValue | undefined): void => {
    if (value !== undefined) conditions.push(condition(text, value))
  }
  const { userData } = filter
  add('i.instance_id = ?', filter.instanceId)
  add('i.agent_id = ?', filter.agentId)
  add('i.status = ?', filter.status)
  add('i.end_reason = ?', filter.endReason)
  add('i.session_id = ?', filter.sessionId)
  add('i.duration_ms >= ?', filter.minDurationMs)
  add('i.duration_ms <= ?', filter.maxDurationMs)
  add('i.finished_ms >= ?', filter.finishedFromMs)
  add('i.finished_ms <= ?', filter.finishedUntilMs)
  if (userData !== undefined) {
    conditions.push(
      condition(
        'exists (select 1 from user_data_leaf where leaf = ? and instance_id = i.instance_id)',
        leafNumber([userData.path, userData.value]),
      ),
    )
  }
  return [...conditions, ...timeConditions('i.instance_id', filter, bounds)]
}

/** On the time of creation, which ids start with. */
function timeConditions(id: string, filter: CallFilter, bounds: SearchBounds): readonly Sql[] {
  const { from, before } = idsOf(filter, bounds)
  return [
    ...(from === undefined ? [] : [condition(`${id} >= ?`, from)]),
    ...(before === undefined ? [] : [condition(`${id} < ?`, before)]),
  ]
}

/** The same on the numbers of calls, which are given in the order of creation; but calls that were started at the
 * same moment may have changed places. */
function numberConditions(filter: CallFilter, bounds: SearchBounds): readonly Sql[] {
  const { from, before } = idsOf(filter, bounds, NUMBER_SLACK_MS)
  const number = (comparison: string, direction: string): string =>
    `(select instance_no from instance where instance_id ${comparison} ?
      order by instance_id ${direction} limit 1)`
  return [
    ...(from === undefined ? [] : [condition(`t.rowid >= ${number('>=', 'asc')}`, from)]),
    ...(before === undefined ? [] : [condition(`t.rowid <= ${number('<', 'desc')}`, before)]),
  ]
}

/** The ids between which the calls of a filter lie; what ended in a range was created within a somewhat longer one. */
function idsOf(
  { createdFromMs, createdUntilMs, finishedFromMs, finishedUntilMs }: CallFilter,
  { longestMs }: SearchBounds,
  slackMs = 0,
): { readonly from?: string; readonly before?: string } {
  const fromMs = Math.max(createdFromMs ?? 0, (finishedFromMs ?? 0) - longestMs) - slackMs
  const untilMs = Math.min(createdUntilMs ?? Infinity, finishedUntilMs ?? Infinity) + slackMs
  const { from, before } = instanceIdRange({ fromMs, untilMs })
  return {
    ...(from === '' ? {} : { from }),
    ...(untilMs === Infinity ? {} : { before }),
  }
}
