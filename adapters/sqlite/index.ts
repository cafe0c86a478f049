/** The store of the product: one SQLite file. */
import type { Database } from 'better-sqlite3';
import { ensureError, ok, type Result } from '../../src/errors.ts';
import { type Store, StoreFailure } from '../../src/ports/store.ts';
import { actorsTable } from './actors.ts';
import { auditTable } from './audit.ts';
import { type BackupReport, backupDatabase } from './backup.ts';
import { journalTable } from './journal.ts';
import { migrations } from './migrations/index.ts';
import { closeDatabase, damageOf, type OpenOptions, openDatabase } from './open.ts';
import { outboxTable } from './outbox.ts';
import { parkedTable } from './parked.ts';
import { projectsTable } from './projects.ts';
import { seenTable } from './seen.ts';
import { idempotencyTable, kvTable } from './small-tables.ts';
import { statements } from './statements.ts';
import { syncTables } from './sync.ts';
import { timersTable } from './timers.ts';
import { tokensTable } from './tokens.ts';
import { translate } from './trouble.ts';
import { turnsTable } from './turns.ts';
import { usageTable } from './usage.ts';
import { viewsTable } from './views.ts';

export type SqliteStore = Store & {
  /** A verified copy while the daemon goes on. */
  backup(target: string): Promise<Result<BackupReport>>;
  /** Bytes the file would take on disk, and pages free for reuse in it. */
  size(): { bytes: number; free: number };
  /** Lets the file grow no further than this many bytes (for tests of a full disk); null lifts it. */
  limit(bytes: number | null): void;
  close(): void;
};

const transactions = (db: Database): Pick<Store, 'commit' | 'attempt'> => {
  const words = (text: string) => db.prepare(text);
  const [begin, commit, rollback] = [words('begin immediate'), words('commit'), words('rollback')];
  const [savepoint, release, rollbackTo] = [words('savepoint step'), words('release step'), words('rollback to step')];
  return {
    commit: (work) => {
      try {
        begin.run();
        const value = work();
        commit.run();
        return value;
      } catch (error) {
        // On some codes SQLite has rolled back already.
        if (db.inTransaction) rollback.run();
        throw translate(error, db);
      }
    },
    attempt: (work) => {
      savepoint.run();
      try {
        const value = work();
        release.run();
        return value;
      } catch (error) {
        if (!db.inTransaction) {
          if (error instanceof StoreFailure) throw error;
          throw new StoreFailure('CCM_INTERNAL', 'SQLite ended the transaction', error);
        }
        rollbackTo.run();
        release.run();
        throw error;
      }
    },
  };
};

/** Opens or creates the database of a home. On trouble: CCM_DB_CORRUPT, CCM_DB_NEWER, CCM_DB_READONLY or CCM_DISK_FULL, and nothing was changed. */
export const openStore = (options: Omit<OpenOptions, 'migrations'> & Partial<Pick<OpenOptions, 'migrations'>>): Result<SqliteStore> => {
  const opened = openDatabase({ migrations, ...options });
  if (!opened.ok) return opened;
  const db = opened.value;
  const prepared = statements(db);
  return ok({
    ...transactions(db),
    actors: actorsTable(prepared),
    journal: journalTable(prepared),
    outbox: outboxTable(prepared),
    timers: timersTable(prepared),
    seen: seenTable(prepared),
    views: viewsTable(prepared, db),
    parked: parkedTable(prepared),
    projects: projectsTable(prepared),
    tokens: tokensTable(prepared),
    idempotency: idempotencyTable(prepared),
    kv: kvTable(prepared),
    audit: auditTable(prepared),
    usage: usageTable(prepared),
    turns: turnsTable(prepared),
    sync: syncTables(prepared, db),
    backup: (target) => backupDatabase(db, target),
    damage: () => {
      try {
        return damageOf(db);
      } catch (error) {
        return [ensureError(error).message];
      }
    },
    size: () => {
      const page = Number(db.pragma('page_size', { simple: true }));
      return {
        bytes: page * Number(db.pragma('page_count', { simple: true })),
        free: Number(db.pragma('freelist_count', { simple: true })),
      };
    },
    limit: (bytes) => {
      const pages = bytes === null ? 4_294_967_294 : Math.ceil(bytes / Number(db.pragma('page_size', { simple: true })));
      db.pragma(`max_page_count = ${pages}`);
    },
    close: () => closeDatabase(db),
  });
};
