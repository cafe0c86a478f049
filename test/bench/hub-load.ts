/**
 * What one hub bears: `node test/bench/hub-load.ts`. A durable PostgreSQL 17 of its own with our migrations; each user pushes batches of edits over
 * a connection of a pool, without HTTP between. Prints operations per second for 1, 10 and 100 users and what a task leaves on disk.
 */
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { startGateway } from '../support/hub/gateway.ts';
import { startPostgres } from '../support/hub/postgres.ts';

const seconds = Number(process.env['CCM_BENCH_SECONDS'] ?? 6);
const server = await startPostgres({ durable: true });
const gateway = await startGateway({ databaseUrl: server.url });
const sql = postgres(server.url, { max: 16, onnotice: () => undefined });
let counter = 0;
const stamp = () => {
  counter += 1;
  return `${String(Date.now()).padStart(15, '0')}-${counter.toString(16).padStart(6, '0').slice(-6)}-00000001`;
};

const as = async (user: string, statement: string, values: string[]): Promise<void> => {
  await sql.begin(async (open) => {
    await open`select set_config('request.jwt.claims', ${JSON.stringify({ sub: user, role: 'authenticated', aal: 'aal1' })}, true)`;
    await open.unsafe('set local role authenticated');
    await open.unsafe(statement, values);
  });
};
const push = (user: string, system: string, ops: unknown[]) =>
  as(user, 'select public.ccm_push($1::uuid, null, ($2::text)::jsonb)', [system, JSON.stringify(ops)]);
const task = (id: string = randomUUID()) => ({
  op: randomUUID(),
  tbl: 'task',
  id,
  kind: 'set',
  hlc: stamp(),
  set: {
    title: 'Make the failing test pass',
    prompt: 'x'.repeat(200),
    project: randomUUID(),
    projectName: 'shop',
    profile: 'claude',
    priority: 0,
  },
});
const newUser = async (): Promise<{ user: string; system: string }> => {
  const [user, system] = [randomUUID(), randomUUID()];
  await sql.unsafe('insert into auth.users (id, email) values ($1, $2)', [user, `${user}@example.org`]);
  await push(user, system, [{ op: randomUUID(), tbl: 'system', id: system, kind: 'set', set: { name: 'x' }, hlc: stamp() }]);
  return { user, system };
};

const load = async (users: number, size: number): Promise<number> => {
  const people = await Promise.all(Array.from({ length: users }, newUser));
  const end = performance.now() + seconds * 1000;
  let done = 0;
  await Promise.all(
    people.map(async ({ user, system }) => {
      while (performance.now() < end) {
        await push(
          user,
          system,
          Array.from({ length: size }, () => task()),
        );
        done += size;
      }
    }),
  );
  return done / seconds;
};

for (const size of [1, 60])
  for (const users of [1, 10, 100])
    console.log(`${users} users, ${size} operations at once: ${(await load(users, size)).toFixed(0)} operations/s`);

const sizes = async () =>
  new Map(
    (
      await sql.unsafe(`select relname as name, pg_table_size(oid) as rows, pg_indexes_size(oid) as indexes from pg_class
      where relnamespace = 'public'::regnamespace and relname like 'ccm\\_%' and relkind = 'r'`)
    ).map((row) => [String(row['name']), row]),
  );
const count = Number((await sql.unsafe('select count(*)::int as count from ccm_task'))[0]?.['count']);
const ops = Number((await sql.unsafe('select count(*)::int as ops from ccm_op'))[0]?.['ops']);
const now = await sizes();
const per = (name: string, of: number) =>
  `${(Number(now.get(name)?.['rows']) / of).toFixed(0)} bytes and ${(Number(now.get(name)?.['indexes']) / of).toFixed(0)} of indexes`;
console.log(`a task: ${per('ccm_task', count)} (${count} tasks); a remembered operation: ${per('ccm_op', ops)} (${ops})`);

const { user, system } = await newUser();
for (let n = 0; n < 10_000; n += 60)
  await push(
    user,
    system,
    Array.from({ length: 60 }, () => task()),
  );
const began = performance.now();
for (let after = 0; after < 10_000; after += 500)
  await as(user, 'select public.ccm_pull((select epoch from public.ccm_head), $1::bigint, 500)', [String(after)]);
console.log(`10,000 tasks read in pages of 500: ${(performance.now() - began).toFixed(0)} ms`);
await sql.end();
await gateway.close();
await server.stop();
process.exit(0);
