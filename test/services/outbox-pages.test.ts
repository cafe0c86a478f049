/** A long queue for the hub is told whole, page by page; the list ended at 500 without a word before. */
import { expect, onTestFinished, test } from 'vitest';
import { outboxPages } from '../../src/services/sync/outbox.ts';
import { tempStore } from '../support/temp-store.ts';

test('more operations than a page are counted, and each is on one page, in order, also where refused ones stand between', () => {
  const temp = tempStore();
  onTestFinished(() => temp.remove());
  const { sync } = temp.open();
  const ids = Array.from({ length: 1203 }, (_, n) => `op-${String(n).padStart(4, '0')}`);
  for (const [n, op] of ids.entries())
    sync.addOp({
      op,
      tbl: 'task',
      id: `task-${n}`,
      kind: 'set',
      set: { title: `Task ${n}` },
      arg: {},
      hlc: '',
      state: n % 10 === 3 ? 'rejected' : 'queued',
      tries: 0,
      error: null,
      epoch: null,
      createdAt: n,
      settledAt: null,
    });
  const { page } = outboxPages(sync);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const got = page({ all: false, limit: 500, cursor });
    if (!got.ok) throw new Error(got.problem.detail);
    expect(got.value.meta.total).toBe(1203);
    expect(got.value.ops.length).toBeLessThanOrEqual(500);
    seen.push(...got.value.ops.map(({ id }) => id));
    cursor = got.value.meta.next ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(ids);

  const newest = page({ all: true, limit: 2, cursor: undefined });
  expect(newest.ok && newest.value.ops.map(({ id }) => id)).toEqual(['op-1202', 'op-1201']);
  const before = page({ all: true, limit: 2, cursor: newest.ok ? (newest.value.meta.next ?? undefined) : undefined });
  expect(before.ok && before.value.ops.map(({ id }) => id)).toEqual(['op-1200', 'op-1199']);
  for (const strange of ['x', '-1', '1e3', '99999999999999999999', ''])
    expect(page({ all: false, limit: 2, cursor: strange })).toMatchObject({ ok: false, problem: { code: 'CCM_BAD_INPUT' } });
});
