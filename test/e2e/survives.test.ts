/** Laws 1, 2 and 11 on the whole product: kill -9 at any moment loses nothing, doubles nothing, and nobody is unheard. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
const worker = (dir: string, seconds: number) => `
echo start >> ${dir}/starts
sleep ${seconds}
ccm report progress "half way"
touch ${dir}/reported
sleep 0.2
ccm report done "the work is done"
exit 0
`;

describe('kill -9 of the daemon', () => {
  let live: LiveHome;
  let dir: string;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'ccm-work-'));
    writeFileSync(join(dir, 'worker.sh'), worker(dir, 1.5));
    live = await LiveHome.make(`[agents.worker]\nkind = "custom"\ncommand = ["/bin/sh", "${dir}/worker.sh"]\nmode = "oneshot"\n`);
    await live.up();
    await live.ccm('project', 'add', dir, '--name', 'work', '--json');
  }, 60_000);
  afterEach(async () => {
    await live.end();
    rmSync(dir, { recursive: true, force: true });
  }, 60_000);

  const begin = async (): Promise<Task> =>
    ((await live.ccm('new', 'work', 'Do it', '--agent', 'worker', '--json')).json() as { data: Task }).data;
  const end = (task: Task): Promise<Task> =>
    until(
      'the task to end',
      async () => {
        const { data } = (await live.ccm('show', task.short, '--json')).json() as { data: Task };
        return ['succeeded', 'failed', 'cancelled', 'interrupted'].includes(data.status) ? data : undefined;
      },
      40_000,
    );
  const starts = () => (existsSync(join(dir, 'starts')) ? readFileSync(join(dir, 'starts'), 'utf8').trim().split('\n').length : 0);

  test('while the agent works: it goes on, is adopted, and what it reported meanwhile is heard', async () => {
    const task = await begin();
    await until('the program to start', () => (starts() > 0 ? true : undefined));
    await live.crash();
    await until('it to report while nobody listens', () => (existsSync(join(dir, 'reported')) ? true : undefined));
    await until('its exit status to be written', () => (readdirSync(join(live.home, 'exits')).length > 0 ? true : undefined));
    await live.up();
    expect(await end(task)).toMatchObject({ status: 'succeeded', attempt: 1, result: { exitCode: 0, summary: 'the work is done' } });
    expect(starts()).toBe(1);
    const history = (await live.ccm('replay', task.short, '--json')).stdout;
    expect(history).toContain('GRANTED');
    expect((await live.ccm('verify', '--json')).code).toBe(0);
  }, 90_000);

  test.each([0, 30, 80, 150, 250, 400])(
    '%i ms after the task was accepted: it is done once',
    async (wait) => {
      const task = await begin();
      await new Promise((next) => setTimeout(next, wait));
      await live.crash();
      await live.up();
      expect(await end(task)).toMatchObject({ status: 'succeeded', result: { exitCode: 0 } });
      expect(starts()).toBe(1);
      expect((await live.ccm('verify', '--json')).code).toBe(0);
    },
    90_000,
  );
});
