/** Secrets are planted everywhere one can be, the house is used, and then everything that others may come to see is searched for them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LiveHome } from '../support/live-daemon.ts';
import { until } from '../support/until.ts';

const word = (name: string): string => `canary-${name}-${Math.random().toString(36).slice(2, 12)}`;
const stored = word('stored');
const plain = word('plain');
const session = word('session');
const wrong = word('wrong');

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );
const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // Ended, or not ours to read.
  }
};
const processes = (): string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

describe('planted secrets', () => {
  let live: LiveHome;
  let repo: string;
  let copy: string;
  let socket = '';
  let config = '';
  /** Each under the words a failure is told with. */
  const secrets = new Map<string, string>([
    ['the stored secret', stored],
    ['the value in config.toml', plain],
    ['the session of a service', session],
  ]);
  const seen: string[] = [];
  const say = async (...words: string[]) => {
    const ran = await live.ccm(...words);
    seen.push(ran.stdout, ran.stderr);
    return ran;
  };

  beforeAll(async () => {
    repo = mkdtempSync(join(tmpdir(), 'ccm-canary-'));
    copy = join(repo, 'copy.db');
    live = await LiveHome.make(
      `[agents.spy]\ncommand = ["sh", "-c", "ccm report progress working; exec sleep 300", "{prompt}"]\nenv = { API_KEY = "{secret:planted}", PLAIN = "${plain}" }\n`,
    );
    await live.up();
    for (const [name, value] of [
      ['planted', stored],
      ['hub.session', session],
    ] as const) {
      const put = await live.run(['secret', 'set', name], { stdin: `${value}\n` });
      expect(put.code, put.stderr).toBe(0);
      seen.push(put.stdout, put.stderr);
    }
    await say('project', 'add', repo, '--name', 'shop');
    const made = await say('new', 'shop', 'look around', '--agent', 'spy', '--json');
    const { id } = (made.json() as { data: { id: string } }).data;
    const agentPid = await until('the agent to run', () =>
      processes().find((pid) => {
        const environment = read(`/proc/${pid}/environ`);
        return environment.includes(`CCM_TASK_ID=${id}`) && read(`/proc/${pid}/cmdline`).startsWith('sleep');
      }),
    );
    const environment = read(`/proc/${agentPid}/environ`).split('\0');
    const value = (name: string) => environment.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
    expect([value('API_KEY'), value('PLAIN')]).toEqual([stored, plain]);
    secrets.set('the token of the agent', value('CCM_HOOK_TOKEN'));
    secrets.set('the token of the command line', live.token());
    const link = await live.api('POST', '/auth/link', {});
    const key = (link.body.data as { url: string }).url.split('#k=')[1] ?? '';
    secrets.set('the key of a one-time link', key);
    const redeemed = await fetch(`${live.url}/api/v1/auth/redeem`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'redeem-1' },
      body: JSON.stringify({ key }),
    });
    secrets.set('the token of the browser', ((await redeemed.json()) as { data: { token: string } }).data.token);
    const issued = await fetch(`${live.url}/api/v1/tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${live.token()}`, 'content-type': 'application/json', 'idempotency-key': 'token-1' },
      body: JSON.stringify({ name: 'grafana' }),
    });
    secrets.set('a token of the interface', ((await issued.json()) as { data: { token: string } }).data.token);
    secrets.set('a wrong token', wrong);

    // Everything that goes wrong with a secret in its hand.
    const bad = async (path: string, init: RequestInit) => {
      const reply = await fetch(`${live.url}${path}`, init);
      seen.push(await reply.text());
    };
    const json = { authorization: `Bearer ${live.token()}`, 'content-type': 'application/json' };
    await bad('/api/v1/secrets', { method: 'POST', headers: json, body: JSON.stringify({ name: 'NO', value: stored }) });
    await bad('/api/v1/secrets', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ name: 'ok', value: stored, [stored]: 1 }).slice(0, -1),
    });
    await bad('/api/v1/tasks', { headers: { authorization: `Bearer ${wrong}` } });
    await bad(`/api/v1/tasks?token=${wrong}`, { headers: json });
    await bad('/api/v1/auth/redeem', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key: wrong }),
    });
    socket = ((await live.api('GET', '/status')).body.data as { tmux: { socket: string } }).tmux.socket;
    // Its log of commands is shown to clients only: ours is one while the daemon lives.
    seen.push(execFileSync('tmux', ['-S', socket, 'show-messages'], { encoding: 'utf8' }));
    config = read(join(live.home, 'config.toml'));
    writeFileSync(join(live.home, 'config.toml'), `${config}\n[agents.bad]\nenv = { A = ["${plain}"] }\n`);
    for (const words of [
      ['show', id],
      ['inspect', id],
      ['why', id],
      ['replay', id],
      ['logs', id],
      ['ls', '--all'],
      ['token', 'ls'],
      ['secret', 'ls'],
      ['status'],
      ['doctor'],
      ['outbox'],
      ['verify'],
      ['backup', copy],
    ])
      await say(...words);
    for (const path of ['/actors', '/tasks', '/profiles', '/secrets', '/tokens', '/openapi.json', '/events/../status'])
      seen.push(JSON.stringify((await live.api('GET', path).catch(() => null)) ?? ''));
    // And the spool: an agent that finds nobody writes its report down.
    await live.crash();
    expect((await say('up', '--no-open')).stderr).toContain('agents.bad.env.A');
    const told = Object.fromEntries(
      environment
        .filter((one) => /^(CCM_|PATH=)/.test(one))
        .map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
    );
    expect((await live.run(['report', 'progress', 'nobody hears this'], { env: told })).code).toBe(0);
  }, 90_000);
  afterAll(async () => {
    writeFileSync(join(live.home, 'config.toml'), config);
    await live.up();
    rmSync(repo, { recursive: true, force: true });
    await live.end();
  });

  const findings = (text: string, but: readonly string[] = []): string[] =>
    [...secrets].flatMap(([name, secret]) => (!but.includes(name) && text.includes(secret) ? [name] : []));

  test('each is long enough to be found for a reason', () => {
    expect(secrets.size).toBe(9);
    for (const [name, secret] of secrets) expect(secret.length, name).toBeGreaterThan(15);
  });

  test('no file of the home holds one: database, log, spool, screens, launches, backup; but where it belongs', () => {
    const belongs: Record<string, string[]> = {
      [join(live.home, 'config.toml')]: ['the value in config.toml'],
      [join(live.home, 'token')]: ['the token of the command line'],
    };
    const files = [...filesBelow(live.home), copy];
    expect(files.some((path) => path.includes('/spool/') && path.endsWith('.json'))).toBe(true);
    expect(files.length).toBeGreaterThan(10);
    expect(files.flatMap((path) => findings(read(path), belongs[path]).map((name) => `${path}: ${name}`))).toEqual([]);
  });

  test('no list of processes shows one', () => {
    const found = processes().flatMap((pid) => findings(read(`/proc/${pid}/cmdline`)).map((name) => `${pid}: ${name}`));
    expect(found).toEqual([]);
  });

  test("no other program's environment holds one, the terminal server's neither", () => {
    const own = (environment: string) => environment.includes('CCM_HOOK_TOKEN=');
    const found = processes().flatMap((pid) => {
      const environment = read(`/proc/${pid}/environ`);
      return own(environment) ? [] : findings(environment).map((name) => `${pid} ${read(`/proc/${pid}/cmdline`)}: ${name}`);
    });
    expect(found).toEqual([]);
  });

  test('tmux can be asked for none: start commands, environments, options, buffers', () => {
    const ask = (...words: string[]) => execFileSync('tmux', ['-S', socket, ...words], { encoding: 'utf8' });
    const sessions = ask('list-sessions', '-F', '#{session_name}').trim().split('\n');
    const text = [
      ask('list-panes', '-a', '-F', '#{pane_start_command} #{pane_current_command} #{pane_title}'),
      ask('show-environment', '-g'),
      ...sessions.map((name) => ask('show-environment', '-t', `=${name}`)),
      ask('show-options', '-s'),
      ask('show-options', '-g'),
      ask('list-buffers'),
    ].join('\n');
    expect(text).toContain('run-agent.sh');
    expect(findings(text)).toEqual([]);
  });

  test('nothing that was printed or answered holds one: listings, histories, problem documents, the doctor', () => {
    expect(seen.join('').length).toBeGreaterThan(5000);
    expect(findings(seen.join('\n'), ['a wrong token'])).toEqual([]);
    expect(seen.filter((text) => text.includes(wrong))).toEqual([]);
  });
});
