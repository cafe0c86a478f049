import { expect, test } from 'vitest';
import { systemClock, systemIds } from '../../../adapters/system/index.ts';
import { shortOf } from '../../../src/ports/system.ts';

test('ids are UUIDv7, unique and in order', () => {
  const ids = systemIds();
  const many = Array.from({ length: 10_000 }, () => ids.next());
  expect(new Set(many).size).toBe(many.length);
  expect(many.toSorted()).toEqual(many);
  expect(many[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('short ids: five characters of the tail; more characters keep them as ending; any text has one', () => {
  const id = '01890a5d-ac96-774b-bcce-b302099a8057';
  expect(shortOf(id)).toBe('sn02q');
  expect(shortOf(id, 7).endsWith(shortOf(id))).toBe(true);
  expect(shortOf('sync-link')).toMatch(/^[0-9a-hjkmnp-tv-z]{5}$/);
  expect(shortOf('a')).not.toBe(shortOf('b'));
});

test('the awake clock never goes back, and alarms ring in order', async () => {
  const clock = systemClock();
  const rung: number[] = [];
  const before = clock.awake();
  await new Promise<void>((resolve) => {
    // Far enough apart: Node counts in whole milliseconds, and those due in the same one ring as they were set.
    clock.after(20, () => {
      rung.push(20);
      resolve();
    });
    clock.after(0, () => void rung.push(0));
    clock.after(10, () => void rung.push(10))();
  });
  expect(rung).toEqual([0, 20]);
  expect(clock.awake()).toBeGreaterThanOrEqual(before);
});

test('on Linux the run of the machine has a name', () => {
  const boot = systemClock('linux').boot?.();
  if (process.platform === 'linux') expect(boot).toMatch(/^[0-9a-f-]{36}$/);
  expect(systemClock('darwin').boot?.()).toBeNull();
});
