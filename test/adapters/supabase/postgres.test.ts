/** The real client against the real SQL on a real PostgreSQL. */
import { readFileSync } from 'node:fs';
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
