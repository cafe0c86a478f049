/** The real client against the real SQL on a real PostgreSQL. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectHub } from '../../../adapters/supabase/index.ts';
import { hubContract } from '../../contracts/hub.ts';
import { hubMatrix } from '../../contracts/hub-matrix.ts';
import { hubRefusals } from '../../contracts/hub-refusals.ts';
import { hubTime } from '../../contracts/hub-time.ts';
import { hubWriters } from '../../contracts/hub-writers.ts';
import { type Gateway, startGateway } from '../../support/hub/gateway.ts';
import { type LivePostgres, startPostgres } from '../../support/hub/postgres.ts';
import { hubTypes } from '../../support/hub/types.ts';
import { signUp } from '../../support/two-machines.ts';

let postgres: LivePostgres;
let gateway: Gateway;
beforeAll(async () => {
  postgres = await startPostgres();
  gateway = await startGateway({ databaseUrl: postgres.url });
}, 60_000);
afterAll(async () => {
  await gateway.close();
  await postgres.stop();
}, 30_000);

hubContract('Supabase on PostgreSQL', async () => ({
  connect: connectHub,
  address: { url: gateway.url, key: gateway.key },
  addUser: (email, password) => signUp(gateway, { email, password }),
}));

test('the types of the hub are those of its migrations', async () => {
  const bare = (text: string) => text.replaceAll(/[\s;,]/g, '');
  const file = readFileSync(new URL('../../../adapters/supabase/types.ts', import.meta.url), 'utf8');
  expect(bare(file), 'run ./run hub-types').toBe(bare(await hubTypes(gateway.query)));
});

for (const part of [hubMatrix, hubRefusals, hubTime, hubWriters]) part(() => postgres.url);

test('remove.sql leaves nothing of the hub in a project, and the migrations can be applied again', async () => {
  const text = (path: string) => readFileSync(new URL(`../../../adapters/supabase/supabase/${path}`, import.meta.url), 'utf8');
  const left = () =>
    gateway.query(`select relname as name from pg_class where relname like 'ccm%' union select proname from pg_proc where proname like 'ccm%'
      union select nspname from pg_namespace where nspname like 'ccm%' union select polname from pg_policy where polname like 'ccm%'`);
  const there = await left();
  expect(there.length).toBeGreaterThan(30);
  await gateway.query(text('remove.sql'));
  expect(await left()).toEqual([]);
  const [before] = await gateway.query('select count(*)::int as users from auth.users');
  const files = readdirSync(new URL('../../../adapters/supabase/supabase/migrations/', import.meta.url)).toSorted();
  await gateway.query(`set role hub_owner; ${files.map((file) => text(`migrations/${file}`)).join('\n')}; reset role;`);
  expect(await left()).toEqual(there);
  expect(await gateway.query('select count(*)::int as users from auth.users')).toEqual([before]);
});
