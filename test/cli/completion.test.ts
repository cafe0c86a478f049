import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runInside } from '../support/cli-world.ts';
import { furnishedDaemon } from '../support/fake-daemon/furnished.ts';
import { cliMain } from '../support/run-cli.ts';

const offered = async (words: readonly string[]) => {
  const daemon = await furnishedDaemon();
  const { code, stdout } = await runInside(['__complete', '--', ...words], daemon.home);
  expect(code).toBe(0);
  return {
    values: stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t')[0] ?? ''),
    ids: daemon.ids,
  };
};

describe('candidates', () => {
  it('are verbs first', async () => {
    expect((await offered([''])).values).toEqual(expect.arrayContaining(['up', 'new', 'project', 'report']));
    expect((await offered(['s'])).values.every((value) => value.startsWith('s'))).toBe(true);
    expect((await offered([''])).values).not.toContain('__complete');
  });

  it('tell a family by the words it has, in no made-up plural', async () => {
    const daemon = await furnishedDaemon();
    const { stdout } = await runInside(['__complete', '--', ''], daemon.home);
    expect(stdout).toContain('\nsync\tstatus, now, pause, resume, disable\n');
    expect(stdout).toMatch(/^outbox\tList effects/m);
    expect(stdout).not.toMatch(/^(\w+)\t\1s$/m);
  });

  it('are the words of a family', async () => {
    expect((await offered(['project', ''])).values).toEqual(['add', 'ls', 'rm', 'trust', 'untrust']);
  });

  it('are open tasks to stop, all tasks to show', async () => {
    const stop = await offered(['stop', '']);
    expect(stop.values).toEqual([stop.ids.asking, stop.ids.working]);
    expect((await offered(['show', ''])).values).toHaveLength(3);
  });

  it('are approvals, projects, profiles, tokens, options', async () => {
    const approve = await offered(['approve', '']);
    expect(approve.values).toEqual([approve.ids.approval, approve.ids.question]);
    expect((await offered(['new', '--agent', ''])).values).toEqual(['claude']);
    expect((await offered(['new', ''])).values).toEqual(['shop']);
    expect((await offered(['token', 'rm', ''])).values).toEqual(['grafana']);
    expect((await offered(['new', '--pr'])).values).toEqual(['--priority']);
  });

  it('are none, without a word on stderr, when no daemon runs', async () => {
    expect(await runInside(['__complete', '--', 'show', ''], '/nowhere/home')).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('the bash script', () => {
  it('completes in a real bash', async () => {
    const daemon = await furnishedDaemon();
    const { stdout: script } = await runInside(['completion', 'bash'], daemon.home);
    const complete = (...words: string[]) =>
      new Promise<string[]>((resolve, reject) => {
        const set = `COMP_WORDS=(ccm ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _ccm; printf '%s\\n' "\${COMPREPLY[@]}"`;
        const child = spawn(
          'bash',
          ['--norc', '--noprofile', '-euc', `ccm() { '${process.execPath}' '${cliMain}' "$@"; }\n${script}\n${set}`],
          {
            env: { PATH: process.env['PATH'], CCM_HOME: daemon.home },
          },
        );
        let out = '';
        child.stdout.on('data', (part) => (out += String(part)));
        child.stderr.on('data', (part) => reject(new Error(String(part))));
        child.on('close', () => resolve(out.split('\n').filter(Boolean)));
      });
    expect(await complete('sta')).toEqual(['status', 'start']);
    expect(await complete('stop', '')).toEqual([daemon.ids.asking, daemon.ids.working]);
    expect(await complete('project', 'rm', 'sh')).toEqual(['shop']);
    const spaced = daemon.house.projects.get('p-shop');
    if (spaced) daemon.house.projects.set('p-shop', { ...spaced, name: 'my $shop' });
    expect(await complete('project', 'rm', '')).toEqual(['my\\ \\$shop']);
  });

  it.each(['bash', 'zsh', 'fish'])('of %s names both programs and the hidden command', async (shell) => {
    const { stdout } = await runInside(['completion', shell], '/nowhere/home');
    expect(stdout).toContain('__complete --');
    expect(stdout).toContain('ccm-orchestrator');
  });

  it('of another shell is a usage error', async () => {
    expect(await runInside(['completion', 'zhs'], '/nowhere/home')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean zsh?'),
    });
  });
});
