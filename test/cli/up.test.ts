/** Starting and stopping the real daemon by hand. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../support/live-daemon.ts';
import { runCli, startCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/** A home and a port of its own; whatever was started on it is ended with the test. `demo: false` keeps the first run from making one. */
const place = async ({ demo = false } = {}) => {
  const home = join(await tempFolder(), 'h');
  const env = { CCM_PORT: String(await freePort()), HOME: '/tmp' };
  const ccm = (words: readonly string[], more: Record<string, string> = {}) => runCli(words, { home, env: { ...env, ...more } });
  const start = (words: readonly string[], more: Record<string, string> = {}) => startCli(words, { home, env: { ...env, ...more } });
  onTestFinished(async () => {
    if (existsSync(join(home, 'run.json'))) await ccm(['down', '--all']);
    // A daemon that went away leaves its terminal server, as it should; the test does not.
    for (const pid of tmuxServers(home)) process.kill(pid);
  });
  if (!demo) {
    mkdirSync(home, { mode: 0o700 });
    writeFileSync(join(home, 'config.toml'), '# a home that is in use\n');
  }
  return { home, port: env.CCM_PORT, ccm, start };
};
/** Listens where the daemon wants to. */
const occupy = async (port: string) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(Number(port), '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
};
const tmuxServers = (home: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(join(home, 'tmux'));
      } catch {
        return false; // It ended while we looked.
      }
    });

