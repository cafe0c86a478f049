/** Who did what over the interface, and who was refused: a row per request that would change something. No bodies, no queries, no secrets. */
export const name = '20261123-watch-book';

export const sql = `
create table audit (
  id integer primary key autoincrement, at integer not null, by text not null, channel text not null, what text not null,
  outcome text not null, inside text, count integer not null default 1
) strict;
create index audit_at on audit (at);
`;
