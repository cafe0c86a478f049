/** A branch becomes a pull request with `gh`; without it nothing leaves this machine, and the person is told how. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compareUrl, forgeOf } from '../../../adapters/git/forge.ts';
import { gitWorkspaces } from '../../../adapters/git/index.ts';
import { type Bench, gitBench, valueOf, writeFiles } from '../../support/git-repo.ts';

const request = { title: '-x $(id) "quoted"', body: 'What it did', draft: false, commit: 'Rest' };

/** A remote on this disk that answers to an address on GitHub, and (unless `gh` is null) a program of that name. */
const world = async (gh: string | null) => {
  const made = await gitBench();
  const bin = join(made.folder, 'bin');
  const calls = join(made.folder, 'calls');
  await mkdir(bin);
  if (gh !== null) {
    await writeFile(join(bin, 'gh'), `#!/bin/sh\nprintf '%s|' "$@" >> ${calls}; echo "$PWD" >> ${calls}\n${gh}\n`);
    await chmod(join(bin, 'gh'), 0o755);
  }
  const hub = join(made.folder, 'hub.git');
  await made.git(made.folder, 'init', '-q', '--bare', hub);
  await made.git(made.project, 'remote', 'add', 'origin', 'https://github.com/ada/shop.git');
  await made.git(made.project, 'config', `url.${hub}.pushInsteadOf`, 'https://github.com/ada/shop.git');
  const env = { HOME: made.home, PATH: `${bin}:/usr/bin:/bin`, GIT_CONFIG_NOSYSTEM: '1' };
  const bench: Bench = { ...made, workspaces: gitWorkspaces({ env }) };
  const workspace = await bench.prepared();
  const sent = (): Promise<string> => bench.git(hub, 'for-each-ref', '--format=%(refname)');
  return { bench, workspace, hub, sent, calls: () => readFile(calls, 'utf8').catch(() => '') };
};
const opens = 'case "$1 $2" in "pr create") echo "https://github.com/ada/shop/pull/7";; esac';

describe('with gh', () => {
  test('what is left is committed, the branch pushed and the request opened: in words gh cannot take for options', async () => {
    const { bench, workspace, hub, sent, calls } = await world(opens);
    await writeFiles(workspace.worktree, { 'a.txt': 'left\n' });
    const made = valueOf(await bench.workspaces.publish(bench.project, workspace, request));
    expect(made).toMatchObject({
      opened: true,
      pushed: true,
      url: 'https://github.com/ada/shop/pull/7',
      base: 'main',
      remote: 'origin',
      note: null,
    });
    expect(await sent()).toBe(`refs/heads/${workspace.branch}`);
    expect(await bench.git(hub, 'log', '-1', '--format=%s', workspace.branch)).toBe('Rest');
    const [asked = '', opened = ''] = (await calls()).trim().split('\n');
    expect(asked).toMatch(/^auth\|status\|--hostname\|github.com\|/);
    const words = [
      'pr',
      'create',
      '--repo',
      'github.com/ada/shop',
      `--title=${request.title}`,
      '--body=What it did',
      `--head=${workspace.branch}`,
      '--base=main',
    ];
    expect(opened.split('|').slice(0, -1)).toEqual(words);
    // Nothing an agent wrote into the checkout reaches it.
    expect(opened.split('|').at(-1)).not.toContain(bench.folder + '/project');
  });

  test('one that is open already is shown; one that gh refuses leaves the pushed branch and the page', async () => {
    const there = await world(
      'case "$1" in pr) echo "a pull request for branch already exists: https://github.com/ada/shop/pull/3" >&2; exit 1;; esac',
    );
    expect(valueOf(await there.bench.workspaces.publish(there.bench.project, there.workspace, request))).toMatchObject({
      opened: true,
      url: 'https://github.com/ada/shop/pull/3',
    });
    const refused = await world('case "$1" in pr) echo "No commits between main and it" >&2; exit 1;; esac');
    expect(
      valueOf(await refused.bench.workspaces.publish(refused.bench.project, refused.workspace, { ...request, draft: true })),
    ).toMatchObject({
      opened: false,
      pushed: true,
      note: expect.stringContaining('No commits between'),
      compare: `https://github.com/ada/shop/compare/main...${refused.workspace.branch}?expand=1`,
    });
    expect(await refused.calls()).toContain('--draft');
  });

  test('a push that is refused opens nothing', async () => {
    const { bench, workspace, hub, calls } = await world(opens);
    await writeFile(join(hub, 'hooks', 'pre-receive'), '#!/bin/sh\necho "not you"; exit 1\n', { mode: 0o755 });
    expect(await bench.workspaces.publish(bench.project, workspace, request)).toMatchObject({
      ok: false,
      problem: { code: 'CCM_GIT_FAILED' },
    });
    expect(await calls()).not.toContain('create');
  });
});

describe('without gh', () => {
  test.each([
    ['not installed', null, 'not installed'],
    ['not signed in', 'exit 1', 'gh auth login'],
  ])('%s: nothing is sent, and a person is told how', async (_name, program, words) => {
    const { bench, workspace, sent } = await world(program);
    const made = valueOf(await bench.workspaces.publish(bench.project, workspace, request));
    expect(made).toMatchObject({ opened: false, pushed: false, url: null, note: expect.stringContaining(words) });
    expect(await sent()).toBe('');
    const [program0 = '', ...args] = made.command;
    expect(program0).toBe('git');
    await bench.git(bench.folder, ...args);
    expect(await sent()).toBe(`refs/heads/${workspace.branch}`);
  });

  test('guards as merging has, and a repository without a remote', async () => {
    const { bench, workspace } = await world(null);
    await bench.git(workspace.worktree, 'checkout', '-q', '-b', 'elsewhere');
    await bench.commit(workspace.worktree, { 'b.txt': 'on another branch\n' });
    const code = async (): Promise<unknown> => {
      const said = await bench.workspaces.publish(bench.project, workspace, request);
      return said.ok ? null : said.problem.code;
    };
    expect(await code()).toBe('CCM_WORKTREE_DIRTY');
    await bench.git(bench.project, 'checkout', '-q', '--detach');
    expect(await code()).toBe('CCM_GIT_DETACHED');
    await bench.git(bench.project, 'checkout', '-q', 'main');
    await bench.git(bench.project, 'remote', 'remove', 'origin');
    expect(await code()).toBe('CCM_GIT_NO_REMOTE');
  });
});

test('addresses of remotes, and the pages they lead to', () => {
  const shop = { host: 'github.com', owner: 'ada', name: 'shop' };
  for (const remote of [
    'https://github.com/ada/shop.git',
    'https://u:token@github.com/ada/shop',
    'git@github.com:ada/shop.git',
    'ssh://git@github.com:22/ada/shop/',
  ])
    expect(forgeOf(remote), remote).toEqual(shop);
  for (const remote of ['/srv/git/shop.git', '../shop', 'file:///srv/shop.git', 'https://github.com/shop'])
    expect(forgeOf(remote), remote).toBeNull();
  expect(compareUrl('git@github.com:ada/shop.git', 'main', 'ccm-x/a b')).toBe(
    'https://github.com/ada/shop/compare/main...ccm-x/a%20b?expand=1',
  );
  expect(compareUrl('git@gitlab.example.org:team/sub/shop.git', 'main', 'x')).toMatch(
    /^https:\/\/gitlab.example.org\/team\/sub\/shop\/-\/merge_requests\/new\?/,
  );
  expect(compareUrl('https://git.example.org/ada/shop', 'main', 'x')).toBeNull();
});