describe('ccm up', () => {
  it('in an empty home shows the demo task through to its result; Ctrl-C says that agents go on; down --all ends them', async () => {
    const { home, ccm, start, port } = await place({ demo: true });
    const up = start(['up', '--no-open'], { SSH_CONNECTION: '10.0.0.9 50000 10.0.0.5 2222', USER: 'me' });
    await until('the result of the demo task', () => (up.stdout().includes('branch') ? true : undefined), 60_000);
    const said = up.stdout();
    expect(said).toMatch(new RegExp(`open {2}http://127\\.0\\.0\\.1:${port}/#k=\\S+`));
    expect(said).toContain('✓ succeeded');
    expect(said).toMatch(/changed {2}demo\/\S+/);
    expect(said).toMatch(/branch +ccm-\w{5}\//);
    expect(up.stderr()).toContain(`ssh -N -L ${port}:127.0.0.1:${port} -p 2222 me@10.0.0.5`);

    const second = await ccm(['up', '--no-open']);
    expect([second.code, second.stderr]).toEqual([0, '']);
    expect(second.stdout).toMatch(/^The daemon runs already \(process \d+\)\.\nOpen it: http:\S+\n$/);

    up.child.kill('SIGINT');
    const { code, stdout } = await up.ended;
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n').slice(-2)).toEqual([
      'Stopped the daemon.',
      'Agents go on in tmux: `ccm up` finds them again, `ccm down --all` ends them.',
    ]);
    expect((await ccm(['ls'])).code).toBe(4);
    expect(tmuxServers(home).length).toBeGreaterThan(0);

    const down = await ccm(['down', '--all']);
    expect([down.code, down.stdout]).toEqual([0, 'Stopped the agents and the daemon.\n']);
    await until('nothing left of tmux', () => (tmuxServers(home).length === 0 ? true : undefined));
    expect(existsSync(join(home, 'run.json'))).toBe(false);
  }, 120_000);

  it('left in the middle of the demo task ends at once, and the task goes on', async () => {
    const { ccm, start } = await place({ demo: true });
    const up = start(['up', '--no-open']);
    await until('the demo task', () => (up.stdout().includes('A demo agent was given') ? true : undefined), 30_000);
    up.child.kill('SIGINT');
    const { code, stderr } = await up.ended;
    expect([code, stderr]).toEqual([0, '']);
    expect((await ccm(['down', '--all'])).code).toBe(0);
  }, 60_000);

  it('twice at the same moment: one runs, the other prints its link, and the log holds none (regression: a start in the background wrote it there)', async () => {
    const { home, start } = await place();
    const front = start(['up', '--no-open']);
    const back = start(['up', '--no-open', '--detach']);
    const { code, stdout, stderr } = await back.ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^The daemon runs [^]*\nOpen it: http:\S+#k=\S+\n$/);
    expect(readFileSync(join(home, 'daemon.log'), 'utf8')).not.toContain('#k=');
    front.child.kill('SIGINT');
    expect((await front.ended).code).toBe(0);
  }, 60_000);

  it.each([[['up', '--no-open']], [['up', '--no-open', '--detach']]])(
    '%j on a port that is taken: words, exit 1',
    async (words) => {
      const { port, ccm } = await place();
      await occupy(port);
      const { code, stdout, stderr } = await ccm(words);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toBe(`Another program listens on port ${port}.\n→ Stop that program, or choose a port with CCM_PORT.\n`);
    },
    60_000,
  );

  it('without tmux: how to get it, exit 1', async () => {
    const { ccm } = await place();
    const bin = await tempFolder();
    for (const program of ['git', 'sh']) symlinkSync(`/usr/bin/${program}`, join(bin, program));
    const { code, stderr } = await ccm(['up', '--no-open'], { PATH: bin });
    expect(code).toBe(1);
    expect(stderr).toContain('tmux');
    expect(stderr).toContain('apt install tmux');
    const doctor = await ccm(['doctor'], { PATH: bin });
    expect([doctor.code, doctor.stdout]).toEqual([1, expect.stringContaining('✗ tmux')]);
  }, 60_000);

  it('with a mistake in config.toml: its line, exit 1', async () => {
    const { home, ccm } = await place();
    writeFileSync(join(home, 'config.toml'), '\nconcurency = 3\n');
    const { code, stderr } = await ccm(['up', '--no-open']);
    expect(code).toBe(1);
    expect(stderr).toContain('config.toml');
    expect(stderr).toContain('concurrency');
  }, 60_000);

  it('with a port that is none: exit 2', async () => {
    const { home, ccm } = await place();
    expect(await ccm(['up', '--port', '70000'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--port takes a whole number') });
    rmSync(home, { recursive: true });
  });
});

it('--detach returns when it is ready, keeps the link out of the log; a task is waited for through a restart; down stops it, twice is fine', async () => {
  const { home, ccm, start } = await place();
  const project = await tempFolder();
  writeFileSync(
    join(home, 'config.toml'),
    `[agents.patient]\nkind = "custom"\nmode = "oneshot"\nprompt = "argument"\ncommand = ["sh", "-c", "while [ ! -e go ]; do sleep 0.1; done; echo gone: $1", "sh", "{prompt}"]\n`,
  );
  const up = await ccm(['up', '--detach', '--no-open']);
  expect(up.code).toBe(0);
  expect(up.stdout).toMatch(/^The daemon runs in the background \(process \d+\); `ccm down` stops it\.\nOpen it: http:\S+#k=\S+\n$/);
  expect(readFileSync(join(home, 'daemon.log'), 'utf8')).not.toContain('#k=');
  expect((await ccm(['doctor', '--json'])).code).toBe(0);
  expect((await ccm(['project', 'add', project, '--name', 'plain', '--agent', 'patient'])).code).toBe(0);
  const waiting = start(['new', 'plain', 'hello', '--wait']);
  await until('work', () => (waiting.stdout().includes('working') ? true : undefined), 20_000);
  expect(await ccm(['down'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Stopped the daemon.') });
  await until('the word that it is away', () => (waiting.stderr().includes('away') ? true : undefined));
  writeFileSync(join(project, 'go'), '');
  expect(await ccm(['down'])).toMatchObject({ code: 0, stdout: 'The daemon is not running.\n' });
  expect((await ccm(['up', '--detach', '--no-open'])).code).toBe(0);
  const { code, stdout } = await waiting.ended;
  expect(stdout).toContain('exit 0');
  expect(stdout).toContain('gone: hello');
  expect(code).toBe(0);
  expect((await ccm(['verify'])).code).toBe(0);
  expect(await ccm(['down', '--all'])).toMatchObject({ code: 0 });
}, 120_000);
