/** Somebody opened the database with another program and left a transaction open: everything waits, says so, and nothing is lost. */
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import { openStore } from '../../adapters/sqlite/index.ts';
import { StoreFailure } from '../../src/ports/store.ts';
import { notingHandlers } from '../support/house.ts';
import { houseKeeper, refusal } from '../support/houses.ts';

const { open } = houseKeeper();
const others: Array<() => void> = [];
afterEach(() => {
  for (const letGo of others.splice(0)) letGo();
});
/** As `begin immediate` in a shell does; returns what ends it. */
const held = (file: string): (() => void) => {
  const other = new Sqlite(file);
  other.exec('begin immediate');
  const letGo = () => void other.close();
  others.push(letGo);
  return letGo;
};
const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

describe('a database that another program holds', () => {
  test('makes what is to be stored wait, for as long as it takes, and is then written in order', async () => {
    const { runtime, temp, clock, calls, fatal, log } = await open();
    await runtime.create('worker', { id: 'w1' });
    const letGo = held(temp.file);
    const told: string[] = [];
    const sent = ['a', 'b'].map((text) => runtime.send('w1', { type: 'TYPE', text }).then(() => told.push(text)));
    await turn();
    expect(runtime.stats()).toMatchObject({ heldSince: clock.now(), queued: 2, failedTurns: 0 });
    const since = clock.now();
    clock.advance(10_000);
    await turn();
    expect([told, calls, fatal, runtime.stats().heldSince]).toEqual([[], [], [], since]);
    expect(runtime.state('w1')?.seq).toBe(1);

    letGo();
    clock.advance(500);
    await Promise.all(sent);
    await runtime.idle();
    expect([told, calls.map(({ params }) => params['text'])]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(runtime.stats().heldSince).toBeNull();
    expect(log.lines.filter(({ message }) => message.includes('database')).map(({ level }) => level)).toEqual(['warn', 'info']);
  });

  test('keeps no daemon from ending: who still waits is told that it did not happen', async () => {
    const { runtime, temp, clock } = await open();
    await runtime.create('worker', { id: 'w1' });
    held(temp.file);
    const sent = refusal(runtime.send('w1', { type: 'TYPE', text: 'a' }));
    await turn();
    const over: string[] = [];
    void runtime.shutdown().then(() => over.push('down'));
    while (over.length === 0) {
      await turn();
      clock.advance(1_000);
    }
    expect((await sent).code).toBe('CCM_STOPPING');
    const other = openStore({ file: temp.file, now: 0, busyMs: 0 });
    expect(other).toMatchObject({ ok: false, problem: { code: 'CCM_DB_BUSY' } });
  });

  test('is closed all the same; the next start looks it through', async () => {
    const house = await open();
    const letGo = held(house.temp.file);
    house.crash();
    letGo();
    const file = new Sqlite(house.temp.file, { readonly: true });
    expect(file.prepare(`select value from kv where key = 'store.clean'`).pluck().get()).toBe('false');
    file.close();
  });

  test.each([
    ['job.start', 'START', ['job.start', 'job.start'], 'done'],
    ['job.type', 'TYPE', ['job.type'], 'unsure'],
  ] as const)(
    'a handler (%s) that could not note something is tried again only where that does no harm',
    async (name, type, names, ends) => {
      let full = true;
      const { runtime, clock, calls } = await open({
        handlers: (noted) =>
          notingHandlers(noted, () => {
            if (full) throw new StoreFailure('CCM_DB_BUSY', 'held (made up)');
            return { outcomes: [] };
          }),
      });
      await runtime.create('worker', { id: 'w1' });
      await runtime.send('w1', { type, text: 'a' });
      await runtime.idle();
      full = false;
      clock.advance(60_000);
      await runtime.idle();
      expect(calls.map((call) => call.name)).toEqual(names);
      expect(runtime.outbox()).toMatchObject([{ name, state: ends }]);
    },
  );
});
