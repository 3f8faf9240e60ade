import type { DatabaseSync } from 'node:sqlite'
import { CALLBACK_SCHEMA } from './callback-schema.ts'
import { RETENTION_SCHEMA } from './retention-schema.ts'
import { addSearch, SEARCH_MERGE_SCHEMA } from './search-schema.ts'
import { STATISTICS_SCHEMA } from './statistics-rows.ts'
import { WORD_INDEX_SCHEMA } from './word-index.ts'

/** SQL, or what cannot be said in one statement. Is run inside a transaction. */
export type MigrationStep = string | ((database: DatabaseSync) => void)

export function takeStep(database: DatabaseSync, step: MigrationStep): void {
  if (typeof step === 'string') database.exec(step)
  else step(database)
}

/**
 * The steps that make the database's schema, oldest first; `PRAGMA user_version` counts those done. A step that
 * has been released is never changed.
 *
 * The SQL is written out, here and in `reader.ts` and `batch-writer.ts`, without a query builder: all changes
 * must run synchronously inside one transaction of the writer thread, where the asynchronous interface of a
 * builder such as Kysely cannot be used; and the statements are few, fixed and prepared once.
 *
 * Times are `real`, so that a fraction of a millisecond is no error; SQLite stores whole numbers in such a
 * column as compactly as integers.
 */
export const MIGRATIONS: readonly MigrationStep[] = [
  `
  -- The one row about the server itself.
  create table server (
    server_no integer primary key check (server_no = 1),
    -- How often the database was opened. Calls carry the run that recorded them last, which tells those that
    -- were alive when a server died from those that had been given up by an earlier one.
    run integer not null,
    beat_ms real
  ) strict;
  insert into server (server_no, run) values (1, 0);

  create table agent (
    agent_id text primary key,
    name text not null,
    type text not null,
    agent_config text not null,
    providers text not null,
    created_ms real not null,
    modified_ms real not null,
    deleted_ms real
  ) strict;
  create index agent_by_age on agent (created_ms, agent_id) where deleted_ms is null;

  -- JSON bodies, each stored once however many calls share it, and never changed: thousands of calls of an
  -- agent have the same configuration.
  create table configuration (
    configuration_no integer primary key,
    sha256 blob not null unique,
    body blob not null
  ) strict;

  create table instance (
    instance_no integer primary key,
    -- Starts with the time of creation: the order of ids is the order of the list.
    instance_id text not null unique,
    agent_id text not null,
    type text not null,
    status text not null,
    channel_id text not null,
    agent_user_id text not null,
    -- Stands here because no two calls share it.
    runtime_config blob not null,
    agent_config_no integer not null,
    template_config_no integer not null,
    providers_no integer not null,
    -- A JSON string literal, as the list gives it out.
    user_data blob,
    session_id text,
    token_life_s real not null,
    created_ms real not null,
    modified_ms real not null,
    executing_ms real,
    finished_ms real,
    end_reason text,
    run integer not null,
    -- The last beat of a server that died while the call was live.
    seen_ms real
  ) strict;
  create index instance_by_agent on instance (agent_id, instance_id);
  create index instance_live on instance (instance_id) where status <> 'Finished';

  create table sentence (
    instance_no integer not null,
    entry_id integer not null,
    turn_id integer not null,
    role text not null,
    kind text not null,
    text text not null,
    begin_ms real not null,
    is_final integer not null,
    spoken_text text,
    primary key (instance_no, entry_id)
  ) strict, without rowid;

  create table turn (
    instance_no integer not null,
    turn_id integer not null,
    -- The whole turn as JSON.
    body text not null,
    -- The latest time in it.
    last_ms real not null,
    primary key (instance_no, turn_id)
  ) strict, without rowid;

  create table nonce (
    key text primary key,
    expires_ms real not null
  ) strict, without rowid;
  create index nonce_by_expiry on nonce (expires_ms);
  `,
  `
  -- Who may do what. Secrets and tokens are encrypted; see secret-box.ts.
  create table access_user (
    user_id text primary key,
    name text not null unique,
    display_name text not null,
    created_ms real not null
  ) strict;

  create table access_key (
    access_key_id text primary key,
    user_id text not null,
    secret blob not null,
    status text not null,
    created_ms real not null
  ) strict;
  create index access_key_by_user on access_key (user_id);

  create table access_policy (
    name text primary key,
    description text not null,
    document text not null,
    created_ms real not null,
    modified_ms real not null
  ) strict;

  create table access_role (
    role_id text primary key,
    name text not null unique,
    description text not null,
    trust_policy text not null,
    max_session_s real not null,
    created_ms real not null
  ) strict;

  create table access_attachment (
    -- A user's or a role's id.
    holder_id text not null,
    policy_name text not null,
    primary key (holder_id, policy_name)
  ) strict;

  create table access_token (
    access_key_id text primary key,
    secret blob not null,
    security_token blob not null,
    role_id text not null,
    role_name text not null,
    session_name text not null,
    session_policy text,
    expires_ms real not null
  ) strict;
  create index access_token_by_expiry on access_token (expires_ms);
  `,
  `
  -- A human in the agent's place, as JSON, and whose words a sentence on the agent's side are.
  alter table instance add column takeover text;
  alter table sentence add column said_by text;
  `,
  `
  -- What a call can be played again from, in pieces as they came; see trace-codec.ts and ports/trace-store.ts.
  create table call_trace (
    piece_no integer primary key,
    instance_no integer not null,
    stretch_ms real not null,
    codec integer not null,
    body blob not null
  ) strict;
  create index call_trace_by_call on call_trace (instance_no, piece_no);

  -- Why the engine did, or did not do, something: JSON.
  create table call_decision (
    decision_no integer primary key,
    instance_no integer not null,
    body text not null
  ) strict;
  create index call_decision_by_call on call_decision (instance_no, decision_no);
  `,
  addSearch,
  CALLBACK_SCHEMA,
  RETENTION_SCHEMA,
  SEARCH_MERGE_SCHEMA,
  STATISTICS_SCHEMA,
  WORD_INDEX_SCHEMA,
]
