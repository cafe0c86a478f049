/**
 * `./run soak`: hours of ordinary work on one daemon (CCM_SOAK_SECONDS, default four hours), measured as it goes. Memory, open files and the
 * write-ahead log must stay flat once it is warm; what a task leaves in the database must stay what it was. What is still held after a collection of
 * garbage is asked for as well (`heap-probe.ts`): memory that grows may only be garbage that nobody needed to collect yet. Exit status 1 when not.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LiveHome } from '../support/live-daemon.ts';
import { until } from '../support/until.ts';
import { median } from './measure.ts';

const wanted = Number(process.env['CCM_SOAK_SECONDS'] ?? 14_400);
/** Samples over the whole time. */
const samples = 120;
const agents = 8;
/** A folder for a heap snapshot at every tenth sample, to find what grows. */
const snapshots = process.env['CCM_SOAK_SNAPSHOTS'];

type Sample = {
  seconds: number;
  rssMb: number;
  /** What JavaScript still holds after a collection of garbage, MB. */
  heldMb: number;
  files: number;
  walKb: number;
  databaseKb: number;
  logKb: number;
  tasks: number;
  reports: number;
};

const config = `concurrency = 20
spacing = 0
[agents.talker]
command = ["/bin/sh", "-c", "i=0; while :; do i=$((i+1)); ccm report progress \\"step $i\\" || true; echo $i >> \\"$SOAK_FOLDER/$CCM_TASK_ID\\"; sleep 5; done"]
mode = "oneshot"
[agents.quick]
command = ["/bin/sh", "-c", "printf 'line %s\\\\n' 1 2 3 4 5 6 7 8 9; sleep 1"]
mode = "oneshot"
`;

const kb = (path: string): number => Math.round((statSync(path, { throwIfNoEntry: false })?.size ?? 0) / 1024);
const countLines = (folder: string): number =>
  readdirSync(folder).reduce((sum, name) => sum + readFileSync(join(folder, name), 'utf8').split('\n').length - 1, 0);

