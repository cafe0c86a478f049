/**
 * A whole fleet dies in one moment. Those that are not to start again end as failed; those that are come back one after the other, each once;
 * those whose program does not begin any more are tried again ever more rarely and then given up. Meanwhile the daemon answers.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Agent } from '../../../src/api/contract/index.ts';
import { until } from '../../support/until.ts';
import { programsOf, signal } from './processes.ts';
import type { World } from './world.ts';

/** What the fleet has for its start, in milliseconds. */
const START_MS = 150_000;
/** For all to be back or given up: spacing bounds the last start at 30 s, the rest is for a machine with other work. */
const BACK_MS = 300_000;
const MOST_GROWTH_MB = 200;
const MOST_DELAY_MS = 5_000;
const SPACING_MS = 200;
const DOOMED = 10;
const TRIES = 2;

/** Each start writes its moment down. What dooms the doomed is a file. */
export const fleetAgents = (folder: string): string => `
[agents.phoenix]
command = ["/bin/sh", "-c", "date +%s.%N >> ${folder}/birth.$CCM_TASK_ID; exec sleep 1000"]
mode = "oneshot"
restart = "on-failure"
[agents.doomed]
command = ["/bin/sh", "-c", "date +%s.%N >> ${folder}/birth.$CCM_TASK_ID; [ ! -e ${folder}/doom ] || exit 7; exec sleep 1000"]
mode = "oneshot"
restart = "on-failure"
max_restarts = ${TRIES}
`;

type Look = { at: number; delayMs: number; mb: number };

/** A preload that writes down, twice a second, how long the event loop was away at worst, and the memory. */
export const loopWatch = (folder: string): { preload: string; looks: () => Look[] } => {
  const file = join(folder, 'looks');
  const preload = join(folder, 'loop.mjs');
  writeFileSync(file, '');
  writeFileSync(
    preload,
    `import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
setInterval(() => {
  appendFileSync(${JSON.stringify(file)}, JSON.stringify({ at: Date.now(), delayMs: delay.max / 1e6, mb: process.memoryUsage.rss() / 2 ** 20 }) + '\\n');
  delay.reset();
}, 500).unref();
`,
  );
  const looks = () =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line) as Look);
  return { preload, looks };
};

const kindOf = (title: string): 'long' | 'phoenix' | 'doomed' => (/long|phoenix|doomed/.exec(title)?.[0] ?? 'long') as 'long';
const agentOf = (pid: number): string => /CCM_AGENT_ID=([^\0]+)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1] ?? '';

/** Moments of each start of a task's program, ms since 1970. */
const birthsOf = ({ folder }: World, task: string): number[] => {
  const file = join(folder, `birth.${task}`);
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => Number(line) * 1000)
    : [];
};
const gapsOf = (moments: readonly number[]): number[] => moments.slice(1).map((at, i) => at - (moments[i] ?? at));
const mostWithin = (moments: readonly number[], ms: number): number =>
  Math.max(0, ...moments.map((from) => moments.filter((at) => at >= from && at < from + ms).length));

/** As many as the machine starts in the time it has; who died is told. */
const raise = async (world: World, size: number): Promise<void> => {
  const kinds = Array.from({ length: size }, (_, i) => (i < DOOMED ? 'doomed' : i % 2 === 0 ? 'long' : 'phoenix'));
  for (let i = 0; i < size; i += 20) await Promise.all(kinds.slice(i, i + 20).map((kind) => world.begin(kind)));
  const end = performance.now() + START_MS;
  while (programsOf(world).length < size && performance.now() < end) await pause(500);
};

