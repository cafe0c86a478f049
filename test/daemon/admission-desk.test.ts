/** The desk that asks admission, on a real runtime: what waits is neither forgotten over a restart nor begun while the daemon goes. */
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { effects } from '../../machines/effects.ts';
import { kinds } from '../../machines/index.ts';
import { type AdmissionDesk, admissionDesk } from '../../src/daemon/admission-desk.ts';
import type { Store, ViewQuery } from '../../src/ports/store.ts';
import { taskInputs } from '../support/chart-events.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { type House, type HouseOptions, memoryLog } from '../support/house.ts';
import { houseKeeper } from '../support/houses.ts';

const { open, reopen } = houseKeeper();
type Rules = { concurrency: number; spacingMs?: number; closed?: Parameters<typeof admissionDesk>[0]['closed']; fails?: () => boolean };

/** A home with its desk, as the daemon wires them. */
const staffed = async (
  { concurrency, spacingMs = 0, closed, fails }: Rules,
  before?: House,
): Promise<House & { desk: AdmissionDesk; looks: ViewQuery[] }> => {
  const fake = before?.clock ?? fakeClock();
  const staff: { desk?: AdmissionDesk; store?: Store } = {};
  const looks: ViewQuery[] = [];
  const options: HouseOptions = {
    kinds,
    effects,
    fake,
    seed: before ? 2 : 1,
    wrap: (store) => {
      staff.store = store;
      return store;
    },
    drain: async (runtime) => {
      const { store } = staff;
      if (!store) throw new Error('the store comes first');
      staff.desk = admissionDesk({
        views: {
          list: (query) => {
            looks.push(query);
            return store.views.list(query);
          },
        },
        state: (id) => runtime.state(id),
        newId: () => runtime.newId(),
        clock: fake,
        limits: { concurrency, spacingMs },
        ...(closed ? { closed } : {}),
        log: memoryLog(),
        transaction: (work) => (fails?.() ? Promise.reject(new Error('the disk is full')) : runtime.transaction(work)),
      });
    },
    afterSteps: (touched, now) => staff.desk?.afterSteps(touched, now) ?? [],
    handlers: () => Object.fromEntries(Object.keys(effects).map((name) => [name, async () => ({ outcomes: [] })])),
  };
  const house = await (before ? reopen(before, options) : open(options));
  if (!staff.desk) throw new Error('nobody is at the desk');
  return Object.assign(house, { desk: staff.desk, looks });
};
const ask = async ({ runtime, clock }: House, id: string) => {
  await runtime.create('task', { ...taskInputs(clock.now())[0], id });
  await runtime.idle();
};
const statuses = ({ runtime }: House, ...ids: string[]) => ids.map((id) => runtime.state(id)?.status);

test('what waited for its turn when the daemon ended gets it after the next start, although nothing else happens', async () => {
  const first = await staffed({ concurrency: 4, spacingMs: 60_000 });
  await ask(first, 'one');
  await ask(first, 'two');
  expect(statuses(first, 'one', 'two')).toEqual(['starting', 'queued']);
  const second = await staffed({ concurrency: 4, spacingMs: 60_000 }, first);
  await second.runtime.idle();
  expect(statuses(second, 'one', 'two')).toEqual(['starting', 'starting']);
});

test('a budget that was used up yesterday lets the queue go at midnight, also over a restart', async () => {
  const start = fakeClock().now();
  const closed: Rules['closed'] = (_project, now) =>
    now - start < 3_600_000 ? { scope: 'day', limit: 1, spent: 2, until: start + 3_600_000 } : null;
  const first = await staffed({ concurrency: 4, closed });
  await ask(first, 'one');
  const second = await staffed({ concurrency: 4, closed }, first);
  await second.runtime.idle();
  expect(statuses(second, 'one')).toEqual(['queued']);
  second.clock.advance(3_600_000);
  await second.runtime.idle();
  expect(statuses(second, 'one')).toEqual(['starting']);
});

test('a disk that is full at the moment a task has its turn costs it a second, not its turn', async () => {
  let full = true;
  const house = await staffed({ concurrency: 4, spacingMs: 60_000, fails: () => full });
  await ask(house, 'one');
  await ask(house, 'two');
  house.clock.advance(60_000);
  await house.runtime.idle();
  expect(statuses(house, 'two')).toEqual(['queued']);
  full = false;
  house.clock.advance(2_000);
  await house.runtime.idle();
  expect(statuses(house, 'two')).toEqual(['starting']);
});

test('while the daemon ends, a place that becomes free begins nothing', async () => {
  const house = await staffed({ concurrency: 1 });
  await ask(house, 'one');
  await ask(house, 'two');
  expect(statuses(house, 'one', 'two')).toEqual(['starting', 'queued']);
  house.desk.stop();
  await house.runtime.command('one', { type: 'KILL' });
  await house.runtime.idle();
  expect(statuses(house, 'one', 'two')).toEqual(['cancelled', 'queued']);
});

test('a task that cannot be read holds nobody up, and ends no daemon', async () => {
  const first = await staffed({ concurrency: 2 });
  for (const id of ['one', 'two', 'three']) await ask(first, id);
  const db = new Sqlite(first.temp.file);
  db.exec(`update journal set snapshot = replace(snapshot, '"profile"', '"lost"') where actor in ('one', 'three')`);
  db.close();
  const second = await staffed({ concurrency: 2 }, first);
  await ask(second, 'four');
  expect(second.fatal).toEqual([]);
  expect(statuses(second, 'one', 'three', 'four')).toEqual([undefined, undefined, 'starting']);
});

test('of two times to ask again the sooner one counts, however long the queue', async () => {
  const start = fakeClock().now();
  const closed: Rules['closed'] = (project) =>
    project === 'spent' ? { scope: 'project', limit: 1, spent: 2, until: start + 86_400_000 } : null;
  const house = await staffed({ concurrency: 4, spacingMs: 60_000, closed });
  await ask(house, 'one');
  await ask(house, 'two');
  const [input] = taskInputs(house.clock.now());
  await Promise.all(
    Array.from({ length: 220 }, (_, n) => house.runtime.create('task', { ...input, id: `spent-${n}`, project: 'spent', priority: -1 })),
  );
  await house.runtime.idle();
  house.clock.advance(60_000);
  await house.runtime.idle();
  expect(statuses(house, 'one', 'two')).toEqual(['starting', 'starting']);
});

test('the tasks that have ended, of which there are ever more, are not looked through at each step of another', async () => {
  const house = await staffed({ concurrency: 1 });
  await ask(house, 'one');
  await ask(house, 'two');
  expect(house.looks.length).toBeGreaterThan(2);
  expect(house.looks.filter(({ ended }) => ended !== false)).toEqual([]);
});
