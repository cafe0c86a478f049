/** What the link looks for with every change and in every round it finds by an index: the tables behind it grow for a month and longer. */
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrations } from '../../../adapters/sqlite/migrations/index.ts';
import { statements } from '../../../adapters/sqlite/statements.ts';
import { syncTables } from '../../../adapters/sqlite/sync.ts';

/** Asked for by a person, or once in a history. */
const may = [/from "sync_ops" order by "lseq" desc/, /^update "sync_ops" set "state" = \?, "epoch" = \?/, /^update "sync_rows" set "seq"/];

test('no look of the link reads all operations or all rows', () => {
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
  syncTables(statements(heard), heard);
  const looks = asked.filter((text) => /"sync_(ops|rows)"/.test(text) && !text.startsWith('insert') && !may.some((one) => one.test(text)));
  expect(looks.length).toBeGreaterThan(15);
  const plans = looks.map((text) => {
    const steps = db.prepare<unknown[], { detail: string }>(`explain query plan ${text}`).all(...(text.match(/\?/g) ?? []).map(() => 'x'));
    return `${steps.map(({ detail }) => detail).join(' | ')} <- ${text}`;
  });
  expect(plans.filter((plan) => /SCAN sync_(ops|rows)(?! USING INDEX)/.test(plan))).toEqual([]);
  const tasks = plans.filter((plan) => plan.includes(`= 'task'`) && plan.includes(`'$.exec') = `));
  expect(tasks).toHaveLength(1);
  expect(tasks[0]).toMatch(/^SEARCH sync_rows USING INDEX sync_rows_exec/);
  db.close();
});
