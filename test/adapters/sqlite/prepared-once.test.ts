/** A statement is prepared once: SQLite prepares those anew at every run whose plan it would make by the values given, which costs ten times the run. */
import { expect, test } from 'vitest';
import { actorsTable } from '../../../adapters/sqlite/actors.ts';
import { auditTable } from '../../../adapters/sqlite/audit.ts';
import { journalTable } from '../../../adapters/sqlite/journal.ts';
import { outboxTable } from '../../../adapters/sqlite/outbox.ts';
import { statements } from '../../../adapters/sqlite/statements.ts';
import { syncTables } from '../../../adapters/sqlite/sync.ts';
import { timersTable } from '../../../adapters/sqlite/timers.ts';
import { turnsTable } from '../../../adapters/sqlite/turns.ts';
import { usageTable } from '../../../adapters/sqlite/usage.ts';
import { viewsTable } from '../../../adapters/sqlite/views.ts';
import { plansOf, queryPlans } from '../../support/query-plans.ts';

const plans = queryPlans(
  (db) => {
    const prepared = statements(db);
    for (const table of [actorsTable, auditTable, journalTable, outboxTable, timersTable, turnsTable, usageTable]) table(prepared);
    syncTables(prepared, db);
    const views = viewsTable(prepared, db);
    views.list({ kind: 'task', ended: false, status: 'queued', order: 'priority', limit: 5 });
    views.list({ kind: 'agent', limit: 5, offset: 1 });
    views.count({ kind: 'agent', ended: false });
  },
  (text) => !text.startsWith('insert'),
).map((line) => line.split(' <- ') as [plan: string, text: string]);

test('no statement compares with, or is limited by, a value that could be planned by', () => {
  expect(plans.length).toBeGreaterThan(70);
  expect(plans.filter(([, text]) => /(limit|offset|=|<|>) \?/i.test(text))).toEqual([]);
});

test('each is carried out as it would be with the bare value', () => {
  const bare = (text: string) => text.replaceAll('(? + 0)', '?').replaceAll('+?', '?');
  expect(plansOf(plans.map(([, text]) => bare(text)))).toEqual(plans.map(([plan]) => plan));
});
