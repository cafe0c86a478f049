/** A spool with more in it than is looked at in one go is not called empty: an end would overtake its program's own words. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ok } from '../../src/errors.ts';
import { sealItem, tokenHash } from '../../src/lib/spool-proof.ts';
import { places } from '../../src/supervisor/places.ts';
import { spool } from '../../src/supervisor/spool.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('what is beyond one go is told to be left, and is taken by the next one', async () => {
  const home = await tempFolder();
  const folder = join(home, 'spool', 'a');
  mkdirSync(folder, { recursive: true });
  for (let at = 10_000; at < 12_001; at += 1)
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
  const { drain } = spool(places(home), takers, () => undefined);
  expect(await drain()).toEqual({ taken: 2_000, left: 1 });
  expect(await drain()).toEqual({ taken: 1, left: 0 });
  expect(taken.at(-1)).toBe(12_000);
});
