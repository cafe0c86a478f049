/** What waits, runs or went wrong is found by an index, however many effects went well. */
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrations } from '../../../adapters/sqlite/migrations/index.ts';
import { outboxTable } from '../../../adapters/sqlite/outbox.ts';
import { statements } from '../../../adapters/sqlite/statements.ts';

/** The newest of all, those of one state that went well, and pruning: asked for by a person, or once a day. */
const may = [/from "outbox" order by "id" desc/, /where "state" = \? order by/, /^delete/];

test('no look at the outbox reads all effects', () => {
  const db = new Database(':memory:');
  for (const { sql } of migrations) db.exec(sql);
  const asked: string[] = [];
  const heard = new Proxy(db, {
    get: (target, name) => {
      if (name !== 'prepare') return Reflect.get(target, name);
      return (text: string) => {
        asked.push(text);
        return target.prepare(text);
      };
    },
  });
  outboxTable(statements(heard));
  const looks = asked.filter((text) => !text.startsWith('insert') && !may.some((one) => one.test(text)));
  expect(looks.length).toBeGreaterThan(8);
  const plans = looks.map((text) => {
    const steps = db.prepare<unknown[], { detail: string }>(`explain query plan ${text}`).all(...(text.match(/\?/g) ?? []).map(() => 'x'));
    return `${steps.map(({ detail }) => detail).join(' | ')} <- ${text}`;
  });
  expect(plans.filter((plan) => /SCAN outbox(?! USING (COVERING )?INDEX outbox_(open|trouble))/.test(plan))).toEqual([]);
  db.close();
});
