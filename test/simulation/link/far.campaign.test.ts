/** Two machines and a hub that is not always what it should be: decisions from afar, work taken back, foreign answers, sessions that end. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, connect, linkState, type Machine, twoMachines, untilLink } from '../../support/two-machines.ts';
import { until } from '../../support/until.ts';

type Task = { id: string; short: string; status: string; ended: boolean; system: string | null };
type Item = { id: string; short: string; text: string };
const data = async <T>(one: Machine, path: string): Promise<T> => (await one.live.api('GET', path)).body.data;
const json = { 'content-type': 'application/json' };

/** Asks for leave where there is a file that says so, and writes down what it was told. */
const worker = (dir: string) => `
echo "$1" >> ${dir}/starts
if [ -f ${dir}/ask ]; then if ccm report ask "Delete it?" --approval --wait > /dev/null; then echo allowed >> ${dir}/told; else echo denied >> ${dir}/told; fi; fi
ccm report done "done on $1"
`;
const lines = ({ dir }: Machine, file: string): string[] =>
  existsSync(join(dir, file)) ? readFileSync(join(dir, file), 'utf8').trim().split('\n') : [];

describe('two machines and a hub', () => {
  let world: Awaited<ReturnType<typeof twoMachines>>;
  beforeAll(async () => {
    world = await twoMachines({ folder: null });
    appendFileSync(join(world.a.live.home, 'config.toml'), '[sync]\nwhen_away = "run-here"\naway_after = "1s"\n');
    for (const one of [world.a, world.b]) {
      writeFileSync(join(one.dir, 'worker.sh'), worker(one.dir));
      mkdirSync(join(one.dir, 'both'));
      await one.live.up();
      await one.live.ccm('project', 'add', join(one.dir, 'both'), '--name', 'both', '--agent', 'worker', '--json');
    }
  }, 260_000);
  afterAll(() => world.end(), 60_000);

  const seen = (one: Machine, id: string, what: string, is: (task: Task) => boolean): Promise<Task> =>
    until(
      `${one.name} to see ${what}`,
      async () => {
        const { status, body } = await one.live.api('GET', `/tasks/${id}`);
        const task: Task = body.data;
        return status === 200 && is(task) ? task : undefined;
      },
      60_000,
    );
  const make = async (one: Machine, prompt: string, ...more: string[]): Promise<Task> => {
    const made = await one.live.ccm('new', 'both', prompt, ...more, '--json');
    expect(made.code, made.stderr).toBe(0);
    return (made.json() as { data: Task }).data;
  };
  const proof = (schema: number, oldest: number) => {
    const uid = '00000000-0000-4000-8000-000000000001';
    return { status: 200, headers: json, body: JSON.stringify({ uid, now: Date.now(), head: 0, epoch: null, schema, oldest }) };
  };

  test('a hub without our tables, an older and a newer one: a sentence with the next step, and nothing is connected', async () => {
    const { gateway, a } = world;
    const missing = { status: 404, headers: json, body: '{"code":"PGRST202","message":"Could not find the function public.ccm_ping"}' };
    for (const [answer, words] of [
      [missing, /not as ours|tables/],
      [proof(0, 0), /is of version 0/],
      [proof(9, 9), /serves version 9 and newer/],
    ] as const) {
      // The answer is for the user who asks: who that is, is known once it has signed in.
      gateway.fault((_, path) =>
        path.endsWith('/ccm_ping') ? { ...answer, body: answer.body.replace(/"uid":"[^"]+"/, `"uid":"${uid}"`) } : null,
      );
      const said = await connect(gateway, a);
      expect(said.code).not.toBe(0);
      expect(said.stderr).toMatch(words);
      expect(said.stderr).toContain('migrations');
    }
    gateway.fault(null);
    expect(await linkState(a)).toBe('localOnly');
  }, 60_000);
  let uid = '';
  beforeAll(async () => {
    const [user] = await world.gateway.query('select id::text from auth.users where email = $1', [account.email]);
    uid = String(user?.['id']);
  });

  test('leave is given and refused from the other machine; whoever is first is heard, and the other is told', async () => {
    const { gateway, a, b } = world;
    for (const one of [a, b]) expect((await connect(gateway, one)).code).toBe(0);
    for (const one of [a, b]) await untilLink(one, 'online', 'executing');
    writeFileSync(join(b.dir, 'ask'), '');
    for (const [verb, told] of [
      ['approve', 'allowed'],
      ['deny', 'denied'],
    ] as const) {
      const { id, short } = await make(b, `Ask for leave, ${verb}`);
      const item = await until('the request to arrive', async () => (await data<Item[]>(a, '/inbox'))[0], 60_000);
      expect(item.text).toBe('Delete it?');
      const decided = await a.live.ccm(verb, short);
      expect(decided.code, decided.stderr).toBe(0);
      await seen(b, id, 'the end', ({ ended }) => ended);
      expect(lines(b, 'told').at(-1)).toBe(told);
    }
    const { id } = await make(b, 'Ask both');
    const item = await until('the request to arrive', async () => (await data<Item[]>(a, '/inbox'))[0], 60_000);
    const [here, there] = await Promise.all([b.live.ccm('deny', item.short), a.live.ccm('approve', item.short)]);
    await seen(b, id, 'the end', ({ ended }) => ended);
    // One of the two, and whoever was late knows it.
    const last = lines(b, 'told').at(-1);
    expect(lines(b, 'told')).toHaveLength(3);
    expect([here.code === 0 ? 'denied' : null, there.code === 0 ? 'allowed' : null]).toContain(last);
    rmSync(join(b.dir, 'ask'));
  }, 180_000);

  test('a task for a machine that is away is given to another one, and never begun by the first', async () => {
    const { a, b } = world;
    await b.live.crash();
    const before = lines(b, 'starts').length;
    const { id, short } = await make(a, 'Paint the gate', '--on', 'beta');
    await seen(a, id, 'the offer', ({ status }) => status === 'offered');
    const given = await a.live.ccm('handoff', short, 'alpha');
    expect(given.code, given.stderr).toBe(0);
    expect(await seen(a, id, 'the end', ({ ended }) => ended)).toMatchObject({ status: 'succeeded', system: null });
    await b.live.up();
    expect(await seen(b, id, 'the end', ({ ended }) => ended)).toMatchObject({ status: 'succeeded', system: 'alpha' });
    expect(lines(b, 'starts')).toHaveLength(before);
    expect(lines(a, 'starts')).toHaveLength(1);
  }, 120_000);

  test('a rule does here what waits for a machine that is not heard of; back again, that one finds it done', async () => {
    const { gateway, a, b } = world;
    await b.live.crash();
    const before = lines(b, 'starts').length;
    const { id } = await make(a, 'Wait for nobody', '--on', 'beta');
    await seen(a, id, 'the offer', ({ status }) => status === 'offered');
    await gateway.query(`update public.ccm_system s set last_seen = clock_timestamp() - interval '10 minutes', seq = h.seq + 1
      from public.ccm_head h where h.user_id = s.user_id and s.doc ->> 'name' = 'beta'`);
    await gateway.query('update public.ccm_head set seq = seq + 1');
    await a.live.ccm('sync', 'now');
    expect(await seen(a, id, 'the end', ({ ended }) => ended)).toMatchObject({ status: 'succeeded', system: null });
    await b.live.up();
    expect(await seen(b, id, 'the end', ({ ended }) => ended)).toMatchObject({ status: 'succeeded', system: 'alpha' });
    expect(lines(b, 'starts')).toHaveLength(before);
  }, 120_000);

  test('rows of a hostile hub are shown as text, and nobody falls over them', async () => {
    const { gateway, a } = world;
    const stamp = '000000000000001-000000-00000000';
    const doc = {
      title: '\u001b[31mred\u001b[0m \u0007 \u202eevil',
      prompt: 'x'.repeat(100_000),
      priority: 'highest',
      createdAt: 'never',
      project: 7,
      projectName: { deep: [1] },
      profile: null,
      constructor: { prototype: { admin: true } },
    };
    // A hostile hub has no limits of size.
    await gateway.query('alter table public.ccm_task drop constraint ccm_task_fits');
    await gateway.query(
      `with h as (update public.ccm_head set seq = seq + 1 returning user_id, seq)
       insert into public.ccm_task (user_id, id, seq, doc, clk, origin, owner, exec, facts)
       select h.user_id, gen_random_uuid(), h.seq, $1::jsonb, $2::jsonb, s.id, s.id, 'running', '{"status": {"a": 1}, "result": [], "commands": "all"}'
       from h, public.ccm_system s where s.doc ->> 'name' = 'beta'`,
      [JSON.stringify(doc), JSON.stringify(Object.fromEntries(Object.keys(doc).map((column) => [column, stamp])))],
    );
    await a.live.ccm('sync', 'now');
    const rows = await until(
      'the row to arrive',
      async () => {
        const all = await data<Array<{ id: string; title: string }>>(a, '/tasks?all=true');
        return all.filter(({ title }) => title.includes('evil')).at(0);
      },
      60_000,
    );
    for (const line of [['ls', '--all'], ['show', rows.id], ['systems'], ['inbox'], ['outbox']]) {
      const said = await a.live.ccm(...line);
      expect(said.code, said.stderr).toBe(0);
      // oxlint-disable-next-line no-control-regex -- it is what must not be there
      expect(said.stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e]/);
    }
    expect(Reflect.get({}, 'admin')).toBeUndefined();
    await gateway.query(`delete from public.ccm_task where id = $1`, [rows.id]);
  }, 60_000);

  test('a hub that wants a newer version is told as that while local work goes on, and is taken again when it is what it was', async () => {
    const { gateway, a } = world;
    const answer = proof(9, 9);
    gateway.fault((_, path) =>
      path.endsWith('/ccm_ping') ? { ...answer, body: answer.body.replace(/"uid":"[^"]+"/, `"uid":"${uid}"`) } : null,
    );
    await a.live.ccm('sync', 'now');
    await until(
      'the reason',
      async () => (await data<{ reason: string | null }>(a, '/sync')).reason === 'schemaMismatch' || undefined,
      60_000,
    );
    expect((await a.live.ccm('sync', 'status')).stdout).toMatch(/tables this version needs/);
    const { id } = await make(a, 'Local work meanwhile');
    await seen(a, id, 'the end', ({ status }) => status === 'succeeded');
    gateway.fault(null);
    await a.live.ccm('sync', 'now');
    await untilLink(a, 'online', 'executing');
  }, 90_000);

  test('law 7: a session the hub has ended signs out, keeps the queue, and goes on after the next sign-in', async () => {
    const { gateway, a, b } = world;
    await gateway.query('delete from auth.refresh_tokens');
    await gateway.query('delete from auth.sessions');
    const expired = { status: 401, headers: json, body: '{"code":"PGRST301","message":"JWT expired"}' };
    gateway.fault((_, path) => (path.includes('/rpc/') ? expired : null));
    for (const one of [a, b]) await one.live.ccm('sync', 'now');
    for (const one of [a, b]) await untilLink(one, 'signedOut');
    gateway.fault(null);
    const { id } = await make(a, 'Wait for the sign-in', '--on', 'beta');
    expect((await a.live.ccm('sync', 'status')).stdout).toMatch(/signed out[\s\S]*`ccm login` goes on/);
    expect((await a.live.ccm('outbox')).stdout).toContain('Wait for the sign-in');
    for (const one of [a, b]) {
      const said = await one.live.run(['login', '--email', account.email, '--password-stdin'], { stdin: `${account.password}\n` });
      expect(said.code, said.stderr).toBe(0);
    }
    expect(await seen(a, id, 'the end', ({ ended }) => ended)).toMatchObject({ status: 'succeeded', system: 'beta' });
  }, 120_000);

  test('with a second factor nobody is served without it; a wrong and a used code are refused in words', async () => {
    const { a, b } = world;
    const begun = (await a.live.api('POST', '/sync/factor')).body.data as { factor: string; secret: string };
    const totp = new TOTP({ secret: begun.secret });
    const first = totp.generate();
    expect((await a.live.api('POST', '/sync/factor/confirm', { factor: begun.factor, code: first })).status).toBe(200);
    expect((await a.live.ccm('whoami')).stdout).toContain('second factor');
    await b.live.ccm('sync', 'now');
    await untilLink(b, 'signedOut');
    const login = (...code: string[]) =>
      b.live.run(['login', '--email', account.email, '--password-stdin', ...code], { stdin: `${account.password}\n` });
    for (const [code, words] of [
      [[], /wants the code of its second factor/],
      [['--code', '000000'], /code is not right/],
      [['--code', first], /used already/],
    ] as const) {
      const said = await login(...code);
      expect(said.code).not.toBe(0);
      expect(said.stderr).toMatch(words);
    }
    const next = totp.generate({ timestamp: Date.now() + 30_000 });
    const said = await login('--code', next);
    expect(said.code, said.stderr).toBe(0);
    await untilLink(b, 'online', 'executing');
  }, 90_000);
});
