/** `ccm up --takeover`: another daemon in the place of the one that runs, and nobody who knocks meanwhile is turned away or cut off. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LiveHome } from '../support/live-daemon.ts';
import { until } from '../support/until.ts';

const config = `[agents.loop]\nmode = "oneshot"\ncommand = ["/bin/sh", "-c", "echo $$ >> starts; while :; do echo . >> beats; sleep 0.1; done"]\n`;

/** Status code, or the code of what went wrong. */
const knock = (port: number, path: string, token: string | null, agent: Agent | false): Promise<number | string> =>
  new Promise((resolve) => {
    const headers = token === null ? {} : { authorization: `Bearer ${token}` };
    const asked = request({ host: '127.0.0.1', port, path, headers, agent, timeout: 90_000 }, (reply) => {
      reply.resume();
      reply.once('end', () => resolve(reply.statusCode ?? 0));
      reply.once('error', (error) => resolve(error.message));
    });
    asked.once('timeout', () => asked.destroy(new Error('no answer')));
    asked.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    asked.end();
  });

/** Knock without a pause until told to stop: new connections, and one that is kept open as long as the other side likes. */
const knockers = (port: number, token: string) => {
  const stopped = new AbortController();
  const answers = new Map<number | string, number>();
  const line = async (path: string, secret: string | null, agent: Agent | false): Promise<void> => {
    while (!stopped.signal.aborted) {
      const answer = await knock(port, path, secret, agent);
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  };
  const kept = new Agent({ keepAlive: true, maxSockets: 1 });
  const lines = [line('/healthz', null, false), line('/api/v1/status', token, false), line('/api/v1/tasks', token, kept)];
  return async (): Promise<Record<string, number>> => {
    stopped.abort();
    await Promise.all(lines);
    kept.destroy();
    return Object.fromEntries(answers);
  };
};

const alive = (pid: number): boolean => existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');

describe('ccm up --takeover', () => {
  let live: LiveHome;
  let folder: string;
  const pid = (): number => (JSON.parse(readFileSync(join(live.home, 'run.json'), 'utf8')) as { pid: number }).pid;
  const lines = (name: string): string[] => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ccm-takeover-'));
    live = await LiveHome.make(config);
    await live.up();
    await live.ccm('project', 'add', folder, '--name', 'plain');
    await live.ccm('new', 'plain', 'go on', '--agent', 'loop');
    await until('the agent', () => (lines('beats').length > 2 ? true : undefined));
  }, 120_000);
  afterAll(async () => {
    await live.ccm('down', '--all');
    await live.end();
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  test('one that cannot run changes nothing', async () => {
    const before = pid();
    const file = join(live.home, 'takeover.json');
    writeFileSync(file, JSON.stringify({ argv: [process.execPath, '-e', 'process.exit(3)'] }), { mode: 0o600 });
    const ended = await live.api('POST', '/handover');
    expect([ended.status, ended.body]).toMatchObject([500, { detail: 'The new daemon ended at once (status 3).' }]);
    // What others could have written is not even tried.
    chmodSync(file, 0o622);
    const open = await live.api('POST', '/handover');
    expect([open.status, open.body]).toMatchObject([500, { detail: `${file} could have been written by somebody else.` }]);
    rmSync(file);
    expect([pid(), (await live.api('GET', '/status')).status]).toEqual([before, 200]);
  }, 120_000);

  test('one that hangs is named, with what to do, and nothing is taken by force: awake again it goes on', async () => {
    const before = pid();
    process.kill(before, 'SIGSTOP');
    try {
      const said = await live.ccm('up', '--takeover', '--no-open');
      expect(said.code).toBe(4);
      expect(said.stderr).toContain(`The daemon (process ${before}) does not answer`);
      expect(said.stderr).toContain(`kill -9 ${before}`);
    } finally {
      process.kill(before, 'SIGCONT');
    }
    expect([pid(), (await live.api('GET', '/status')).status]).toEqual([before, 200]);
    expect(existsSync(join(live.home, 'takeover.json'))).toBe(false);
  }, 120_000);

  test('twice, while callers knock without a pause: none refused, none cut, agents untouched, one history', async () => {
    const first = pid();
    const stop = knockers(live.port, live.token());
    const pids = [first];
    for (let round = 0; round < 2; round += 1) {
      const said = await live.ccm('up', '--takeover', '--no-open');
      expect([said.code, said.stderr], live.output).toEqual([0, '']);
      pids.push(pid());
      expect(said.stdout).toContain(`The daemon that runs now is process ${pid()}; agents went on.`);
      await until('the old one to be gone', () => (alive(pids[round] ?? 0) ? undefined : true));
    }
    expect(Object.keys(await stop())).toEqual(['200']);
    expect(new Set(pids).size).toBe(3);
    expect(live.output).toContain(`Process ${pids[1]} took over.`);
    const beats = lines('beats').length;
    await until('the agent to go on', () => (lines('beats').length > beats ? true : undefined));
    expect(lines('starts')).toHaveLength(1);
    expect(existsSync(join(live.home, 'takeover.json'))).toBe(false);
    expect((await live.ccm('verify')).stdout).toContain('all in order');
  }, 240_000);
});
