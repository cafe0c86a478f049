/** What a project was given once is never edited: a change of the hub is another file, which `supabase db push` then finds. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fakeHub } from '../../../adapters/supabase/fake.ts';
import { ourSchema, schemaTrouble } from '../../../src/sync/link-events.ts';

const folder = new URL('../../../adapters/supabase/supabase/migrations/', import.meta.url);
const files = readdirSync(folder).toSorted();
const textOf = (file: string) => readFileSync(new URL(file, folder), 'utf8');

test('each migration of the hub is as it was', () => {
  const pinned = files.map((file) => [file, createHash('sha256').update(textOf(file)).digest('hex').slice(0, 16)]);
  expect(Object.fromEntries(pinned)).toEqual({
    '20261123010000_tables.sql': '3c64a68dba47d6ce',
    '20261123010100_rules.sql': '3dde039e25289330',
    '20261123010200_calls.sql': '0e1b8fa118bbb90c',
  });
});

test('the version that the newest migrations say is the one this program speaks, and the hub in memory too', async () => {
  const said = files.map((file) => /'schema', (\d+), 'oldest', (\d+)/.exec(textOf(file))).findLast((found) => found !== null);
  expect(Number(said?.[1])).toBe(ourSchema);
  const fake = fakeHub({ now: () => 0, newId: () => crypto.randomUUID() });
  fake.addUser('ada@example.org', 'password');
  const box = { read: async () => null, write: async () => undefined, remove: async () => undefined };
  const hub = await fake.connect({ url: 'https://hub.example', key: 'k' }, box);
  await hub.signIn({ email: 'ada@example.org', password: 'password' });
  expect(await hub.ping()).toMatchObject({ ok: true, value: { schema: Number(said?.[1]), oldest: Number(said?.[2]) } });
});

test('a hub of another version is told as older or newer, with what to do', () => {
  expect(schemaTrouble({ schema: ourSchema, oldest: ourSchema })).toBeNull();
  expect(schemaTrouble({ schema: ourSchema + 3, oldest: ourSchema }), 'it still serves us').toBeNull();
  expect(schemaTrouble({ schema: 1, oldest: 1 })?.evidence).toMatch(/version 1, this machine speaks \d+: apply the newer migrations/);
  expect(schemaTrouble({ schema: 9, oldest: 8 })?.evidence).toMatch(/version 8 and newer, .*: upgrade this machine/);
});
