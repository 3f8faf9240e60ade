const COLUMNS = ['agent_config_no', 'template_config_no', 'providers_no'] as const

const use = (numbers: readonly string[]): string =>
  numbers
    .map(
      (no) => `
    insert into configuration_use (configuration_no, uses) values (${no}, 1)
      on conflict (configuration_no) do update set uses = uses + 1;`,
    )
    .join('')

const release = (numbers: readonly string[]): string =>
  numbers
    .map((no) => `update configuration_use set uses = uses - 1 where configuration_no = ${no};`)
    .join('\n    ')

const columnsOf = (row: 'new' | 'old'): readonly string[] => COLUMNS.map((name) => `${row}.${name}`)

/**
 * What deleting needs: which calls are old enough, which of what was said is erased, and who still uses a
 * configuration. The uses are counted by triggers, so that no writer can forget to; a body nobody uses any more is
 * deleted with its last use. Its number is not given out again: readers keep bodies by number.
 */
export const RETENTION_SCHEMA = `
  alter table sentence add column is_deleted integer not null default 0;
  -- 0: what was said was deleted when its time had come.
  alter table instance add column has_log integer not null default 1;
  create index instance_by_age on instance (has_log, finished_ms) where status = 'Finished';

  alter table server add column last_configuration_no integer not null default 0;
  create table configuration_use (
    configuration_no integer primary key,
    uses integer not null
  ) strict;
  insert into configuration_use (configuration_no, uses)
    select no, count(*) from (
      ${COLUMNS.map((name) => `select ${name} as no from instance`).join(' union all ')}
    ) group by no;
  update server set last_configuration_no =
    (select coalesce(max(configuration_no), 0) from configuration);
  delete from configuration
    where configuration_no not in (select configuration_no from configuration_use);

  create trigger configuration_used after insert on instance begin
    ${use(columnsOf('new'))}
  end;
  create trigger configuration_exchanged
  after update of ${COLUMNS.join(', ')} on instance begin
    ${use(columnsOf('new'))}
    ${release(columnsOf('old'))}
  end;
  create trigger configuration_released after delete on instance begin
    ${release(columnsOf('old'))}
  end;
  create trigger configuration_unused after update of uses on configuration_use
  when new.uses <= 0 begin
    update server set last_configuration_no = max(last_configuration_no, new.configuration_no);
    delete from configuration where configuration_no = new.configuration_no;
    delete from configuration_use where configuration_no = new.configuration_no;
  end;
`
