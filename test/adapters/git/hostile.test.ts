/** An agent can write the shared repository configuration, hooks and attributes. Our own git calls must not run what it puts there. */
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exists } from '../../../adapters/git/inspect.ts';
import { type Bench, gitBench, valueOf, writeFiles } from '../../support/git-repo.ts';

/** A program that writes its name into a file, and is no use for anything else. */
const trapFor = async ({ folder }: Bench) => {
  const log = join(folder, 'trapped');
  const program = join(folder, 'trap');
  await writeFile(program, `#!/bin/sh\necho "\${TRAP:-$0} $*" >> '${log}'\nexit 1\n`);
  await chmod(program, 0o755);
  return {
    program,
    sprung: async (): Promise<string> => ((await exists(log)) ? readFile(log, 'utf8') : ''),
    reset: () => rm(log, { force: true }),
  };
};

const SETTINGS = [
  'core.fsmonitor',
  'core.sshCommand',
  'core.pager',
  'core.editor',
  'core.askPass',
  'core.gitProxy',
  'core.alternateRefsCommand',
  'sequence.editor',
  'diff.external',
  'diff.trap.command',
  'diff.trap.textconv',
  'interactive.diffFilter',
  'gpg.program',
  'credential.helper',
  'pager.status',
  'pager.diff',
  'pager.log',
];

const HOOKS = [
  'post-checkout',
  'post-merge',
  'pre-merge-commit',
  'pre-commit',
  'post-commit',
  'reference-transaction',
  'post-index-change',
  'pre-auto-gc',
];

const arm = async (bench: Bench, program: string): Promise<void> => {
  await bench.commit(bench.project, { '.gitattributes': '*.txt diff=trap\n' });
  for (const name of SETTINGS) await bench.git(bench.project, 'config', name, program);
  for (const name of ['commit.gpgSign', 'tag.gpgSign', 'log.showSignature', 'merge.verifySignatures'])
    await bench.git(bench.project, 'config', name, 'true');
  // A partial clone would fetch what is missing, over ssh.
  for (const [name, value] of Object.entries({
    'core.repositoryFormatVersion': '1',
    'extensions.partialClone': 'origin',
    'remote.origin.url': 'ssh://example.invalid/x.git',
    'remote.origin.promisor': 'true',
  })) {
    await bench.git(bench.project, 'config', name, value);
  }
  for (const folder of ['.git/hooks', '.git/evil-hooks']) {
    await mkdir(join(bench.project, folder), { recursive: true });
    for (const hook of HOOKS) {
      await writeFile(join(bench.project, folder, hook), `#!/bin/sh\nTRAP=${hook} exec '${program}'\n`);
      await chmod(join(bench.project, folder, hook), 0o755);
    }
  }
  await bench.git(bench.project, 'config', 'core.hooksPath', '.git/evil-hooks');
};

describe('a hostile repository', () => {
  test('runs nothing in a whole life of an attempt', async () => {
    const bench = await gitBench();
    const trap = await trapFor(bench);
    await arm(bench, trap.program);
    await trap.reset();

    valueOf(await bench.workspaces.inspect(bench.project));
    const workspace = await bench.prepared();
    await writeFiles(workspace.worktree, { 'a.txt': 'changed\n', 'new.txt': 'x' });
    valueOf(await bench.workspaces.diffStat(workspace));
    expect(valueOf(await bench.workspaces.diff(workspace, 10_000)).text).toContain('+changed');
    valueOf(await bench.workspaces.rescue(workspace));
    expect(valueOf(await bench.workspaces.remove(bench.project, workspace, { discard: false }))).toMatchObject({ reason: 'dirty' });
    const quiet = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'commit.gpgSign=false'];
    await bench.git(workspace.worktree, ...quiet, 'add', '-A');
    await bench.git(workspace.worktree, ...quiet, 'commit', '-qm', 'work');
    await bench.git(bench.project, ...quiet, 'commit', '-qm', 'ours', '--allow-empty');
    await trap.reset();
    valueOf(await bench.workspaces.merge(bench.project, workspace));
    expect(valueOf(await bench.workspaces.remove(bench.project, workspace, { discard: false }))).toMatchObject({ removed: true });
    expect(await trap.sprung()).toBe('');
  });

  test('a missing object is not fetched by a look', async () => {
    const bench = await gitBench();
    const trap = await trapFor(bench);
    const workspace = await bench.prepared();
    await arm(bench, trap.program);
    await trap.reset();
    const absent = { ...workspace, base: '1234567890123456789012345678901234567890' };
    for (const look of [
      bench.workspaces.diffStat(absent),
      bench.workspaces.diff(absent, 100),
      bench.workspaces.prepare(bench.spec({ name: 'x-1', from: absent.base })),
    ]) {
      expect(await look).toMatchObject({ ok: false });
    }
    expect(await trap.sprung()).toBe('');
  });

  test('the trap is a real one: the same repository springs it for an ordinary git', async () => {
    const bench = await gitBench();
    const trap = await trapFor(bench);
    await arm(bench, trap.program);
    await writeFiles(bench.project, { 'a.txt': 'changed\n' });
    for (const args of [
      ['status'],
      ['diff'],
      ['-c', 'diff.external=', 'log', '-p', '-1'],
      ['checkout', '-q', '-b', 'x'],
      ['cat-file', '-t', '1234567890123456789012345678901234567890'],
    ]) {
      await bench.git(bench.project, ...args).catch(() => undefined); // The trap makes some of them fail.
    }
    const sprung = await trap.sprung();
    for (const name of ['trap 2', 'reference-transaction', 'example.invalid', 'a.txt']) expect(sprung).toContain(name);
  });
});
