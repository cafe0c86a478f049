/** Brings the file to the newest shape, one transaction per step. */
import type { Database } from 'better-sqlite3';
import type { Migration } from './migrations/index.ts';

const applied = (db: Database): string[] => {
  const table = db.prepare(`select 1 from sqlite_master where type = 'table' and name = 'migrations'`).get();
  if (!table) return [];
  return db
    .prepare<[], { name: string }>('select name from migrations order by name')
    .all()
    .map((row) => row.name);
};

/** Names in the file that this version has never heard of: it was written by a newer one. */
export const unknownMigrations = (db: Database, known: readonly Migration[]): string[] => {
  const names = new Set(known.map((migration) => migration.name));
  return applied(db).filter((name) => !names.has(name));
};

export const migrate = (db: Database, known: readonly Migration[], now: number) => {
  const done = new Set(applied(db));
  for (const migration of known) {
    if (done.has(migration.name)) continue;
    db.transaction(() => {
      // Inside the first step: a file that is ours has either nothing in it or all that the first step makes.
      db.exec('create table if not exists migrations (name text primary key, at integer not null) strict');
      db.exec(migration.sql);
      db.prepare('insert into migrations (name, at) values (?, ?)').run(migration.name, now);
    }).immediate();
  }
};
