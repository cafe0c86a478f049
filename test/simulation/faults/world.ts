/** A real daemon with real agents, and what must be true of it whatever was done to it. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveHome } from '../../support/live-daemon.ts';
import { until } from '../../support/until.ts';

export type Task = { id: string; short: string; title: string; status: string; ended: boolean; attempt: number; reason: string | null };

/** Each start of an agent leaves a line in a file named after its task, so that nothing is started twice unseen. */
const config = (starts: string, spacing: string, more: string): string => `concurrency = 1000
spacing = ${spacing}
[agents.quick]
command = ["/bin/sh", "-c", "echo start >> ${starts}/$CCM_TASK_ID; sleep 0.3"]
mode = "oneshot"
restart = "never"
[agents.long]
command = ["/bin/sh", "-c", "echo start >> ${starts}/$CCM_TASK_ID; exec sleep 1000"]
mode = "oneshot"
restart = "never"
${more}`;

export type World = {
  live: LiveHome;
  folder: string;
  /** Ids the daemon acknowledged. */
  acknowledged: Set<string>;
  /** Null when it was not acknowledged. */
  begin(agent: string): Promise<string | null>;
  /** Counts as soon as it is read. */
  space(spacing: string): void;
  tasks(): Promise<Task[]>;
  /** Of the terminal; null while there is none. */
  serverPid(): number | null;
  /** It was lost with the storage itself: its starts do not count. */
  forget(id: string): void;
  /** Nothing acknowledged lost, nothing started twice, the history whole. Returns the number of tasks. */
  sound(): Promise<number>;
  /** Every quick task has ended. */
  settled(boundMs?: number): Promise<void>;
  end(): Promise<void>;
};

const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // Gone with its daemon, or no /proc here.
  }
};

/** `undo` follows the end, also that of a start which failed. */
export type WorldOptions = {
  before?: (home: string) => Promise<void>;
  undo?: (home: string) => Promise<void>;
  env?: Record<string, string>;
  projects?: number;
  /** More agents, as text of config.toml. */
  agents?: (folder: string) => string;
};

export const faultWorld = async ({ before, undo, env, projects = 20, agents = () => '' }: WorldOptions = {}): Promise<World> => {
  const folder = mkdtempSync(join(tmpdir(), 'ccm-faults-'));
  const starts = join(folder, 'starts');
  mkdirSync(starts);
  const live = await LiveHome.make();
  const serverPid = (): number | null => {
    try {
      return (JSON.parse(readFileSync(join(live.home, 'tmux/tmux-server.json'), 'utf8')) as { pid: number }).pid;
    } catch {
      return null; // Between two servers: the record goes with the old one.
    }
  };
  const end = async (after = undo): Promise<void> => {
    const server = serverPid();
    // A home on a mount point cannot be removed as a whole: what is left goes below.
    await live.end().catch(() => live.crash());
    // With the daemon away nobody else ends the terminal. The number is ours only while its command line says so.
    if (server !== null && commandOf(server).includes(live.home)) process.kill(server, 'SIGKILL');
    await after?.(live.home);
    for (const path of [live.home, folder]) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  };
  await before?.(live.home);
  const space = (spacing: string): void =>
    writeFileSync(join(live.home, 'config.toml'), config(starts, spacing, agents(folder)), { mode: 0o600 });
  space('0');
  try {
    await live.up(env);
  } catch (error) {
    await end();
    throw error;
  }
  // A folder without git takes one task at a time; with several they do not wait for each other.
  for (let i = 0; i < projects; i += 1) {
    mkdirSync(join(folder, `p${i}`));
    const { status, body } = await live.api('POST', '/projects', { path: join(folder, `p${i}`), name: `p${i}` });
    assert.ok(status < 300, JSON.stringify(body));
  }
  const acknowledged = new Set<string>();
  let turn = 0;

  const tasks = async (): Promise<Task[]> => {
    const all: Task[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { status, body } = await live.api('GET', `/tasks?all=true&limit=500${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      assert.equal(status, 200, JSON.stringify(body));
      all.push(...(body.data as Task[]));
      cursor = (body['meta'] as { next?: string | null }).next ?? null;
    }
    return all;
  };

  return {
    live,
    folder,
    acknowledged,
    tasks,
    space,
    begin: async (agent) => {
      turn += 1;
      try {
        const { status, body } = await live.api('POST', '/tasks', { project: `p${turn % projects}`, prompt: `a ${agent} one`, agent });
        if (status >= 300) return null;
        const { id } = body.data as { id: string };
        acknowledged.add(id);
        return id;
      } catch {
        return null; // The daemon is away: nothing was acknowledged.
      }
    },
    serverPid,
    forget: (id) => rmSync(join(starts, id), { force: true }),
    sound: async () => {
      const all = await tasks();
      const known = new Map(all.map(({ id, attempt }) => [id, attempt]));
      assert.deepEqual(
        [...acknowledged].filter((id) => !known.has(id)),
        [],
        'acknowledged tasks are lost',
      );
      for (const id of readdirSync(starts)) {
        const lines = readFileSync(join(starts, id), 'utf8').trim().split('\n').length;
        assert.ok(lines <= (known.get(id) ?? 0), `${id} was started ${lines} times in ${known.get(id)} attempts`);
      }
      const verified = await live.api('POST', '/verify', {});
      assert.deepEqual((verified.body.data as { findings: unknown[] }).findings, []);
      return all.length;
    },
    settled: async (boundMs = 90_000) => {
      await until(
        'every quick task to end',
        async () => ((await tasks()).some(({ title, ended }) => title.includes('quick') && !ended) ? undefined : true),
        boundMs,
      );
    },
    end: () => end(),
  };
};
