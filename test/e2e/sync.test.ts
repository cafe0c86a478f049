/** Two machines and a hub on real PostgreSQL: one view, work handed over, and nothing done twice when both were away. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LivePostgres, startPostgres } from '../support/hub/postgres.ts';
import { connect, linkState, type Machine, twoMachines, untilLink } from '../support/two-machines.ts';
import { until } from '../support/until.ts';

type Task = { id: string; status: string; ended: boolean; system: string | null; result: { summary: string | null } | null };

const folders = ['there', 'there2', 'there3', 'there4', 'there5'];
const lines = (one: Machine, file: string): string[] => {
  const path = join(one.dir, file);
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
};
const task = async (one: Machine, id: string): Promise<Task> => (await one.live.api('GET', `/tasks/${id}`)).body.data;
const untilEnded = (one: Machine, id: string): Promise<Task> =>
  until(
    `${id} to end, as ${one.name} sees it`,
    async () => {
      const found = await task(one, id);
      return found.ended ? found : undefined;
    },
    60_000,
  );

describe('two machines', () => {
  let postgres: LivePostgres;
  let world: Awaited<ReturnType<typeof twoMachines>>;
  beforeAll(async () => {
    postgres = await startPostgres();
    world = await twoMachines({ databaseUrl: postgres.url });
    await world.a.live.up();
    await world.b.live.up();
    await world.a.live.ccm('project', 'add', world.a.dir, '--name', 'here', '--agent', 'worker', '--json');
    // A folder without git takes one task at a time.
    for (const name of folders) {
      const path = join(world.b.dir, name);
      mkdirSync(path);
      const { status } = await world.b.live.api('POST', '/projects', { path, name, agent: 'worker' });
      expect(status).toBe(200);
    }
  }, 260_000);
  afterAll(async () => {
    await world.end();
    await postgres.stop();
  }, 60_000);

  test('without a hub nothing is contacted; what is wrong is said in a sentence, and the link stays localOnly', async () => {
    const { gateway, a } = world;
    expect(await linkState(a)).toBe('localOnly');
    const asked = gateway.requests();
    await a.live.ccm('new', 'here', 'Local work', '--wait', '--json');
    expect(gateway.requests()).toBe(asked);
    expect(((await a.live.api('GET', '/sync/outbox')).body.data as unknown[]).length).toBe(0);

    const init = (url: string, key: string, password: string) =>
      a.live.run(['init', '--url', url, '--key', key, '--email', 'ada@example.org', '--password-stdin', '--json'], {
        stdin: `${password}\n`,
      });
    const cases: Array<[string, string, string, RegExp]> = [
      ['not a url', gateway.key, 'x', /is not a URL/],
      ['http://example.org', gateway.key, 'x', /https/],
      [gateway.url, 'sb_secret_everything', 'x', /secret key/],
      [gateway.url, 'sb_publishable_wrong', 'correct horse battery', /does not take this key/],
      [gateway.url, gateway.key, 'wrong', /does not know this email and password/],
      ['http://127.0.0.1:1', gateway.key, 'x', /Nobody answers/],
    ];
    for (const [url, key, password, said] of cases) {
      const { code, stderr } = await init(url, key, password);
      expect(code, url).not.toBe(0);
      expect(stderr, url).toMatch(said);
      expect(stderr).not.toContain('correct horse');
    }
    expect(await linkState(a)).toBe('localOnly');
  }, 60_000);

  test('both connect, and each shows the other with its projects', async () => {
    const { gateway, a, b } = world;
    for (const one of [a, b]) {
      const said = await connect(gateway, one);
      expect(said.code, said.stderr).toBe(0);
      await untilLink(one, 'online', 'executing');
    }
    for (const [one, other, project] of [
      [a, 'beta', 'there'],
      [b, 'alpha', 'here'],
    ] as const) {
      await until(`${one.name} to know ${other}`, async () => {
        const found: Array<{ name: string; projects: Array<{ name: string }> }> = (await one.live.api('GET', '/sync/systems')).body.data;
        return found.some(({ name, projects }) => name === other && projects.some((p) => p.name === project)) ? true : undefined;
      });
    }
    const log = readFileSync(join(a.live.home, 'daemon.log'), { encoding: 'utf8', flag: 'a+' }) + a.live.output;
    expect(log).not.toContain('correct horse');
  }, 60_000);

  test('a task for the other machine is done there and its result comes back; a question of it is answered from here', async () => {
    const { a, b } = world;
    writeFileSync(join(b.dir, 'ask'), '');
    const made = await a.live.ccm('new', 'there', 'Paint it', '--on', 'beta', '--json');
    expect(made.code, made.stderr).toBe(0);
    const { id } = (made.json() as { data: Task }).data;
    const ask = await until(
      'the question to arrive',
      async () => ((await a.live.api('GET', '/sync/asks')).body.data as Array<{ short: string; text: string }>)[0],
      30_000,
    );
    expect(ask.text).toBe('Which colour?');
    expect((await task(a, id)).status).toBe('needsAnswer');
    expect((await a.live.api('POST', `/sync/asks/${ask.short}/decide`, { verb: 'answer', text: 'green' })).status).toBe(200);
    const ended = await untilEnded(a, id);
    rmSync(join(b.dir, 'ask'));
    expect(ended).toMatchObject({ status: 'succeeded', system: 'beta', result: { summary: 'done on beta' } });
    expect(lines(b, 'answers')).toEqual(['green']);
    expect(lines(b, 'starts')).toHaveLength(1);
    expect(lines(a, 'starts')).toEqual(['alpha']);
  }, 90_000);

  test('law 8 and 9: tasks queued for a machine while both are away each run once, there', async () => {
    const { gateway, a, b } = world;
    const before = lines(b, 'starts').length;
    gateway.fault(() => 'reset');
    gateway.dropSockets();
    await Promise.all([untilLink(a, 'offline', 'queuing'), untilLink(b, 'offline', 'queuing')]);
    const ids: string[] = [];
    for (let n = 0; n < 20; n += 1) {
      const { body } = await a.live.api('POST', '/tasks', { project: folders[n % folders.length], prompt: `Number ${n}`, system: 'beta' });
      ids.push((body.data as Task).id);
    }
    await untilLink(a, 'queuing');
    const waiting: Array<{ status: string; kind: string }> = (await a.live.api('GET', '/sync/outbox')).body.data;
    expect(waiting.filter(({ kind }) => kind === 'offer')).toHaveLength(20);
    await b.live.crash();
    gateway.fault(null);
    await b.live.up();
    for (const id of ids) expect((await untilEnded(a, id)).status).toBe('succeeded');
    expect(lines(b, 'starts').length - before).toBe(20);
    expect(new Set(lines(b, 'prompts').filter((line) => line.startsWith('Number'))).size).toBe(20);
    expect(lines(a, 'starts')).toEqual(['alpha']);
  }, 180_000);

  test("a connected daemon that stopped is gone at once: the hub client's own patience does not keep the process", async () => {
    const { a } = world;
    await untilLink(a, 'online', 'executing');
    const down = await a.live.ccm('down', '--all');
    expect(down.code, down.stderr).toBe(0);
    const gone = Date.now();
    const last = readFileSync(join(a.live.home, 'daemon.log'), 'utf8').trim().split('\n').at(-1) ?? '';
    const said: { msg: string; time: number } = JSON.parse(last);
    expect(said.msg).toBe('stopped');
    // `ccm down` returns when the process is gone. It took ten seconds.
    expect(gone - said.time).toBeLessThan(5_000);
  }, 150_000);
});
