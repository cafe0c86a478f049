/** What a newcomer sees first: an empty home, the demo task, and a decision that is theirs. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LiveHome } from '../support/live-daemon.ts';
import { until } from '../support/until.ts';

type Task = {
  id: string;
  short: string;
  status: string;
  ended: boolean;
  worktree: string | null;
  result: { summary: string | null } | null;
};
type Ask = { short: string; kind: string; text: string; task: { id: string } };

let live: LiveHome;
beforeAll(async () => {
  live = await LiveHome.make('', { firstRun: true });
  await live.up();
}, 60_000);
afterAll(() => live.end(), 60_000);

const data = async <T>(...args: string[]): Promise<T> => ((await live.ccm(...args, '--json')).json() as { data: T }).data;
const ended = (id: string) =>
  until(
    'the task to end',
    async () => {
      const task = await data<Task>('show', id);
      return task.ended ? task : undefined;
    },
    60_000,
  );
const ask = (task: Task) => until('the question', async () => (await data<Ask[]>('inbox')).find((one) => one.task.id === task.id), 40_000);

test('an empty home gets a demo project and a task that a real agent carries out', async () => {
  const [first] = await until('the demo task', async () => {
    const tasks = await data<Task[]>('ls', '--all');
    return tasks.length > 0 ? tasks : undefined;
  });
  const task = await ended(first?.id ?? '');
  expect(task.status).toBe('succeeded');
  expect(existsSync(join(task.worktree ?? '', 'demo/roman.mjs'))).toBe(true);
  // Only once: a second start does not make another.
  await live.crash();
  await live.up();
  expect(await data<Task[]>('ls', '--all')).toHaveLength(1);
}, 120_000);

test('what it asks waits in the inbox, is decided once, and the decision reaches the program', async () => {
  const task = await data<Task>('new', 'demo', 'Please approve this first');
  const asked = await ask(task);
  expect(asked.kind).toBe('approval');
  expect((await live.ccm('approve', asked.short)).code).toBe(0);
  const late = await live.ccm('deny', asked.short);
  expect(late.code).toBe(6);
  expect(late.stderr).toMatch(/allowed|decided/i);
  expect((await ended(task.id)).status).toBe('succeeded');
  // The decision went to the program that waited for it, and was not typed into its window besides.
  const messages = (await live.ccm('logs', task.id)).stdout.split('\n').filter((line) => /^\s*[›>●] /.test(line));
  expect(messages.join('\n')).not.toMatch(/^\s*[›>] y\b/m);
  const { agent } = await data<{ agent: string }>('show', task.id);
  expect(await data<{ status: string }>('inspect', agent)).toMatchObject({ status: 'ready' });
  expect((await data<Ask[]>('inbox')).filter((one) => one.task.id === task.id)).toEqual([]);
}, 120_000);

test('an approval survives a crash of the daemon, and a denial reaches the program', async () => {
  const task = await data<Task>('new', 'demo', 'Please approve this too');
  const asked = await ask(task);
  await live.crash();
  await live.up();
  expect((await live.ccm('deny', asked.short)).code).toBe(0);
  const over = await ended(task.id);
  expect(over.status).toBe('failed');
  expect(over.result?.summary).toMatch(/not allowed/);
}, 120_000);
