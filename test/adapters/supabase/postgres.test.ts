/** The real client against the real SQL on a real PostgreSQL. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectHub } from '../../../adapters/supabase/index.ts';
import { hubContract } from '../../contracts/hub.ts';
import { type Gateway, startGateway } from '../../support/hub/gateway.ts';
import { type LivePostgres, startPostgres } from '../../support/hub/postgres.ts';
import { hubTypes } from '../../support/hub/types.ts';
import { signUp } from '../../support/two-machines.ts';

let postgres: LivePostgres;
let gateway: Gateway;
beforeAll(async () => {
  // The campaign of mutants has a server of its own, and a text with one thing taken out of it.
  const { CCM_TEST_PG: there, CCM_SQL_MUTANT: mutant } = process.env;
  postgres = there ? { url: there, stop: async () => undefined, restart: async () => undefined } : await startPostgres();
  const { at, length, to } = JSON.parse(mutant ?? '{"at":0,"length":0,"to":""}') as { at: number; length: number; to: string };
  gateway = await startGateway({ databaseUrl: postgres.url, alter: (sql) => sql.slice(0, at) + to + sql.slice(at + length) });
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

const tables = ['ccm_head', 'ccm_seal', 'ccm_op', 'ccm_system', 'ccm_project', 'ccm_task', 'ccm_agent', 'ccm_ask', 'ccm_order'];
const calls: ReadonlyArray<readonly [name: string, args: string]> = [
  ['ccm_ping', ''],
  ['ccm_push', `'${'0'.repeat(8)}-0000-4000-8000-000000000000', null, '[]'`],
  ['ccm_pull', 'null, 0, 10'],
  ['ccm_claim', `'${'0'.repeat(8)}-0000-4000-8000-000000000000', 1`],
  ['ccm_renew', `'${'0'.repeat(8)}-0000-4000-8000-000000000000', gen_random_uuid(), 1`],
  ['ccm_report', `'${'0'.repeat(8)}-0000-4000-8000-000000000000', gen_random_uuid(), 1, 1, 'ended', '{}'`],
  ['ccm_cancel', 'gen_random_uuid()'],
  ['ccm_reassign', 'gen_random_uuid(), gen_random_uuid()'],
  ['ccm_heartbeat', `gen_random_uuid(), '{}'`],
  ['ccm_rewound', `gen_random_uuid(), '{}'`],
];

describe('who may do what', () => {
  const as = async (role: string, sub: string | null, statement: string): Promise<string> => {
    const claims = JSON.stringify(sub === null ? { role } : { role, sub, aal: 'aal1' });
    const text = `begin; select set_config('request.jwt.claims', '${claims}', true); set local role ${role}; ${statement}; rollback;`;
    const { default: postgresJs } = await import('postgres');
    const sql = postgresJs(postgres.url, { max: 1, onnotice: () => undefined });
    try {
      await sql.unsafe(text).simple();
      return 'ok';
    } catch (thrown) {
      return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
    } finally {
      await sql.end({ timeout: 1 });
    }
  };
  const users = async (): Promise<[string, string]> => {
    const found = await gateway.query('select id from auth.users order by created_at limit 2');
    return [String(found[0]?.['id']), String(found[1]?.['id'])];
  };

  test('nobody writes a table, nobody unknown reads one, and every row seen is one of one’s own', async () => {
    const [one, two] = await users();
    for (const table of tables) {
      for (const user of [one, two]) {
        expect(await as('authenticated', user, `select count(*) from public.${table}`).catch(String), table).toBe('ok');
        const foreign = `do $$ begin if exists (select from public.${table} where user_id <> auth.uid()) then raise exception 'seen'; end if; end $$`;
        expect(await as('authenticated', user, foreign), table).toBe('ok');
        for (const verb of [
          `delete from public.${table}`,
          `insert into public.${table} (user_id) values ('${user}')`,
          `update public.${table} set user_id = user_id`,
          `truncate public.${table}`,
        ])
          expect(await as('authenticated', user, verb), verb).toBe('42501');
      }
      for (const verb of ['select user_id from', 'delete from'])
        expect(await as('anon', null, `${verb} public.${table}`), table).toBe('42501');
    }
  }, 60_000);

  test('no call is open to the unknown, the rules behind the calls are closed to all, and each call asks who it is', async () => {
    const [one] = await users();
    for (const [name, args] of calls) {
      expect(await as('anon', null, `select public.${name}(${args})`), name).toBe('42501');
      expect(await as('authenticated', null, `select public.${name}(${args})`), name).toBe('28000');
    }
    for (const inner of [
      'ccm_private.me()',
      `ccm_private.lock_head('${one}')`,
      `ccm_private.expire(null)`,
      `ccm_private.cancel(null, null)`,
    ])
      expect(await as('authenticated', one, `select ${inner}`), inner).toBe('42501');
  }, 60_000);

  test('with a second factor turned on, a session without it is served nothing', async () => {
    const [one] = await users();
    await gateway.query(`insert into auth.mfa_factors (user_id, friendly_name, status, secret) values ($1, 'phone', 'verified', 'A')`, [
      one,
    ]);
    try {
      for (const [name, args] of calls) expect(await as('authenticated', one, `select public.${name}(${args})`), name).toBe('42501');
      const seen = `do $$ begin if exists (select from public.ccm_system) then raise exception 'seen'; end if; end $$`;
      expect(await as('authenticated', one, seen)).toBe('ok');
    } finally {
      await gateway.query('delete from auth.mfa_factors where user_id = $1', [one]);
    }
  }, 60_000);

  test('writers at once give numbers in the order of their commits: a reader that polls misses none', async () => {
    const email = 'racer@example.org';
    await signUp(gateway, { email, password: 'correct horse battery' });
    const box = { read: async () => null, write: async () => undefined, remove: async () => undefined };
    const enter = async () => {
      const hub = await connectHub({ url: gateway.url, key: gateway.key }, box);
      await hub.signIn({ email, password: 'correct horse battery' });
      return hub;
    };
    const hubs = await Promise.all([enter(), enter(), enter(), enter()]);
    const system = crypto.randomUUID();
    const stamp = (n: number) => `${String(Date.now()).padStart(15, '0')}-${n.toString(16).padStart(6, '0')}-00000001`;
    const set = (tbl: 'system' | 'project', id: string, n: number) => ({
      op: crypto.randomUUID(),
      tbl,
      id,
      kind: 'set' as const,
      set: { name: `${n}` },
      hlc: stamp(n),
    });
    const [reader, ...writers] = hubs;
    if (!reader) throw new Error('no hub');
    await reader.push(system, null, [set('system', system, 0)]);
    const made = Array.from({ length: 120 }, () => crypto.randomUUID());
    let writing = true;
    const seen = new Set<string>();
    const read = (async () => {
      let after = 0;
      let epoch: string | null = null;
      for (let rest = 2; rest > 0; ) {
        const last = !writing;
        const page = await reader.pull(epoch, after, 50);
        if (!page.ok) continue;
        if (last) rest -= 1;
        epoch = page.value.epoch;
        for (const row of page.value.rows) seen.add(row.id);
        after = Math.max(after, ...page.value.rows.map(({ seq }) => seq));
        if (page.value.rows.length === 50) rest = 2;
      }
    })();
    await Promise.all(
      writers.map(async (hub, w) => {
        for (let n = w; n < made.length; n += writers.length)
          expect(await hub.push(system, null, [set('project', made[n] ?? '', n)])).toMatchObject({
            ok: true,
            value: { verdicts: [{ is: 'ok' }] },
          });
      }),
    );
    writing = false;
    await read;
    expect(made.filter((id) => !seen.has(id))).toEqual([]);
    for (const hub of hubs) hub.close();
  }, 60_000);
});
