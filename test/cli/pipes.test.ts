/** The ends of a command that are not its own: pipes that break, homes that lie. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { furnishedDaemon } from '../support/fake-daemon/furnished.ts';
import { aTask } from '../support/fake-daemon/samples.ts';
import { cliMain, runCli } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const shell = (script: string, home: string) =>
  new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const ccm = `'${process.execPath}' '${cliMain}'`;
    const child = spawn('bash', ['-c', script.replaceAll('ccm ', `${ccm} `)], {
      env: { PATH: process.env['PATH'], CCM_HOME: home, HOME: '/home/me' },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (part) => (stdout += String(part)));
    child.stderr.on('data', (part) => (stderr += String(part)));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });

describe('pipes', () => {
  it('a reader that leaves early is no error: ccm ls | head -1', async () => {
    const daemon = await furnishedDaemon();
    // More than a pipe holds, so that writing really fails.
    for (let i = 0; i < 400; i += 1) {
      const task = aTask({ title: `${i} ${'x'.repeat(3000)}` });
      daemon.house.tasks.set(task.id, task);
    }
    const { stdout, stderr, code } = await shell('set -o pipefail; ccm ls --json --limit 500 | head -c 10', daemon.home);
    expect([stdout, stderr, code]).toEqual(['{"data":[{', '', 0]);
  });

  it('the whole of a long output arrives: ccm diff | wc -c', async () => {
    const daemon = await furnishedDaemon();
    const done = [...daemon.house.tasks.values()].find(({ short }) => short === daemon.ids.done);
    daemon.house.diffs.set(done?.id ?? '', '+0123456789\n'.repeat(200_000));
    expect((await shell(`ccm diff ${daemon.ids.done} | wc -c`, daemon.home)).stdout.trim()).toBe('2400000');
  });

  it('a prompt comes through standard input', async () => {
    const daemon = await furnishedDaemon();
    for (const words of [
      ['new', 'shop', '-'],
      ['new', 'shop', '--file', '-'],
      ['new', 'shop', '-f-'],
    ])
      expect((await runCli(words, { home: daemon.home, input: 'First line\nsecond\n' })).code).toBe(0);
    const bodies = daemon.requests.filter(({ path, method }) => path.endsWith('/tasks') && method === 'POST').map(({ body }) => body);
    expect(bodies).toEqual(Array.from({ length: 3 }, () => ({ project: 'shop', prompt: 'First line\nsecond\n' })));
  });

  it('an empty prompt, a missing file and both at once are usage errors', async () => {
    const daemon = await furnishedDaemon();
    for (const [words, input, says] of [
      [['new', 'shop', '-'], '', 'The prompt is empty.'],
      [['new', 'shop', '--file', '/no/such/file'], '', 'The file /no/such/file is not there.'],
      [['new', 'shop', 'x', '--file', '-'], 'y', 'either as an argument or with --file'],
      [['send', daemon.ids.working], '', 'The message is missing.'],
    ] as const) {
      const ran = await runCli(words, { home: daemon.home, input });
      expect([ran.code, ran.stdout]).toEqual([2, '']);
      expect(ran.stderr).toContain(says);
    }
    expect(daemon.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});

describe('a home that is not in order', () => {
  const runFile = (home: string, run: unknown): void =>
    writeFileSync(join(home, 'run.json'), typeof run === 'string' ? run : JSON.stringify(run));

  it('a run.json of a process that is gone: exit 4 and words', async () => {
    const home = await tempFolder();
    runFile(home, { pid: 2 ** 22 - 1, url: 'http://127.0.0.1:1' });
    const { code, stderr } = await runCli(['ls'], { home });
    expect([code, stderr]).toEqual([
      4,
      `The daemon is not running: process ${2 ** 22 - 1} ended without signing off.\n→ Start it with \`ccm up\`.\n`,
    ]);
  });

  it('a run.json that is no JSON, or somebody else’s: exit 4', async () => {
    const home = await tempFolder();
    for (const run of ['{', '[]', '{"pid":"x"}', 'null']) {
      runFile(home, run);
      expect((await runCli(['ls'], { home })).code).toBe(4);
    }
  });

  it('a living process that does not listen: exit 4 and words', async () => {
    const home = await tempFolder();
    writeFileSync(join(home, 'token'), 'ccm_x');
    runFile(home, { pid: process.pid, url: 'http://127.0.0.1:1' });
    const { code, stderr } = await runCli(['ls'], { home });
    expect([code, stderr.split('\n')[0]]).toEqual([4, 'The daemon does not answer on http://127.0.0.1:1.']);
  });

  it('another program on the port: exit 4 and words', async () => {
    const home = await tempFolder();
    const server = createServer((_, response) => response.end('<html>hello</html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    writeFileSync(join(home, 'token'), 'ccm_x');
    runFile(home, { pid: process.pid, url });
    const { code, stderr } = await runCli(['ls'], { home });
    server.close();
    expect([code, stderr.split('\n')[0]]).toEqual([4, `What answers on ${url} is not a CCM Orchestrator daemon.`]);
  });

  it('a token that is missing or wrong: exit 5 and words', async () => {
    const daemon = await furnishedDaemon();
    writeFileSync(join(daemon.home, 'token'), 'ccm_wrong');
    expect((await runCli(['ls'], { home: daemon.home })).code).toBe(5);
    const other = await tempFolder();
    runFile(other, { pid: process.pid, url: daemon.url() });
    const { code, stderr } = await runCli(['ls'], { home: other });
    expect([code, stderr.split('\n')[0]]).toEqual([5, `The token file ${join(other, 'token')} is missing.`]);
  });

  it('CCM_URL and CCM_TOKEN lead to a daemon elsewhere', async () => {
    const daemon = await furnishedDaemon();
    const home = await tempFolder();
    expect((await runCli(['ls'], { home, env: { CCM_URL: `${daemon.url()}/`, CCM_TOKEN: daemon.token } })).code).toBe(0);
  });

  it('a folder to stand in that was removed does not keep anything from working', async () => {
    const daemon = await furnishedDaemon();
    const gone = join(await tempFolder(), 'gone');
    mkdirSync(gone);
    const { code, stderr } = await shell(`cd '${gone}'; rmdir '${gone}'; ccm ls`, daemon.home);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('compiled code is cached inside the home only, and not at all before there is one', async () => {
    const daemon = await furnishedDaemon();
    chmodSync(daemon.home, 0o700);
    const { stdout } = await shell('ccm version >/dev/null; ls', daemon.home);
    expect(stdout).not.toContain('node-compile-cache');
    expect((await shell(`ls '${daemon.home}'`, daemon.home)).stdout).toContain('cache');
  });
});
