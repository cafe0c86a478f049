/** What a local change costs more with a hub: counted in statements and in what they read, so that it holds on any machine at any load. */
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrations } from '../../adapters/sqlite/migrations/index.ts';
import { statements } from '../../adapters/sqlite/statements.ts';
import { syncTables } from '../../adapters/sqlite/sync.ts';
import { capture } from '../../src/sync/capture.ts';
import { mutate } from '../../src/sync/mutate.ts';
import { noStamp } from '../../src/sync/stamp.ts';
import { seededIds } from '../support/seeded.ts';

/** The statements that a new project and an edit of it run in their commit, beside `waiting` operations that were never acknowledged. */
const besides = (waiting: number) => {
  const db = new Database(':memory:');
  for (const { sql } of migrations) db.exec(sql);
  const ran: string[] = [];
  const heard = new Proxy(db, {
    get: (target, name) => {
      if (name !== 'prepare') return Reflect.get(target, name);
      return (text: string) => {
        const statement = target.prepare(text);
        const noting = (verb: 'run' | 'get' | 'all') => {
          const call = statement[verb].bind(statement);
          return (...values: unknown[]) => {
            ran.push(text);
            return call(...values);
          };
        };
        return Object.assign(Object.create(statement), { run: noting('run'), get: noting('get'), all: noting('all') });
      };
    },
  });
  const store = syncTables(statements(heard), heard);
  const ids = seededIds(3);
  const writer = { store, newOp: () => ids.next(), now: () => 1_000 };
  const link = { enabled: true, system: ids.next(), uid: null, epoch: null, cursor: 0, seen: null, stamp: noStamp, claim: null };
  store.setLink(link);
  db.transaction(() => {
    for (let n = 0; n < waiting; n += 1) mutate(writer, link, { tbl: 'project', id: ids.next(), kind: 'set', set: { name: `n${n}` } });
  })();
  expect(store.pending()).toBe(waiting);
  const projects = { get: (id: string) => ({ id, name, agent: null, path: '/p', trusted: true, createdAt: 1, removedAt: null }) };
  const id = ids.next();
  let name = 'new';
  const change = (): string[] => {
    store.touch('project', id, 1);
    ran.length = 0;
    expect(capture({ ...writer, projects, state: () => null })).toBe(1);
    return [...ran];
  };
  const made = change();
  name = 'edited';
  const edited = change();
  const plans = [...new Set([...made, ...edited])].map((text) => {
    const steps = db.prepare<unknown[], { detail: string }>(`explain query plan ${text}`).all(...(text.match(/\?/g) ?? []).map(() => 'x'));
    return steps.map(({ detail }) => detail).join(' | ');
  });
  expect(store.pending()).toBe(waiting + 2);
  db.close();
  return { made, edited, plans };
};

test('a change beside ten thousand operations that wait runs the same statements as beside ten, and each finds what it needs by a key', () => {
  const [few, many] = [besides(10), besides(10_000)];
  expect(many).toEqual(few);
  expect(few.made.length).toBeLessThanOrEqual(10);
  expect(few.edited.length).toBeLessThanOrEqual(11);
  // The marks of this commit, and the link's own row, are all there is to read of theirs.
  const scans = many.plans.flatMap((plan) => plan.split(' | ')).filter((step) => step.startsWith('SCAN'));
  expect(scans.filter((step) => !/^SCAN (sync_dirty|sync_link)$/.test(step))).toEqual([]);
  expect(many.plans.filter((plan) => /SEARCH sync_(ops|rows)/.test(plan)).length).toBeGreaterThan(2);
});
