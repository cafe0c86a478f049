/** Old days of usage as sums, a row for many requests; the turns that agents took; and both as one to ask. */
export const name = '20261127-usage-sums';

export const sql = `
alter table usage add column requests integer not null default 1;
create index usage_day on usage (day, task);
create index usage_sums on usage (task, day) where requests > 1;
create table turns (
  agent text not null, began integer not null, task text not null, project text not null, profile text not null, day text not null,
  at integer not null, turns integer not null, busy_ms integer not null, busy_since integer, over integer not null,
  primary key (agent, began)
) strict, without rowid;
create index turns_open on turns (agent) where over = 0;
create index turns_task on turns (task);
create index turns_project on turns (project, day);
create index turns_day on turns (day);
create view used as
  select task, agent, project, profile, model, day, at, requests, input, output, cache_read, cache_write, cost,
    iif(cost is null, requests, 0) as unpriced, 0 as turns, 0 as busy_ms, null as busy_since
  from usage
  union all
  select task, agent, project, profile, null, day, at, 0, 0, 0, 0, 0, null, 0, turns, busy_ms, busy_since
  from turns;
`;
