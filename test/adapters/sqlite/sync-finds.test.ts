/** What the link looks for with every change and in every round it finds by an index: the tables behind it grow for a month and longer. */
import { expect, test } from 'vitest';
import { statements } from '../../../adapters/sqlite/statements.ts';
import { syncTables } from '../../../adapters/sqlite/sync.ts';
import { queryPlans } from '../../support/query-plans.ts';

/** Asked for by a person, or once in a history. */
const may = [
  /from "sync_ops" order by "lseq" desc/,
  /^update "sync_ops" set "state" = \+\?, "epoch" = \+\?/,
  /^update "sync_rows" set "seq"/,
];

test('no look of the link reads all operations or all rows', () => {
  const plans = queryPlans(
    (db) => syncTables(statements(db), db),
    (text) => /"sync_(ops|rows)"/.test(text) && !text.startsWith('insert') && !may.some((one) => one.test(text)),
  );
  expect(plans.length).toBeGreaterThan(15);
  expect(plans.filter((plan) => /SCAN sync_(ops|rows)(?! USING INDEX)/.test(plan))).toEqual([]);
  const tasks = plans.filter((plan) => plan.includes(`= 'task'`) && plan.includes(`'$.exec') = `));
  expect(tasks).toHaveLength(1);
  expect(tasks[0]).toMatch(/^SEARCH sync_rows USING INDEX sync_rows_exec/);
});
