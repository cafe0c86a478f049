/**
 * What one hub bears: a durable PostgreSQL 17 of its own with our migrations. Users push batches of edits over the connections of a pool, without
 * HTTP between; then what a task leaves on disk, what a heartbeat and a first reading cost as a user grows. CCM_BENCH_SECONDS: per load, default 6.
 */
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { startGateway } from '../support/hub/gateway.ts';
import { startPostgres } from '../support/hub/postgres.ts';
import { type Figure, median } from './measure.ts';

const seconds = Number(process.env['CCM_BENCH_SECONDS'] ?? 6);
const ROWS = 10_000;

const took = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

const client = (url: string) => {
  const sql = postgres(url, { max: 16, onnotice: () => undefined });
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
  const tasks = (count: number) => Array.from({ length: count }, () => task());
  return { sql, as, push, tasks, newUser };
};
type Client = ReturnType<typeof client>;

/** Operations per second of so many users, each pushing again as soon as it is answered. */
const load = async ({ newUser, push, tasks }: Client, users: number, size: number): Promise<number> => {
  const people = await Promise.all(Array.from({ length: users }, newUser));
  const began = performance.now();
  let done = 0;
  await Promise.all(
    people.map(async ({ user, system }) => {
      while (performance.now() < began + seconds * 1000) {
        await push(user, system, tasks(size));
        done += size;
      }
    }),
  );
  return (done / (performance.now() - began)) * 1000;
};

const onDisk = async ({ sql }: Client): Promise<Figure[]> => {
  const figures: Figure[] = [];
  for (const [table, name] of [
    ['ccm_task', 'a task on disk'],
    ['ccm_op', 'a remembered operation on disk'],
  ] as const) {
    const [found] = await sql.unsafe(`select count(*)::int as count, pg_table_size('public.${table}')::float8 as rows,
      pg_indexes_size('public.${table}')::float8 as indexes from public.${table}`);
    const count = Number(found?.['count']);
    const per = (what: string) => Number(found?.[what]) / count;
    figures.push({
      name,
      value: per('rows') + per('indexes'),
      unit: 'bytes',
      note: `${per('indexes').toFixed(0)} of them indexes; ${count} rows`,
    });
  }
  return figures;
};

/** One user who has so many tasks: what a first reading costs, and what a heartbeat and an edit cost beside them. */
const grown = async ({ as, push, tasks, newUser }: Client): Promise<Figure[]> => {
  const { user, system } = await newUser();
  const few = await beside();
  for (let n = 0; n < ROWS; n += 60) await push(user, system, tasks(60));
  const reading = await took(async () => {
    for (let after = 0; after < ROWS; after += 500)
      await as(user, 'select public.ccm_pull((select epoch from public.ccm_head), $1::bigint, 500)', [String(after)]);
  });
  const many = await beside();
  const rows = ROWS.toLocaleString('en-US');
  return [
    { name: `${rows} tasks read in pages of 500`, value: reading, unit: 'ms', note: `${Math.ceil(ROWS / 500)} requests` },
    { name: `an edit beside ${rows} tasks`, value: many.edit, unit: 'ms', note: `median of 40; ${few.edit.toFixed(1)} ms beside none` },
    {
      name: `a sign of life beside ${rows} tasks`,
      value: many.beat,
      unit: 'ms',
      note: `median of 40; ${few.beat.toFixed(1)} ms beside none`,
    },
    {
      name: `a look that finds nothing new beside ${rows} tasks`,
      value: many.look,
      unit: 'ms',
      note: `median of 40; ${few.look.toFixed(1)} ms beside none`,
    },
  ];

  async function beside(): Promise<{ edit: number; beat: number; look: number }> {
    const [edits, beats, looks]: [number[], number[], number[]] = [[], [], []];
    for (let n = 0; n < 40; n += 1) {
      edits.push(await took(() => push(user, system, tasks(1))));
      beats.push(await took(() => as(user, `select public.ccm_heartbeat($1::uuid, '{}')`, [system])));
      looks.push(
        await took(() =>
          as(user, 'select public.ccm_pull((select epoch from public.ccm_head), (select seq from public.ccm_head), 500)', []),
        ),
      );
    }
    return { edit: median(edits), beat: median(beats), look: median(looks) };
  }
};

export const benchScale = async (): Promise<Figure[]> => {
  const server = await startPostgres({ durable: true });
  const gateway = await startGateway({ databaseUrl: server.url });
  const hub = client(server.url);
  const figures: Figure[] = [];
  try {
    for (const size of [1, 60])
      for (const users of [1, 10, 100])
        figures.push({
          name: `${users} ${users === 1 ? 'user' : 'users'} pushing, ${size === 1 ? 'one operation' : `${size} operations`} at once`,
          value: await load(hub, users, size),
          unit: 'operations/s',
        });
    figures.push(...(await onDisk(hub)), ...(await grown(hub)));
    return figures;
  } finally {
    await hub.sql.end();
    await gateway.close();
    await server.stop();
  }
};
