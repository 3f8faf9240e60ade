import type { DatabaseSync } from 'node:sqlite'
import { SENTENCE_GAP, wordsOf } from './said-words.ts'
import { leafNumber, userDataLeaves } from './user-data-leaves.ts'

/** What was said in a call of a trigger, one side's. */
const saidBy = (role: 'user' | 'agent', instanceNo: string): string => `
  coalesce((
    select said_words(group_concat(text, '${SENTENCE_GAP}' order by entry_id))
    from sentence where instance_no = ${instanceNo} and role = '${role}'
  ), '')`

/** Writes the full-text row of a finished call. It must not be there: such a table has no rows to replace. */
const indexText = (from: string): string => `
  insert into call_text (rowid, agent, user_text, agent_text)
  select i.instance_no, said_words(i.agent_id), ${saidBy('user', 'i.instance_no')},
    ${saidBy('agent', 'i.instance_no')}
  from instance i where ${from} and i.status = 'Finished'
    and exists (select 1 from sentence s where s.instance_no = i.instance_no)`

/** The figures of one call, out of the covering index of its turns; percentiles by nearest rank. */
const countTurns = (where: string): string => `
  update instance set turns = counted.turns, interruptions = counted.interruptions,
    answer_p50_ms = counted.p50_ms, answer_p95_ms = counted.p95_ms
  from (
    select instance_no, count(*) filter (where is_asked) as turns,
      count(*) filter (where is_interrupted) as interruptions,
      max(answer_ms) filter (where rank = (answers + 1) / 2) as p50_ms,
      max(answer_ms) filter (where rank = (answers * 95 + 99) / 100) as p95_ms
    from (
      select instance_no, is_asked, is_interrupted, answer_ms,
        row_number() over (partition by instance_no order by answer_ms nulls last) as rank,
        count(answer_ms) over (partition by instance_no) as answers
      from turn ${where}
    )
    group by instance_no
  ) counted
  where instance.instance_no = counted.instance_no`

const indexLeaves = (row: string): string => `
  insert into user_data_leaf (leaf, instance_id)
  select value, ${row}.instance_id from json_each(user_data_leaves(${row}.user_data))`

const forgetLeaves = `
  delete from user_data_leaf
  where instance_id = old.instance_id
    and leaf in (select value from json_each(user_data_leaves(old.user_data)))`

/**
 * So many calls are filled in by one statement. Every text that a function in JavaScript gives a statement stays in
 * memory until the statement is over: all in one took 600 bytes a call.
 */
const FILL_CALLS = 20_000
const FILLED_NOW = 'i.instance_no > ? and i.instance_no <= ?'

/**
 * Fills in what a search looks at, for calls that are there already. A trigger writes the words of each call by
 * itself, which takes twenty times as long.
 */
export function fillSearch(database: DatabaseSync): void {
  const last = database.prepare('select max(instance_no) as last from instance').get()?.['last']
  const fill = [
    database.prepare(`
      insert into user_data_leaf (leaf, instance_id)
      select leaf.value, i.instance_id
      from instance i cross join json_each(user_data_leaves(i.user_data)) leaf
      where i.user_data is not null and ${FILLED_NOW}`),
    database.prepare(indexText(FILLED_NOW)),
  ]
  for (let from = 0; from < Number(last); from += FILL_CALLS) {
    for (const statement of fill) statement.run(from, from + FILL_CALLS)
  }
  database.exec(countTurns(''))
}

/**
 * What finding calls needs, kept up to date by triggers in the transaction of the change itself: figures of the
 * turns as columns of the call, the members of `UserData`, and what was said, which is written once when the call
 * ends (what was said in live calls, which are few, is looked through). The functions in it are those of
 * {@link addSearchFunctions}. On an existing database this fills everything in; that takes a minute for some
 * 300,000 calls.
 */
export function addSearch(database: DatabaseSync): void {
  database.exec(TABLES)
  fillSearch(database)
  database.exec(TRIGGERS)
}

