/** Laws 1, 2 and 11 on the whole product: kill -9 at any moment loses nothing, doubles nothing, and nobody is unheard. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LiveHome } from '../support/live-daemon.ts';
import { until } from '../support/until.ts';

type Task = {
  id: string;
  short: string;
  status: string;
  attempt: number;
  result: { exitCode: number | null; summary: string | null } | null;
};

/** Writes one line when it starts, works for a while, reports, and ends: each start leaves a line. */
const worker = `
echo start >> starts
while [ ! -e go ]; do sleep 0.1; done
ccm report progress "half way"
touch reported
sleep 0.2
ccm report done "the work is done"
exit 0
`;
/** Milliseconds from the acceptance of a task to the kill. */
const waits = [0, 30, 80, 150, 250, 400];

describe('kill -9 of the daemon', () => {
  let live: LiveHome;
  let dir: string;
  /** A folder without git takes one task at a time: each has its own. */
  const projects = ['away', ...waits.map((wait) => `p${wait}`)];
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'ccm-work-'));
    writeFileSync(join(dir, 'worker.sh'), worker);
    // What a shell, tmux and TOML would read something into.
    const at = join(dir, `a home of "ü" it's $(id) #{pid}\nand more`);
    live = await LiveHome.make(
      `concurrency = 20\nspacing = 0\n[agents.worker]\nkind = "custom"\ncommand = ["/bin/sh", "${dir}/worker.sh"]\nmode = "oneshot"\n`,
      { at },
    );
    await live.up();
    for (const name of projects) {
      mkdirSync(join(dir, name));
      expect((await live.api('POST', '/projects', { path: join(dir, name), name })).status).toBe(200);
    }
  }, 120_000);
  afterAll(async () => {
    await live.end();
    rmSync(dir, { recursive: true, force: true });
  }, 60_000);

  const begin = async (project: string): Promise<Task> =>
    (await live.api('POST', '/tasks', { project, prompt: 'Do it', agent: 'worker' })).body.data;
  const end = (task: Task): Promise<Task> =>
    until(
      'the task to end',
      async () => {
        const { data }: { data: Task } = (await live.api('GET', `/tasks/${task.id}`)).body;
        return ['succeeded', 'failed', 'cancelled', 'interrupted'].includes(data.status) ? data : undefined;
      },
      60_000,
    );
  const starts = (project: string) => {
    const file = join(dir, project, 'starts');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
  };

  test('while the agent works: it goes on, is adopted, and what it reported meanwhile is heard', async () => {
    const task = await begin('away');
    await until('the program to start', () => (starts('away') > 0 ? true : undefined));
    await live.crash();
    writeFileSync(join(dir, 'away/go'), '');
    await until('it to report while nobody listens', () => (existsSync(join(dir, 'away/reported')) ? true : undefined));
    await until('its exit status to be written', () => (readdirSync(join(live.home, 'exits')).length > 0 ? true : undefined));
    await live.up();
    expect(await end(task)).toMatchObject({ status: 'succeeded', attempt: 1, result: { exitCode: 0, summary: 'the work is done' } });
    expect(starts('away')).toBe(1);
    const history = (await live.ccm('replay', task.short, '--json')).stdout;
    expect(history).toContain('GRANTED');
  }, 90_000);

  test(`${waits.join(', ')} ms after a task was accepted, one after the other: each is done once`, async () => {
    const tasks = new Map<string, Task>();
    for (const wait of waits) {
      const project = `p${wait}`;
      tasks.set(project, await begin(project));
      await new Promise((next) => setTimeout(next, wait));
      await live.crash();
      await live.up();
    }
    for (const [project, task] of tasks) {
      writeFileSync(join(dir, project, 'go'), '');
      expect(await end(task), project).toMatchObject({ status: 'succeeded', result: { exitCode: 0, summary: 'the work is done' } });
      expect(starts(project), project).toBe(1);
    }
    expect((await live.ccm('verify', '--json')).code).toBe(0);
  }, 240_000);
});
