/** The link to a hub: merged rows, operations that wait, and marks of what has changed since. Nothing is marked before it is enabled. */
export const name = '20261124-sync';

const watched = `case new.kind when 'approval' then 'ask' else new.kind end`;
const enabled = '(select enabled from sync_link) = 1';

export const sql = `
create table sync_link (
  one integer primary key check (one = 1), enabled integer not null, system text not null, uid text, epoch text, cursor integer not null,
  stamp text not null, writer integer not null default 0
) strict;

create table sync_rows (
  tbl text not null, id text not null, seq integer not null, del integer not null, doc text not null, clk text not null, state text not null,
  mine text, primary key (tbl, id)
) strict, without rowid;

create table sync_ops (
  lseq integer primary key autoincrement, op text not null unique, tbl text not null, id text not null, kind text not null, edits text not null,
  arg text not null, hlc text not null, state text not null, tries integer not null default 0, error text, epoch text,
  created_at integer not null, settled_at integer
) strict;
create index sync_ops_open on sync_ops (lseq) where state in ('queued', 'sent');
create index sync_ops_row on sync_ops (tbl, id, lseq);

create table sync_dirty (tbl text not null, id text not null, at integer not null, primary key (tbl, id)) strict, without rowid;
create table sync_conflicts (
  place integer primary key, tbl text not null, id text not null, col text not null, lost text not null, kept text not null, at integer not null
) strict;

create trigger sync_view_made after insert on views when new.kind in ('task', 'agent', 'approval') and ${enabled}
begin
  insert or ignore into sync_dirty (tbl, id, at) values (${watched}, new.id, new.updated_at);
end;
create trigger sync_view_changed after update of status, title, priority on views
when new.kind in ('task', 'agent', 'approval') and (new.status, new.title, new.priority) is not (old.status, old.title, old.priority) and ${enabled}
begin
  insert or ignore into sync_dirty (tbl, id, at) values (${watched}, new.id, new.updated_at);
end;
create trigger sync_project_made after insert on projects when ${enabled}
begin
  insert or ignore into sync_dirty (tbl, id, at) values ('project', new.id, new.created_at);
end;
create trigger sync_project_changed after update on projects when ${enabled}
begin
  insert or ignore into sync_dirty (tbl, id, at) values ('project', new.id, new.created_at);
end;

create trigger sync_rows_guard_made before insert on sync_rows when (select writer from sync_link) is not 1
begin select raise(abort, 'rows of the hub are written with their operation, or from a page'); end;
create trigger sync_rows_guard_changed before update on sync_rows when (select writer from sync_link) is not 1
begin select raise(abort, 'rows of the hub are written with their operation, or from a page'); end;
create trigger sync_rows_guard_removed before delete on sync_rows when (select writer from sync_link) is not 1
begin select raise(abort, 'rows of the hub are written with their operation, or from a page'); end;
`;