export const runSoak = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'ccm-soak-'));
  const talk = join(folder, 'talk');
  mkdirSync(talk);
  const live = await LiveHome.make(config.replaceAll('$SOAK_FOLDER', talk));
  const rows: Sample[] = [];
  const probe = join(folder, 'probe.json');
  let tasks = 0;
  let failed = 0;
  try {
    const preload = new URL('heap-probe.ts', import.meta.url).href;
    await live.up({
      NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import=${preload}`,
      CCM_PROBE_FILE: probe,
      ...(snapshots === undefined ? {} : { CCM_PROBE_SNAPSHOTS: snapshots }),
    });
    const projects = agents + 4;
    for (let i = 0; i < projects; i += 1) {
      mkdirSync(join(folder, `p${i}`));
      await live.api('POST', '/projects', { path: join(folder, `p${i}`), name: `p${i}` });
    }
    for (let i = 0; i < agents; i += 1) await live.api('POST', '/tasks', { project: `p${i}`, prompt: 'talk', agent: 'talker' });
    const began = performance.now();
    const elapsed = (): number => (performance.now() - began) / 1000;
    const every = wanted / samples;
    console.log('seconds  RSS MB  held MB  files  WAL KB  database KB  log KB  tasks  reports');
    for (let next = 0; elapsed() < wanted; ) {
      const { status } = await live.api('POST', '/tasks', {
        project: `p${agents + (tasks % 4)}`,
        prompt: `quick ${tasks}`,
        agent: 'quick',
      });
      if (status < 300) tasks += 1;
      else failed += 1;
      // Somebody looks, too.
      await live.api('GET', '/tasks?all=true&limit=100');
      if (elapsed() >= next) {
        const heldMb = rows.length % 10 === 0 ? await heldBy(live.pid, probe) : (rows.at(-1)?.heldMb ?? 0);
        const row = { ...sampleOf(live, elapsed(), tasks, countLines(talk)), heldMb };
        rows.push(row);
        console.log(
          [row.seconds, row.rssMb, row.heldMb.toFixed(1), row.files, row.walKb, row.databaseKb, row.logKb, row.tasks, row.reports]
            .map((value, at) => String(value).padStart([7, 7, 8, 6, 7, 12, 7, 6, 8][at] ?? 7))
            .join(' '),
        );
        next += every;
      }
      await pause(1500);
    }
    const verified = await live.api('POST', '/verify', {});
    const findings = (verified.body.data as { findings: unknown[] }).findings.length;
    const { said, flat } = judge(rows);
    for (const line of said) console.log(line);
    console.log(`${tasks} tasks, ${failed} refused, ${findings} findings in the history`);
    const out = join(import.meta.dirname, '../.out');
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'soak.json'), `${JSON.stringify({ wanted, rows, said, findings }, null, 1)}\n`);
    if (!flat || findings > 0 || failed > 0) process.exitCode = 1;
  } finally {
    await live.end();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
};

/** Asks the daemon's probe, and waits for its answer. */
const heldBy = async (pid: number, file: string): Promise<number> => {
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  const facts = await until('the probe to answer', () => {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    return text === '' ? undefined : text;
  });
  const { heapUsed, external } = JSON.parse(facts) as { heapUsed: number; external: number };
  return (heapUsed + external) / 2 ** 20;
};

const sampleOf = (live: LiveHome, seconds: number, tasks: number, reports: number): Omit<Sample, 'heldMb'> => {
  const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${live.pid}/status`, 'utf8'))?.[1] ?? 0);
  const database = join(live.home, 'ccm.db');
  return {
    seconds: Math.round(seconds),
    rssMb: Math.round(rss / 1024),
    files: readdirSync(`/proc/${live.pid}/fd`).length,
    walKb: kb(`${database}-wal`),
    databaseKb: kb(database),
    logKb: kb(join(live.home, 'daemon.log')),
    tasks,
    reports,
  };
};

/** The last third against the middle one: the first is the warming up. */
const judge = (rows: readonly Sample[]): { said: string[]; flat: boolean } => {
  const third = Math.floor(rows.length / 3);
  if (third < 2) return { said: ['too short to tell anything'], flat: false };
  const middle = rows.slice(third, 2 * third);
  const last = rows.slice(2 * third);
  const of = (part: readonly Sample[], pick: (row: Sample) => number): number => median(part.map(pick));
  const checks = (
    [
      ['RSS', 'MB', (row: Sample) => row.rssMb, 1.1, 10],
      ['held after a collection', 'MB', (row: Sample) => Math.round(row.heldMb * 10) / 10, 1.05, 2],
      // Callers come and go: a dozen connections more or less are no leak.
      ['open files', '', (row: Sample) => row.files, 1.05, 12],
      ['write-ahead log', 'KB', (row: Sample) => row.walKb, 1.25, 1024],
    ] as const
  ).map(([name, unit, pick, factor, slack]) => {
    const [was, is] = [of(middle, pick), of(last, pick)];
    return {
      fine: is <= was * factor + slack,
      text: `${name}: ${was} ${unit} in the middle third, ${is} ${unit} in the last`.replaceAll('  ', ' '),
    };
  });
  const perTask = (part: readonly Sample[]): number => {
    const [from, to] = [part[0], part.at(-1)];
    return from && to && to.tasks > from.tasks ? (to.databaseKb - from.databaseKb) / (to.tasks - from.tasks) : 0;
  };
  const [was, is] = [perTask(middle), perTask(last)];
  // The write-ahead log flows into the database in steps, so a short run tells little here.
  checks.push({ fine: is <= was * 1.5 + 40, text: `database per task with its reports: ${was.toFixed(0)} KB, then ${is.toFixed(0)} KB` });
  return { said: checks.map(({ fine, text }) => `${fine ? 'flat' : 'GREW'}  ${text}`), flat: checks.every(({ fine }) => fine) };
};
