/** A spool with more in it than is looked at in one go is not called empty: an end would overtake its program's own words. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ok } from '../../src/errors.ts';
import { sealItem, tokenHash } from '../../src/lib/spool-proof.ts';
import { places } from '../../src/supervisor/places.ts';
import { spool } from '../../src/supervisor/spool.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('what is beyond one go is told to be left and wakes the next one; who has to know that nothing is left empties it whole', async () => {
  const home = await tempFolder();
  const folder = join(home, 'spool', 'a');
  mkdirSync(folder, { recursive: true });
  for (let at = 10_000; at < 14_001; at += 1)
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
  const { drain, empty } = spool(
    places(home),
    takers,
    () => undefined,
    () => void (woken += 1),
  );
  expect(await drain()).toEqual({ taken: 2_000, left: 2_001 });
  expect(woken).toBe(1);
  expect(await empty()).toEqual({ taken: 2_001, left: 0 });
  expect([taken.length, taken.at(-1)]).toEqual([4_001, 14_000]);
  expect(taken).toEqual(taken.toSorted((a, b) => a - b));
}, 120_000);
