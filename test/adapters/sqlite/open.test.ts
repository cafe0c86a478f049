/** Whether the one database file may be used; and that a refusal changes nothing. */
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../../adapters/sqlite/index.ts';
import { migrations } from '../../../adapters/sqlite/migrations/index.ts';
import { asNobody } from '../../support/as-nobody.ts';
import { expectOk } from '../../support/temp-store.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ccm-open-'));
  file = join(folder, 'ccm.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const open = () => openStore({ file, now: 1 });
const code = () => {
  const opened = open();
  if (opened.ok) opened.value.close();
  return opened.ok ? 'ok' : opened.problem.code;
};
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
/** A file with something in it, closed cleanly. */
const filled = () => {
  const store = expectOk(open());
  for (let index = 0; index < 200; index += 1) store.kv.set(`key ${index}`, 'x'.repeat(500));
  store.close();
};

describe('a new home', () => {
  test('the file and what SQLite puts beside it are 0600 from birth, whatever the umask', () => {
    const umask = process.umask(0o000);
    try {
      const store = expectOk(open());
      store.kv.set('a', 1);
      expect(['', '-wal', '-shm'].map((ending) => mode(file + ending))).toEqual(['600', '600', '600']);
      store.close();
    } finally {
      process.umask(umask);
    }
  });

  test('it is durable on power loss: WAL with synchronous=FULL', () => {
    const store = expectOk(open());
    store.close();
    const db = new Sqlite(file);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    db.close();
    // The setting belongs to the connection: it stands where the connection is made.
    expect(readFileSync(new URL('../../../adapters/sqlite/open.ts', import.meta.url), 'utf8')).toContain(`'synchronous = FULL'`);
  });

  test('one with looser modes is tightened', () => {
    filled();
    chmodSync(file, 0o644);
    expectOk(open()).close();
    expect(mode(file)).toBe('600');
  });
});

describe('migrations', () => {
  test('a file whose very first step was cut off opens as a new one', () => {
    const cutOff = openStore({ file, now: 1, migrations: [{ name: '2000-first', sql: 'create table half (a); create table half (a)' }] });
    expect(cutOff.ok).toBe(false);
    expect(code()).toBe('ok');
  });

  test('each released one is as it was', () => {
    const pinned = Object.fromEntries(
      migrations.map(({ name, sql }) => [name, createHash('sha256').update(sql).digest('hex').slice(0, 16)]),
    );
    expect(pinned).toEqual({
      '20261122-first': '10a5ec5545e7fd75',
      '20261123-usage': 'c001b4a3488a6b62',
      '20261123-watch-book': 'fc73dc582cbfc504',
      '20261124-sync': '15066bf33481556b',
      '20261125-sync-finds': '5697e767ec113914',
      '20261126-sync-seal': '403549b48391e886',
      '20261127-usage-sums': '829cba1e19ba9d15',
      '20261128-sync-claim': '5d18cae1fba079b9',
      '20261129-sync-ops-finds': '9d6f494f99a2551a',
      '20261130-outbox-finds': 'b7bf230fc8edbfa4',
    });
    expect(migrations.map((migration) => migration.name)).toEqual(migrations.map((migration) => migration.name).toSorted());
  });

  test('run once, and one that fails leaves the file as it was before it', () => {
    filled();
    const bad = [...migrations, { name: '2099-bad', sql: 'create table half (a); create table actors (a)' }];
    const failed = openStore({ file, now: 2, migrations: bad });
    expect(failed.ok).toBe(false);
    const store = expectOk(open());
    expect(store.kv.get('key 7')).toBe('x'.repeat(500));
    store.close();
    const db = new Sqlite(file);
    expect(db.prepare(`select name from sqlite_master where name = 'half'`).get()).toBeUndefined();
    db.close();
  });

  test('a file of a newer program is refused untouched', () => {
    const newer = [...migrations, { name: '2099-later', sql: 'create table later (a)' }];
    expectOk(openStore({ file, now: 2, migrations: newer })).close();
    const before = digest(file);
    const opened = open();
    expect(opened).toMatchObject({ ok: false, problem: { code: 'CCM_DB_NEWER', extra: { unknown: ['2099-later'] } } });
    expect(digest(file)).toBe(before);
  });
});

describe('a damaged file', () => {
  const damage = () => {
    const bytes = readFileSync(file);
    bytes.fill(0xaa, 4096 * 3, Math.min(bytes.length, 4096 * 40));
    writeFileSync(file, bytes);
  };
  /** As a crash leaves it: without the mark of a clean end. */
  const crashed = () => {
    const db = new Sqlite(file);
    db.exec(`update kv set value = 'false' where key = 'store.clean'`);
    db.close();
  };

  test('is found at the start after a crash, and left as it is', () => {
    filled();
    crashed();
    damage();
    const before = digest(file);
    expect(code()).toBe('CCM_DB_CORRUPT');
    expect(digest(file)).toBe(before);
  });
  test('is told by a store that opened after a clean end, when it is asked', () => {
    filled();
    const whole = expectOk(open());
    expect(whole.damage()).toEqual([]);
    whole.close();
    damage();
    const store = open();
    // Where not even the marks of a clean end can be read any more, it does not open at all.
    if (!store.ok) return expect(store.problem.code).toBe('CCM_DB_CORRUPT');
    expect(store.value.damage().length).toBeGreaterThan(0);
    store.value.close();
  });
  test('a whole one passes after a crash', () => {
    filled();
    crashed();
    expect(code()).toBe('ok');
  });
  test('a torn one, text, and another program’s database are refused, and left as they are', () => {
    filled();
    truncateSync(file, 5_000);
    expect(code()).toBe('CCM_DB_CORRUPT');
    writeFileSync(file, 'not a database, but long enough to be read as one'.repeat(100));
    const text = digest(file);
    expect(code()).toBe('CCM_DB_CORRUPT');
    expect(digest(file)).toBe(text);
    rmSync(file);
    const other = new Sqlite(file);
    other.exec('create table theirs (a); insert into theirs values (1)');
    other.close();
    const theirs = digest(file);
    expect(code()).toBe('CCM_DB_CORRUPT');
    expect(digest(file)).toBe(theirs);
  });
});

describe('a file that cannot be written', () => {
  test('a folder that is not there', () => {
    file = join(folder, 'missing', 'ccm.db');
    expect(code()).toBe('CCM_DB_READONLY');
  });
  test('a folder where the file should be', () => {
    file = folder;
    expect(code()).toBe('CCM_DB_READONLY');
  });
  test('read-only files and folders, as a user who is not root; nothing is left there', async () => {
    const scenarios = new URL('unprivileged-scenarios.ts', import.meta.url);
    expect(await asNobody(scenarios, 'readOnlyPlaces')).toEqual({
      said: {
        whole: 'opened',
        'read-only file': 'CCM_DB_READONLY',
        'closed file': 'CCM_DB_READONLY',
        'read-only folder': 'CCM_DB_READONLY',
        'new file in a read-only folder': 'CCM_DB_READONLY',
        'lock in a read-only folder': 'CCM_HOME_UNUSABLE',
        afterwards: 'opened',
      },
      left: ['ccm.db'],
    });
  });
});

describe('a full disk', () => {
  test('is CCM_DISK_FULL, keeps what was there, and passes when there is room again', () => {
    const store = expectOk(open());
    store.kv.set('before', 1);
    const { bytes } = store.size();
    store.limit(bytes);
    const fill = () => store.commit(() => store.kv.set('big', 'x'.repeat(1_000_000)));
    expect(fill).toThrow(expect.objectContaining({ code: 'CCM_DISK_FULL', name: 'StoreFailure' }));
    expect([store.kv.get('before'), store.kv.get('big')]).toEqual([1, undefined]);
    store.limit(null);
    fill();
    expect(store.kv.get('big')).toHaveLength(1_000_000);
    store.close();
    expect(code()).toBe('ok');
  });
});

describe('backup', () => {
  test('is a verified, private copy made while the store goes on, and opens as a home', async () => {
    const store = expectOk(open());
    store.kv.set('a', 1);
    const target = join(folder, 'copy.db');
    const copying = store.backup(target);
    store.kv.set('b', 2);
    expect(await copying).toMatchObject({ ok: true, value: { file: target, actors: 0, steps: 0 } });
    expect(mode(target)).toBe('600');
    expect(existsSync(`${target}.partial`)).toBe(false);
    expect(await store.backup(target)).toMatchObject({ ok: false, problem: { code: 'CCM_CONFLICT' } });
    store.close();
    copyFileSync(target, file);
    for (const ending of ['-wal', '-shm']) rmSync(file + ending, { force: true });
    const restored = expectOk(open());
    expect(restored.kv.get('a')).toBe(1);
    restored.close();
  });

  test('to where nothing can be written is refused', async () => {
    const store = expectOk(open());
    expect(await store.backup(join(folder, 'missing', 'copy.db'))).toMatchObject({ ok: false });
    store.close();
  });
});