const TABLES = `
  alter table turn add column answer_ms real generated always as (
    json_extract(body, '$.firstAudioMs')
      - coalesce(json_extract(body, '$.speechEndMs'), json_extract(body, '$.turnEndMs'))
  ) virtual;
  alter table turn add column is_asked integer generated always as (
    json_extract(body, '$.turnEndMs') is not null
  ) virtual;
  alter table turn add column is_interrupted integer generated always as (
    json_extract(body, '$.interruptedMs') is not null
  ) virtual;
  create index turn_figures on turn (instance_no, answer_ms, is_asked, is_interrupted);

  alter table instance add column turns integer not null default 0;
  alter table instance add column interruptions integer not null default 0;
  alter table instance add column answer_p50_ms real;
  alter table instance add column answer_p95_ms real;
  -- From the moment both sides were connected to the end; of finished calls. No generated column: an index does not
  -- cover a query for one.
  alter table instance add column duration_ms real;
  update instance set duration_ms = max(0, finished_ms - coalesce(executing_ms, finished_ms))
    where finished_ms is not null;

  -- Hold all that a call can be filtered by, so that only the rows of the page itself are read.
  drop index instance_by_agent;
  create index instance_by_agent on instance
    (agent_id, instance_id, status, end_reason, finished_ms, duration_ms);
  create index instance_by_time on instance
    (instance_id, agent_id, status, end_reason, finished_ms, duration_ms);
  create index instance_by_duration on instance (duration_ms, instance_id)
    where duration_ms is not null;
  create index instance_by_agent_duration on instance (agent_id, duration_ms, instance_id)
    where duration_ms is not null;
  create index instance_by_end on instance (end_reason, instance_id) where end_reason is not null;
  create index instance_by_agent_end on instance (agent_id, end_reason, instance_id)
    where end_reason is not null;
  create index instance_by_session on instance (session_id, instance_id)
    where session_id is not null;

  create table user_data_leaf (
    -- A digest of path and value; see user-data-leaves.ts.
    leaf integer not null,
    instance_id text not null,
    primary key (leaf, instance_id)
  ) strict, without rowid;

  create virtual table call_text using fts5(
    agent, user_text, agent_text, content='', contentless_delete=1, tokenize='ascii'
  );

  -- The longest that any call took from its creation to its end: calls that ended in a range of time were created
  -- at most so long before it.
  create table call_bound (
    bound_no integer primary key check (bound_no = 1),
    longest_ms real not null
  ) strict;
  insert into call_bound (bound_no, longest_ms)
    select 1, coalesce(max(finished_ms - created_ms), 0) from instance;
`

const TRIGGERS = `
  create trigger turn_added after insert on turn begin
    ${countTurns('where instance_no = new.instance_no')};
  end;
  create trigger turn_changed after update on turn begin
    ${countTurns('where instance_no = new.instance_no')};
  end;

  create trigger instance_added after insert on instance begin
    ${indexLeaves('new')};
    ${indexText('i.instance_no = new.instance_no')};
  end;
  create trigger instance_finished after update of status on instance
  when new.status = 'Finished' and old.status <> 'Finished' begin
    ${indexText('i.instance_no = new.instance_no')};
    update call_bound set longest_ms = new.finished_ms - new.created_ms
      where longest_ms < new.finished_ms - new.created_ms;
  end;
  create trigger instance_user_data after update of user_data on instance
  when new.user_data is not old.user_data begin
    ${forgetLeaves};
    ${indexLeaves('new')};
  end;
  create trigger instance_gone after delete on instance begin
    ${forgetLeaves};
    delete from call_text where rowid = old.instance_no;
  end;

  -- Something may still be said after the end, or come in late.
  create trigger sentence_late after insert on sentence
  when (select status from instance where instance_no = new.instance_no) = 'Finished' begin
    delete from call_text where rowid = new.instance_no;
    ${indexText('i.instance_no = new.instance_no')};
  end;
  create trigger sentence_late_change after update of text on sentence
  when (select status from instance where instance_no = new.instance_no) = 'Finished' begin
    delete from call_text where rowid = new.instance_no;
    ${indexText('i.instance_no = new.instance_no')};
  end;
`

/** The index of words is put together less often: a call's end that has to wait for it is rarer and waits for less. */
export const SEARCH_MERGE_SCHEMA = `
  insert into call_text (call_text, rank) values ('automerge', 8);
`

const decoder = new TextDecoder()

/** Gives a connection that writes the functions that the triggers call. */
export function addSearchFunctions(database: DatabaseSync): void {
  database.function('said_words', { deterministic: true }, (text) =>
    typeof text === 'string' ? wordsOf(text).join(' ') : null,
  )
  // A list of leaf numbers as JSON.
  database.function('user_data_leaves', { deterministic: true }, (userData) => {
    if (!(userData instanceof Uint8Array)) return '[]'
    const text = JSON.parse(decoder.decode(userData)) as string
    return JSON.stringify([...new Set(userDataLeaves(text).map(leafNumber))])
  })
}
