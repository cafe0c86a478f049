/** What agents used: a row per request to a model. Cost in millionths of a dollar, null where nobody knows it. */
export const name = '20261123-usage';

export const sql = `
create table usage (
  task text not null, request text not null, agent text not null, project text not null, profile text not null, model text,
  at integer not null, day text not null, input integer not null, output integer not null, cache_read integer not null,
  cache_write integer not null, cost integer, cost_by text, prices text, source text not null, key text not null,
  primary key (task, request)
) strict, without rowid;
create index usage_at on usage (at);
create index usage_agent on usage (agent);
create index usage_project on usage (project, day);
`;
