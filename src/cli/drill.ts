/** A throw-away home with a fleet of agents that only count, for `ccm drill`: nothing of the person's is touched. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Project, Task } from '../api/contract/index.ts';
import { resolveHome } from '../config/home.ts';
import { CcmError } from '../errors.ts';
import { type Cli, makeCli } from './cli.ts';
import { pidAlive, type RunFile } from './daemon-address.ts';
import { runningDaemon, startDetached, waitForEnd } from './daemon-process.ts';
import { sure } from './service.ts';

const LOOK_MS = 50;
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export type Drill = {
  cli: Cli;
  start(): Promise<RunFile>;
  begin(): Promise<Task>;
  tasks(): Promise<Task[]>;
  /** Process of the terminal server. */
  terminal(): number;
  /** How often each task's program was started. */
  starts(): Map<string, number>;
  end(): Promise<void>;
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** `agents`: how many shall run at once. */
export const makeDrill = async (from: Cli, agents: number): Promise<Drill> => {
  const folder = mkdtempSync(join(tmpdir(), 'ccm-drill-'));
  const starts = join(folder, 'starts');
  const root = join(folder, 'home');
  for (const path of [root, starts]) mkdirSync(path, { mode: 0o700 });
  const config = `concurrency = ${agents}
[agents.counter]
command = ["/bin/sh", "-c", "echo start >> '${starts}'/$CCM_TASK_ID; while :; do sleep 1; done"]
mode = "oneshot"
restart = "on-failure"
`;
  writeFileSync(join(root, 'config.toml'), config, { mode: 0o600 });
  const { CCM_URL: _url, CCM_TOKEN: _token, ...rest } = from.env;
  const env = { ...rest, CCM_HOME: root, CCM_PORT: String(await freePort()), CCM_NO_DEMO: '1' };
  const home = sure(resolveHome({ env, platform: from.platform, userHome: folder, cwd: folder }));
  const cli = makeCli({ ...from, env, home, cwd: folder }, { json: from.json, colour: false });
  let made = 0;
  return {
    cli,
    start: () => startDetached(cli, undefined),
    begin: async () => {
      // A folder without git takes one task at a time: each has its own.
      const path = join(folder, `p${made}`);
      mkdirSync(path);
      made += 1;
      const { data: project } = await cli.api.post<Project>('/projects', { body: { path, name: `p${made}` } });
      const { data } = await cli.api.post<Task>('/tasks', {
        body: { project: project.id, prompt: `count, number ${made}`, agent: 'counter' },
      });
      return data;
    },
    tasks: async () => (await cli.api.get<Task[]>('/tasks', { all: true, limit: 500 })).data,
    terminal: () => (JSON.parse(readFileSync(join(home.tmux, 'tmux-server.json'), 'utf8')) as { pid: number }).pid,
    starts: () => new Map(readdirSync(starts).map((task) => [task, readFileSync(join(starts, task), 'utf8').trim().split('\n').length])),
    end: async () => {
      const running = await runningDaemon(cli);
      if (running) {
        await cli.api.post('/shutdown', { body: { agents: 'stop' } });
        await waitForEnd(running.pid, 60_000);
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

/** Polls until `look` is true. Throws in words when it is not within `boundMs`. */
export const eventually = async (what: string, look: () => Promise<boolean>, boundMs: number): Promise<void> => {
  const deadline = performance.now() + boundMs;
  while (!(await look())) {
    if (performance.now() > deadline) throw new CcmError('CCM_INTERNAL', `${what}: not within ${boundMs / 1000} s.`);
    await pause(LOOK_MS);
  }
};

export const killed = async (pid: number): Promise<void> => {
  process.kill(pid, 'SIGKILL');
  while (pidAlive(pid)) await pause(LOOK_MS);
};