export const allDie = async (world: World, size: number, looks: () => Look[]): Promise<string> => {
  const { live, folder } = world;
  const raised = performance.now();
  await raise(world, size);
  const startS = (performance.now() - raised) / 1000;
  await pause(2_000); // Two looks of a machine that does nothing.
  const calm = looks().at(-1);
  assert.ok(calm, 'nobody looked at the event loop');
  world.space(`"${SPACING_MS}ms"`);
  writeFileSync(join(folder, 'doom'), '');
  await until('the new spacing to count', () =>
    readFileSync(join(live.home, 'daemon.log'), 'utf8').includes('was read again') ? true : undefined,
  );

  const pids = programsOf(world);
  const died = new Set(pids.map(agentOf));
  assert.equal(died.size, pids.length, 'an agent had two programs');
  const at = Date.now();
  for (const pid of pids) signal(pid, 'SIGKILL');
  const killMs = Date.now() - at;

  const agents = async (): Promise<Agent[]> => (await live.api('GET', '/agents?all=true&limit=500')).body.data;
  const mine = async (): Promise<Agent[]> => (await agents()).filter(({ id }) => died.has(id));
  await until(
    'every death to be known',
    async () => ((await mine()).every(({ title, process }) => kindOf(title) !== 'long' || process === 'exited') ? true : undefined),
    BACK_MS,
  );
  const knownS = (Date.now() - at) / 1000;
  const done = ({ title, process, launch }: Agent): boolean =>
    process === 'exited' || (kindOf(title) === 'phoenix' && process === 'alive' && launch > 1);
  await until('all to be back, or given up', async () => ((await mine()).every(done) ? true : undefined), BACK_MS);

  const seen = looks().filter((look) => look.at > at);
  const delay = Math.max(...seen.map(({ delayMs }) => delayMs));
  const most = Math.max(...seen.map(({ mb }) => mb));
  const ends = await judge(world, await mine());
  assert.ok(most - calm.mb < MOST_GROWTH_MB, `memory grew from ${Math.round(calm.mb)} to ${Math.round(most)} MB`);
  assert.ok(delay < MOST_DELAY_MS, `the event loop was away for ${Math.round(delay)} ms`);
  const tasks = await world.sound();
  return (
    `${died.size} of ${size} at work after ${startS.toFixed(0)} s, all killed within ${killMs} ms; every end known after ${knownS.toFixed(1)} s; ${ends}; ` +
    `event loop away for at most ${Math.round(delay)} ms; memory ${Math.round(calm.mb)} to at most ${Math.round(most)} MB; ${tasks} tasks, 0 lost, 0 doubled`
  );
};

/** The true state of each, against what the programs themselves wrote down. */
const judge = async (world: World, agents: readonly Agent[]): Promise<string> => {
  const tasks = new Map((await world.tasks()).map((task) => [task.id, task]));
  const of = (kind: string) => agents.filter(({ title }) => kindOf(title) === kind);
  const stateOf = ({ task }: Agent) => tasks.get(task.id);
  const statuses = (kind: string) => [...new Set(of(kind).map((agent) => stateOf(agent)?.status))];
  assert.deepEqual(statuses('long'), ['failed']);
  // A start that the machine could not carry out within the minute a chart gives it is no failure of the program, and is not said to be one.
  const late = agents.filter((agent) => stateOf(agent)?.status === 'interrupted');
  for (const agent of late) assert.match(stateOf(agent)?.reason ?? '', /could not be started in a minute/);
  const inTime = (kind: string) => of(kind).filter((agent) => !late.includes(agent));
  const [doomed, phoenixes] = [inTime('doomed'), inTime('phoenix')];
  assert.deepEqual(
    doomed.filter((agent) => stateOf(agent)?.status !== 'failed').map(({ title }) => title),
    [],
  );
  assert.deepEqual(
    phoenixes.filter((agent) => stateOf(agent)?.status !== 'working').map(({ title }) => title),
    [],
  );
  const living = programsOf(world).map(agentOf);
  assert.equal(new Set(living).size, living.length, 'an agent has two programs');
  assert.deepEqual(living.toSorted(), phoenixes.map(({ id }) => id).toSorted());

  for (const { task, launch } of phoenixes) {
    const { length } = birthsOf(world, task.id);
    assert.ok(length >= 2 && length <= launch, `${length} programs in ${launch} starts`);
  }
  const second = phoenixes.map(({ task }) => birthsOf(world, task.id).at(-1) ?? 0).toSorted((x, y) => x - y);
  const gaps = gapsOf(second).map(Math.round);
  const burst = mostWithin(second, 1_000);
  // Evenly, five a second; half to one and a half of the space, and the closer the more wait.
  assert.ok(burst <= Math.max(20, second.length / 2), `${burst} started again within one second`);
  assert.ok(new Set(gaps).size > gaps.length / 4, 'they start again in step');
  const tries = doomed.map(({ task }) => gapsOf(birthsOf(world, task.id)));
  for (const waits of tries) {
    assert.equal(waits.length, TRIES, `tried ${waits.length} times`);
    // The wait begins when its end is known, a little after its birth.
    assert.ok((waits[1] ?? 0) > 2_000, `tried again after ${Math.round(waits[1] ?? 0)} ms the second time`);
  }
  const longest = Math.max(0, ...tries.flat()) / 1000;
  const over = ((second.at(-1) ?? 0) - (second[0] ?? 0)) / 1000;
  return (
    `${of('long').length} failed, ${second.length} back over ${over.toFixed(0)} s, at most ${burst} in a second, gaps ${Math.min(...gaps)} to ${Math.max(...gaps)} ms; ` +
    `${tries.length} whose program does not begin any more tried ${TRIES} times (up to ${longest.toFixed(0)} s apart), then given up` +
    (late.length > 0 ? `; ${late.length} could not be started within a minute, and said so` : '')
  );
};
