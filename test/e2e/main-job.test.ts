/** The main job on real input: a real repository, an ordinary program as the agent, the real command line. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LiveHome } from '../support/live-daemon.ts';

type Task = {
  id: string;
  short: string;
  status: string;
  attempt: number;
  branch: string | null;
  worktree: string | null;
  agents: string[];
  result: {
    exitCode: number | null;
    durationMs: number | null;
    diff: { files: number; insertions: number; deletions: number } | null;
    output: string | null;
  };
};
const dataOf = (result: { json: () => unknown }): Task => (result.json() as { data: Task }).data;

const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=Tester', '-c', 'user.email=tester@example.invalid', ...args], { cwd, encoding: 'utf8' }).trim();

/** A small program with a failing test, as people have them. */
const makeRepository = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'ccm-repo-'));
  git(dir, 'init', '-q', '-b', 'main');
  writeFileSync(join(dir, 'package.json'), '{"type":"module"}\n');
  writeFileSync(join(dir, 'sum.js'), 'export const sum = (a, b) => a - b;\n');
  writeFileSync(
    join(dir, 'sum.test.js'),
    "import { test } from 'node:test';\nimport assert from 'node:assert';\nimport { sum } from './sum.js';\ntest('adds', () => assert.equal(sum(2, 3), 5));\n",
  );
  git(dir, 'add', '-A');
  git(dir, 'commit', '-qm', 'A program with a mistake');
  return dir;
};

/** An ordinary program: it edits a file and runs the tests of the repository. */
const fixer = `#!/bin/sh
set -e
echo "asked to: $1"
sed -i 's/a - b/a + b/' sum.js
node --test
`;

describe('a task typed by a person is done by an ordinary program in a worktree of its own', () => {
  let live: LiveHome;
  let repo: string;
  beforeAll(async () => {
    repo = makeRepository();
    const tools = mkdtempSync(join(tmpdir(), 'ccm-tools-'));
    writeFileSync(join(tools, 'fixer'), fixer);
    chmodSync(join(tools, 'fixer'), 0o755);
    live = await LiveHome.make(
      [
        '[agents.fixer]',
        'kind = "custom"',
        `command = ["${join(tools, 'fixer')}", "{prompt}"]`,
        'mode = "oneshot"',
        'prompt = "argument"',
        '[agents.broken]',
        'kind = "custom"',
        'command = ["/bin/sh", "-c", "echo no luck; exit 7"]',
        'mode = "oneshot"',
        '[agents.nowhere]',
        'kind = "custom"',
        'command = ["no-such-program-anywhere", "{prompt}"]',
        'mode = "oneshot"',
        '',
      ].join('\n'),
    );
    await live.up();
  }, 60_000);
  afterAll(async () => {
    await live.end();
    rmSync(repo, { recursive: true, force: true });
  }, 60_000);

  test('project add, new --wait --json: the result is in data and the work is on a branch', async () => {
    const added = await live.ccm('project', 'add', repo, '--name', 'sums', '--json');
    expect(added.code, added.stderr).toBe(0);
    expect((added.json() as { data: object }).data).toMatchObject({ name: 'sums', path: repo });

    const done = await live.ccm(
      'new',
      'sums',
      'Make the tests pass; $(touch /tmp/never) `id` "quoted" #{pane_id} 🙂',
      '--agent',
      'fixer',
      '--wait',
      '--json',
    );
    expect(done.code, done.stdout + done.stderr).toBe(0);
    const task = dataOf(done);
    expect(task.status).toBe('succeeded');
    expect(task.result).toMatchObject({ exitCode: 0, diff: { files: 1, insertions: 1, deletions: 1 } });
    expect(task.result.durationMs).toBeGreaterThan(0);
    expect(task.result.output).toContain('asked to: Make the tests pass; $(touch /tmp/never) `id` "quoted" #{pane_id} 🙂');
    expect(task.result.output).toMatch(/pass 1/);
    expect(task.branch).toMatch(/^ccm-[0-9a-z]{5}\//);
    expect(readFileSync(join(task.worktree ?? '', 'sum.js'), 'utf8')).toContain('a + b');
    // The person's own checkout is untouched.
    expect(readFileSync(join(repo, 'sum.js'), 'utf8')).toContain('a - b');
    expect(git(repo, 'status', '--porcelain')).toBe('');
    expect(existsSync('/tmp/never')).toBe(false);

    const why = await live.ccm('why', task.short);
    expect(why.code).toBe(0);
    const shown = await live.ccm('show', task.short, '--json');
    expect(dataOf(shown)).toMatchObject({ id: task.id, status: 'succeeded', attempt: 1 });
    const diff = await live.ccm('diff', task.short);
    expect(diff.stdout).toContain('+export const sum = (a, b) => a + b;');
    const log = await live.ccm('logs', task.short);
    expect(log.stdout).toContain('asked to: Make the tests pass');
    const merged = await live.ccm('merge', task.short, '--json');
    expect(merged.code, merged.stderr).toBe(0);
    expect(readFileSync(join(repo, 'sum.js'), 'utf8')).toContain('a + b');
    expect(git(repo, 'log', '-1', '--format=%s')).toContain('Make the tests pass');
    const verified = await live.ccm('verify', '--json');
    expect(verified.code, verified.stdout).toBe(0);
  }, 60_000);

  test('a failing program: exit code in the result, exit status 1 of the command, retry is legal', async () => {
    const failed = await live.ccm('new', 'sums', 'Try', '--agent', 'broken', '--wait', '--json');
    expect(failed.code).toBe(1);
    const task = dataOf(failed);
    expect(task).toMatchObject({ status: 'failed', result: { exitCode: 7 } });
    expect(task.result.output).toContain('no luck');
    const refused = await live.ccm('stop', task.short, '--json');
    expect(refused.code).toBe(6);
    expect(refused.stderr + refused.stdout).toMatch(/retry/);
    const again = await live.ccm('retry', task.short, '--json');
    expect(again.code, again.stderr).toBe(0);
  }, 60_000);

  test('a program that is not installed is said plainly', async () => {
    const missing = await live.ccm('new', 'sums', 'Try', '--agent', 'nowhere', '--wait', '--json');
    expect(missing.code).not.toBe(0);
    expect(missing.stdout + missing.stderr).toMatch(/no-such-program-anywhere/);
  }, 60_000);
});
