/** What ends, ends; what goes on, goes on. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LiveHome } from '../support/live-daemon.ts';
import { until } from '../support/until.ts';

let live: LiveHome;
let dir: string;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'ccm-ends-'));
  // Deaf to everything but a kill, with a child of its own.
  const deaf = `trap "" HUP INT TERM; echo $$ > ${dir}/pid; (trap "" HUP INT TERM; while :; do sleep 1; done) & echo $! > ${dir}/child; while :; do sleep 1; done`;
  live = await LiveHome.make(`[agents.deaf]\nkind = "custom"\nmode = "oneshot"\ncommand = ["/bin/sh", "-c", ${JSON.stringify(deaf)}]\n`);
  await live.up();
  await live.ccm('project', 'add', dir, '--name', 'ends');
  await live.ccm('new', 'ends', 'never end', '--agent', 'deaf');
}, 60_000);
afterEach(async () => {
  await live.end();
  rmSync(dir, { recursive: true, force: true });
}, 60_000);

const pid = (name: string) =>
  until(`${name} to start`, () => {
    try {
      return Number(readFileSync(join(dir, name), 'utf8')) || undefined;
    } catch {
      return undefined; // Not yet.
    }
  });
const alive = (id: number): boolean => {
  try {
    process.kill(id, 0);
    return !readFileSync(`/proc/${id}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};

test('down leaves agents running; down --all ends even those that will not, with their children', async () => {
  const [program, child] = [await pid('pid'), await pid('child')];
  const down = await live.ccm('down');
  expect(down.code, down.stderr + live.output).toBe(0);
  expect([alive(program), alive(child)]).toEqual([true, true]);
  await live.up();
  const all = await live.ccm('down', '--all');
  expect(all.code, all.stderr + live.output).toBe(0);
  await until('everything to be gone', () => (alive(program) || alive(child) ? undefined : true));
}, 120_000);

test('kill ends a deaf program with its children, and the task says how', async () => {
  const [program, child] = [await pid('pid'), await pid('child')];
  expect((await live.ccm('kill', 'never end')).code).toBe(0);
  await until('both to be gone', () => (alive(program) || alive(child) ? undefined : true));
  const task = await until('the task to end', async () => {
    const { data } = (await live.ccm('show', 'never end', '--json')).json() as { data: { ended: boolean; status: string } };
    return data.ended ? data : undefined;
  });
  expect(task.status).toBe('cancelled');
}, 120_000);
