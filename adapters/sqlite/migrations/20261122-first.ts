/** The first shape of the file. Never edited: later changes are later files. */
export const name = '20261122-first';

export const sql = `
create table actors (
  id text primary key, kind text not null, version integer not null, seq integer not null, gseq integer not null,
  hash text not null, short text not null unique, created_at integer not null, updated_at integer not null
) strict;
create index actors_version on actors (kind, version);

create table machines (
  id integer primary key, hash text not null unique, kind text not null, version integer not null, definition text not null, at integer not null
) strict;

create table journal (
  gseq integer primary key, actor text not null, kind text not null, version integer not null, machine integer not null,
  seq integer not null, prev integer not null, at integer not null, event text not null, transitions text not null, snapshot text not null,
  hash text not null
) strict;
create unique index journal_milestones on journal (actor, seq) where seq % 64 = 0;

create table bases (actor text primary key, seq integer not null, prev text not null, folded integer not null) strict, without rowid;

create table outbox (
  id integer primary key, actor text not null, seq integer not null, idx integer not null, name text not null, params text not null,
  lane text not null, state text not null, attempts integer not null, due_at integer not null, generation text, problem text,
  created_at integer not null, finished_at integer
) strict;
create unique index outbox_step on outbox (actor, seq, idx);
create index outbox_open on outbox (actor, lane, id) where finished_at is null;

create table timers (
  actor text not null, id text not null, event text not null, due integer not null, clock text not null, held integer not null default 0,
  primary key (actor, id)
) strict, without rowid;
create index timers_due on timers (held, due);

create table seen (id text primary key, at integer not null, gseq integer) strict, without rowid;

create table views (
  id text primary key, short text not null, kind text not null, status text not null, attention integer not null, ended integer not null,
  title text not null, project text, parent text, priority integer not null, created_at integer not null, updated_at integer not null
) strict, without rowid;
create index views_short on views (short);
create index views_list on views (kind, ended, created_at);
create index views_updated on views (updated_at);
create index views_parent on views (parent) where parent is not null;
create index views_attention on views (attention) where attention > 0;

create table parked (
  id integer primary key, actor text not null, event_id text not null unique, event text not null, error text not null,
  at integer not null, attempts integer not null
) strict;

create table projects (
  id text primary key, name text not null, path text not null, agent text, trusted integer not null, created_at integer not null, removed_at integer
) strict;
create unique index projects_name on projects (name) where removed_at is null;
create unique index projects_path on projects (path) where removed_at is null;

create table tokens (
  id text primary key, name text not null, hash text not null unique, scopes text not null, kind text not null,
  created_at integer not null, last_used_at integer, expires_at integer, revoked_at integer
) strict;

create table idempotency (
  key text not null, token text not null, request text not null, body_hash text not null, status integer not null, reply text not null,
  at integer not null, primary key (key, token)
) strict;

create table kv (key text primary key, value text not null) strict, without rowid;
`;
