/** A fleet nobody watches: what the daemon costs while agents redraw their screens, and how fast agents come and a crash heals. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveHome } from '../support/live-daemon.ts';
import { until } from '../support/until.ts';
import { type Figure, median, quantile } from './measure.ts';

/** Ten frames a second, from one process that starts no other. */
const spinner =
  'perl -e \'$|=1; while(1){ printf "\\r\\e[K%s working %d", ("-","\\\\","|","/")[$i%4], $i++; select(undef,undef,undef,0.1) }\'';
const ticksPerSecond = 100;

const cpuOf = (pid: number) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15);
  return { own: (user + system) / ticksPerSecond, children: (childUser + childSystem) / ticksPerSecond };
};
const rssOf = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
const wait = (ms: number) => new Promise((next) => setTimeout(next, ms));

const fleet = async (
  size: number,
  seconds: number,
): Promise<{ cpu: number; rss: number; children: number; tmux: number; live: LiveHome }> => {
  const live = await LiveHome.make(
    `concurrency = 1000\nspacing = 0\n[agents.spinner]\nkind = "custom"\nmode = "oneshot"\ncommand = ["/bin/sh", "-c", ${JSON.stringify(`exec ${spinner}`)}]\n`,
  );
  // The second start finds the compiled code in its cache, as every start but a home's first does.
  await live.up();
  await live.crash();
  await live.up();
  for (let i = 0; i < size; i += 1) {
    const dir = join(live.home, '..', `${live.home.split('/').at(-1)}-p${i}`);
    mkdirSync(dir, { recursive: true });
    await live.api('POST', '/projects', { path: dir, name: `p${i}` });
    await live.api('POST', '/tasks', { project: `p${i}`, prompt: 'spin', agent: 'spinner' });
  }
  await until(
    `${size} agents to run`,
    async () => {
      const { body } = await live.api('GET', '/status');
      const { agents } = (body.data as { counts: { agents: Record<string, number> } }).counts;
      return agents['busy'] === size ? true : undefined;
    },
    120_000,
  );
  await wait(3_000);
  const { socket } = ((await live.api('GET', '/status')).body.data as { tmux: { socket: string; generation: string } }).tmux;
  if (!socket) throw new Error('no terminal');
  const tmuxPid = Number(((await live.api('GET', '/status')).body.data as { tmux: { generation: string } }).tmux.generation.split(':')[0]);
  const before = cpuOf(live.pid);
  const tmuxBefore = cpuOf(tmuxPid);
  const began = performance.now();
  await wait(seconds * 1000);
  const elapsed = (performance.now() - began) / 1000;
  const after = cpuOf(live.pid);
  return {
    cpu: ((after.own - before.own) / elapsed) * 100,
    children: after.children - before.children,
    rss: rssOf(live.pid),
    tmux: ((cpuOf(tmuxPid).own - tmuxBefore.own) / elapsed) * 100,
    live,
  };
};

const cleanUp = async (live: LiveHome, size: number) => {
  await live.end();
  for (let i = 0; i < size; i += 1) rmSync(`${live.home}-p${i}`, { recursive: true, force: true });
};

/** `ccm new` → the agent's process exists, by the times in the journal. */
const startTimes = async (): Promise<Figure[]> => {
  const live = await LiveHome.make(
    'concurrency = 4\nspacing = 0\n[agents.quick]\nkind = "custom"\nmode = "oneshot"\ncommand = ["/bin/true"]\n',
  );
  await live.up();
  const dir = mkdtempSync(join(tmpdir(), 'ccm-bench-'));
  await live.api('POST', '/projects', { path: dir, name: 'quick' });
  const samples: number[] = [];
  for (let i = 0; i < 40; i += 1) {
    const made = (await live.api('POST', '/tasks', { project: 'quick', prompt: 'go', agent: 'quick' })).body.data as { id: string };
    const task = await until('the task to end', async () => {
      const { data } = (await live.api('GET', `/tasks/${made.id}`)).body as { data: { ended: boolean; agent: string; createdAt: number } };
      return data.ended ? data : undefined;
    });
    const rows = (await live.api('GET', `/actors/${task.agent}/history`)).body.data as { type: string; at: number }[];
    const launched = rows.find(({ type }) => type === 'LAUNCHED');
    if (launched) samples.push(launched.at - task.createdAt);
  }
  const crash: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    await live.crash();
    const began = performance.now();
    await live.up();
    crash.push(performance.now() - began);
  }
  await live.end();
  rmSync(dir, { recursive: true, force: true });
  return [
    {
      name: 'task accepted → its process alive, median',
      value: median(samples),
      unit: 'ms',
      note: `${samples.length} tasks in a plain folder`,
    },
    { name: 'task accepted → its process alive, p95', value: quantile(samples, 0.95), unit: 'ms' },
    {
      name: 'kill −9 → ready again, whole process',
      value: median(crash),
      unit: 'ms',
      note: 'Node start-up included; 40 tasks in the home',
    },
  ];
};

export const benchFleet = async (): Promise<Figure[]> => {
  const figures: Figure[] = [];
  for (const size of [5, 50, 200]) {
    const { cpu, rss, children, tmux, live } = await fleet(size, 20);
    const goals = size === 50;
    figures.push(
      {
        name: `${size} agents at 10 frames/s, nobody watching: daemon`,
        value: cpu,
        unit: '% of a core',
        ...(goals ? { goal: { atMost: 2 } } : {}),
        note: `tmux itself ${tmux.toFixed(1)} %`,
      },
      { name: `${size} agents: daemon memory`, value: rss, unit: 'MB', ...(goals ? { goal: { atMost: 150 } } : {}) },
      {
        name: `${size} agents: CPU of processes the daemon started`,
        value: children,
        unit: 's in 20 s',
        ...(goals ? { goal: { atMost: 0 } } : {}),
      },
    );
    await cleanUp(live, size);
  }
  return [...figures, ...(await startTimes())];
};

if (process.argv[1] === import.meta.filename) {
  const { table } = await import('./measure.ts');
  process.stdout.write(`${table(await benchFleet())}\n`);
}
