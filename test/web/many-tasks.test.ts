/** Ten thousand tasks: only rows near the screen are drawn, and what was sorted before is not sorted from the beginning. */
import { expect, test } from 'vitest';
import type { Task } from '../../web/src/api/types.ts';
import { rangeOf } from '../../web/src/parts/windowed.ts';
import { keptOrder, taskOrder } from '../../web/src/store/task-order.ts';

const task = (id: number, more: Partial<Task> = {}): Task =>
  ({
    id: `t${String(id).padStart(5, '0')}`,
    attention: 0,
    ended: id % 3 === 0,
    status: 'working',
    updatedAt: (id * 7919) % 10_007,
    ...more,
  }) as Task;

test('wherever the list is scrolled to, the rows on the screen are drawn and few others', () => {
  const [height, screen, total] = [34, 900, 10_000];
  for (const above of [-500, 0, 1, 33, 5_000, 170_017, 339_100, 340_000]) {
    const { from, to } = rangeOf(above, screen, height, total);
    const seen = [Math.max(0, Math.floor(above / height)), Math.min(total, Math.ceil((above + screen) / height))] as const;
    expect(from, `${above}`).toBeLessThanOrEqual(seen[0]);
    expect(to, `${above}`).toBeGreaterThanOrEqual(seen[1]);
    expect(to - from, `${above}`).toBeLessThan(120);
  }
  expect(rangeOf(0, screen, height, 7)).toEqual({ from: 0, to: 7 });
  expect(rangeOf(40_000, screen, height, 7).to).toBe(7);
});

test('an order that is kept is the order that sorting gives, whatever came, went or moved', () => {
  const inOrder = keptOrder();
  const known = new Map(Array.from({ length: 3_000 }, (_, i) => [task(i).id, task(i)]));
  const same = () => expect(inOrder(known).map(({ id }) => id)).toEqual([...known.values()].sort(taskOrder).map(({ id }) => id));
  same();
  known.set('t00017', task(17, { attention: 2, updatedAt: 99_999 }));
  known.delete('t00500');
  known.set('t70000', task(70_000));
  same();
  known.clear();
  same();
});
