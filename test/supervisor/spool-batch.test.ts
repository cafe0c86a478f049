/** A spool with more in it than is looked at in one go is not called empty: an end would overtake its program's own words. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ok } from '../../src/errors.ts';
import { sealItem, tokenHash } from '../../src/lib/spool-proof.ts';
import { places } from '../../src/supervisor/places.ts';
import { spool } from '../../src/supervisor/spool.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Holds `many` reports of one agent, oldest first. */
const filled = async (many: number) => {
  const home = await tempFolder();
  const folder = join(home, 'spool', 'a');
  mkdirSync(folder, { recursive: true });
  for (let at = 10_000; at < 10_000 + many; at += 1)
    writeFileSync(
      join(folder, `${at}.json`),
      sealItem('a', 'a token', JSON.stringify({ report: 'progress', text: 'on', at, id: `${at}` })),
    );
  const taken: number[] = [];
  const takers = {
    hashes: () => [tokenHash('a token')],
    report: async (_agent: string, { at = 0 }: { at?: number | undefined }) => (taken.push(at), ok({ approval: null })),
    hook: async () => ok({}),
  };
  let woken = 0;
  return {
    ...spool(
      places(home),
      takers,
      () => undefined,
      () => void (woken += 1),
    ),
    taken,
    woken: () => woken,
  };
};

test('what is beyond one go is told to be left, wakes the next one, and is taken by it', async () => {
  const { drain, taken, woken } = await filled(2_001);
  expect(await drain()).toEqual({ taken: 2_000, left: 1 });
  expect(woken()).toBe(1);
  expect(await drain()).toEqual({ taken: 1, left: 0 });
  expect([taken.at(-1), woken()]).toEqual([12_000, 1]);
});

test('who has to know that nothing is left before it goes on empties it whole', async () => {
  const { empty, taken } = await filled(4_001);
  expect(await empty()).toEqual({ taken: 4_001, left: 0 });
  expect(taken).toEqual(taken.toSorted((a, b) => a - b));
});
