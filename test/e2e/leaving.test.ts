/** Copies that come back, and an end that leaves nothing but what is a person's. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LiveHome } from '../support/live-daemon.ts';
import { until } from '../support/until.ts';

const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.invalid', ...args], { cwd, encoding: 'utf8' }).trim();

const config = `[agents.writer]\ncommand = ["sh", "-c", "echo work > left.txt", "{prompt}"]\nmode = "oneshot"
[agents.idler]\ncommand = ["sh", "-c", "exit 0", "{prompt}"]\nmode = "oneshot"\n`;

describe('backup, restore, verify, uninstall', () => {
  let live: LiveHome;
  let repo: string;
  let copy: string;
  beforeAll(async () => {
    repo = mkdtempSync(join(tmpdir(), 'ccm-leaving-'));
    git(repo, 'init', '-q', '-b', 'main');
    git(repo, 'commit', '-q', '--allow-empty', '-m', 'first');
    copy = `${repo}.db`;
    live = await LiveHome.make(config);
    await live.up();
    await live.ccm('project', 'add', repo, '--name', 'shop');
    await live.ccm('new', 'shop', 'before the copy', '--agent', 'writer', '--wait');
  }, 180_000);
  afterAll(async () => {
    await live.ccm('down', '--all');
    await live.end();
    for (const path of [repo, copy]) rmSync(path, { recursive: true, force: true });
  });
  const titles = async (): Promise<string[]> =>
    ((await live.ccm('ls', '--all', '--json')).json() as { data: { title: string }[] }).data.map(({ title }) => title).toSorted();

  test('a restored copy is the state it was taken of; tokens made since do not come with it, nor those revoked', async () => {
    const made = await live.api('POST', '/tokens', { name: 'old', scopes: ['admin'] });
    const { token: old, id } = made.body.data as { token: string; id: string };
    expect((await live.ccm('backup', copy)).code).toBe(0);
    await live.api('DELETE', `/tokens/${id}`);
    await live.ccm('new', 'shop', 'after the copy', '--agent', 'idler', '--wait');
    expect(await titles()).toEqual(['after the copy', 'before the copy']);

    const dry = await live.ccm('restore', copy);
    expect(dry.stdout).toContain('Nothing was done. Add --yes');
    expect(await titles()).toHaveLength(2);
    const done = await live.ccm('restore', copy, '--yes');
    expect(done.stderr).toBe('');
    expect(done.stdout).toContain('kept as');
    expect(await titles()).toEqual(['before the copy']);
    expect(readdirSync(join(live.home, 'backups')).filter((name) => name.startsWith('replaced-'))).not.toEqual([]);
    expect((await fetch(`${live.url}/api/v1/status`, { headers: { authorization: `Bearer ${old}` } })).status).toBe(401);
    expect((await live.ccm('verify')).stdout).toContain('all in order');
  }, 180_000);

  test('who presses Ctrl-C in the middle of a restore is told how things stand, and the daemon runs again', async () => {
    const main = new URL('../../src/cli/main.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [main, 'restore', copy, '--yes'], { env: live.env, stdio: ['ignore', 'ignore', 'pipe'] });
    const said: string[] = [];
    child.stderr.on('data', (text: Buffer) => said.push(text.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await until('the daemon to go', () => !existsSync(join(live.home, 'run.json')) || undefined, 60_000);
    child.kill('SIGINT');
    // It may have come too late to call anything off.
    expect([0, 130]).toContain(await ended);
    expect(said.join('')).toContain('it is started again first');
    expect(await titles()).toEqual(['before the copy']);
  }, 180_000);

  test('what is no backup is refused in words, and nothing was touched', async () => {
    const bad = `${copy}.bad`;
    const bytes = readFileSync(copy);
    bytes.fill(7, 4096, 9000);
    writeFileSync(bad, bytes);
    const foreign = `${copy}.foreign`;
    new Sqlite(foreign).exec('create table a (b)').close();
    for (const path of [bad, foreign, join(repo, '.git', 'HEAD')]) {
      const said = await live.ccm('restore', path, '--yes');
      expect(said.code, said.stdout).toBe(1);
      expect(said.stderr, said.stdout).toContain(path);
    }
    expect(await titles()).toEqual(['before the copy']);
    expect(readdirSync(live.home).filter((name) => name.includes('restoring'))).toEqual([]);
    for (const path of [bad, foreign]) rmSync(path);
  }, 180_000);

  test('an edit of the history is named by its row', async () => {
    await live.ccm('down');
    const db = new Sqlite(join(live.home, 'ccm.db'));
    const row = db
      .prepare<[], { gseq: number; actor: string; seq: number }>('select gseq, actor, seq from journal order by gseq desc limit 1')
      .get();
    db.prepare('update journal set at = at + 1 where gseq = ?').run(row?.gseq);
    db.close();
    await live.up();
    const said = await live.ccm('verify', '--json');
    expect(said.code).toBe(1);
    const { data } = said.json() as { data: { findings: { actor: string; seq: number | null; problem: string }[] } };
    expect(data.findings).toContainEqual(expect.objectContaining({ actor: row?.actor, seq: row?.seq }));
  }, 180_000);

  test('uninstall lists first, keeps what is a person’s, and leaves nothing else', async () => {
    await live.ccm('new', 'shop', 'nothing to keep', '--agent', 'idler', '--wait');
    await live.run(['secret', 'set', 'key'], { stdin: 'value' });
    writeFileSync(join(live.home, 'notes.txt'), 'mine');
    const before = readdirSync(live.home);
    const listed = await live.ccm('uninstall');
    expect(listed.stdout).toContain('Nothing was done.');
    expect(listed.stdout).toContain('Would keep what is not of ours');
    expect(readdirSync(live.home)).toEqual(before);

    const said = (await live.ccm('uninstall', '--yes', '--json')).json() as {
      data: { removed: string[]; stays: { path: string; why: string }[] };
    };
    const left = readdirSync(live.home)
      .filter((name) => name !== 'cache')
      .toSorted();
    expect(left).toEqual(['backups', 'ccm.db', 'config.toml', 'notes.txt', 'secrets', 'worktrees']);
    // The one with work is there, and one that the restored history does not know; the one without work is not.
    expect(said.data.stays.filter(({ path }) => path.includes('/worktrees/')).map(({ why }) => why)).toEqual([
      expect.stringContaining('before the copy'),
      expect.stringContaining('belongs to no task'),
    ]);
    expect(git(repo, 'worktree', 'list').split('\n')).toHaveLength(3);
    const socket = said.data.removed.filter((path) => !path.startsWith(live.home));
    for (const path of socket) expect(existsSync(path), path).toBe(false);

    await live.ccm('uninstall', '--yes', '--data', '--discard');
    expect(readdirSync(live.home).filter((name) => name !== 'cache')).toEqual(['notes.txt']);
    expect(git(repo, 'worktree', 'list').split('\n')).toHaveLength(1);
  }, 180_000);
});
