/** The migration that makes the queue of callbacks. */
export const CALLBACK_SCHEMA = `
  -- Where the events of an agent's calls are sent. Token and secret are encrypted; see secret-box.ts.
  create table notify_config (
    agent_id text primary key,
    is_enabled integer not null,
    callback_url text not null,
    -- Names joined by commas; empty: all.
    event_types text not null,
    token blob,
    signing_secret blob,
    records_audio integer not null,
    audio_oss_path text not null
  ) strict, without rowid;

  -- When the agent of a call was there first.
  alter table instance add column ready_ms real;

  -- Events on their way, and those that were given up. A number is never used twice: receivers tell duplicates by it.
  create table callback (
    callback_no integer primary key autoincrement,
    agent_id text not null,
    instance_id text not null,
    event text not null,
    body text not null,
    created_ms real not null,
    deadline_ms real not null,
    attempts integer not null default 0,
    last_error text,
    failed_ms real
  ) strict;
  create index callback_waiting on callback (instance_id, callback_no, agent_id) where failed_ms is null;
  create index callback_failed on callback (agent_id, callback_no, instance_id) where failed_ms is not null;
  create index callback_by_failure on callback (failed_ms) where failed_ms is not null;

  -- Calls with events waiting, and when the oldest event of each is due.
  create table callback_lane (
    instance_id text primary key,
    agent_id text not null,
    due_ms real not null
  ) strict, without rowid;
  create index callback_lane_by_due on callback_lane (agent_id, due_ms);
`
