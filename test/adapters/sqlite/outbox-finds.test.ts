/** What waits, runs or went wrong is found by an index, however many effects went well. */
import { expect, test } from 'vitest';
import { outboxTable } from '../../../adapters/sqlite/outbox.ts';
import { statements } from '../../../adapters/sqlite/statements.ts';
import { queryPlans } from '../../support/query-plans.ts';

/** The newest of all, those of one state that went well, and pruning: asked for by a person, or once a day. */
const may = [/from "outbox" order by "id" desc/, /where "state" = \+\? order by/, /^delete/];

test('no look at the outbox reads all effects', () => {
  const plans = queryPlans(
    (db) => outboxTable(statements(db)),
    (text) => !text.startsWith('insert') && !may.some((one) => one.test(text)),
  );
  expect(plans.length).toBeGreaterThan(8);
  expect(plans.filter((plan) => /SCAN outbox(?! USING (COVERING )?INDEX outbox_(open|trouble))/.test(plan))).toEqual([]);
});
