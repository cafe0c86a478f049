/**
 * Offers an attempt's branch for review: with GitHub's own program (`gh`) it is pushed and a pull request opened; without it nothing is sent, and the
 * person gets the command and the page that do it.
 */
import { fail, ok, type Result } from '../../src/errors.ts';
import { shortText } from '../../src/lib/short-text.ts';
import type { Published, PublishRequest, Workspace } from '../../src/ports/workspaces.ts';
import { worktreeOf } from './diff.ts';
import { compareUrl, forgeOf } from './forge.ts';
import type { Gh } from './gh.ts';
import type { Git } from './git-command.ts';
import type { Place } from './inspect.ts';
import { wholeTip } from './tip.ts';

export const publish = async (
  git: Git,
  facts: Place,
  workspace: Workspace,
  gh: Gh,
  { title, body, draft, commit }: PublishRequest,
): Promise<Result<Published>> => {
  const source = worktreeOf(workspace);
  if (!source.ok) return source;
  const { root, branch: on } = facts;
  if (root === null) return fail('CCM_GIT_NO_COMMIT', `${facts.path} is no repository.`);
  if (on === null) return fail('CCM_GIT_DETACHED', `${root} is on no branch: nobody can tell what to ask a merge into.`);
  const where = await target(git, root, on);
  if (!where.ok) return where;
  const { remote, url, pushUrl, base } = where.value;
  const { branch } = source.value;
  const tip = await wholeTip(git, root, source.value, commit);
  if (!tip.ok) return tip;
  const compare = compareUrl(url, base, headOf(pushUrl, forgeOf(url)?.owner, branch));
  const push = ['push', '--', remote, `refs/heads/${branch}:refs/heads/${branch}`];
  const byHand = { opened: false, branch, base, remote, compare, url: null, command: ['git', '-C', root, ...push] };

  const forge = forgeOf(url);
  const ready = forge === null ? 'Its remote is no repository on a host that `gh` knows.' : await gh.ready(forge.host);
  if (forge === null || ready !== null) return ok({ ...byHand, pushed: false, note: ready });
  const pushed = await git.text({ args: push, cwd: root, long: true, network: true });
  if (!pushed.ok) return pushed;
  const made = await gh.open({ ...forge, branch: headOf(pushUrl, forge.owner, branch), base, title, body, draft });
  return ok(
    'url' in made
      ? { ...byHand, opened: true, pushed: true, url: made.url, note: made.note }
      : { ...byHand, pushed: true, note: `The branch is pushed, but \`gh\` opened nothing: ${shortText(made.why, 300)}` },
  );
};

/** `pushUrl` differs where people push to a copy of their own and ask the original to take it. */
type Target = { remote: string; url: string; pushUrl: string; base: string };

/** Into what the project's branch itself goes; without that, a branch of its name on the one remote there is, or on `origin`. */
const target = async (git: Git, root: string, on: string): Promise<Result<Target>> => {
  const upstream = await git.run({
    args: ['for-each-ref', '--format=%(upstream:remotename) %(upstream:remoteref)', `refs/heads/${on}`],
    cwd: root,
  });
  const [own = '', ref = ''] = upstream.code === 0 ? upstream.stdout.trim().split(' ') : [];
  const listed = await git.text({ args: ['remote'], cwd: root });
  if (!listed.ok) return listed;
  const remotes = listed.value.split('\n').filter(Boolean);
  // A branch may follow one of the same repository: `.` is no remote.
  const remote = remotes.includes(own) ? own : remotes.includes('origin') ? 'origin' : remotes.length === 1 ? remotes[0] : undefined;
  if (remote === undefined)
    return fail(
      'CCM_GIT_NO_REMOTE',
      remotes.length === 0 ? `${root} has no remote.` : `${root} has the remotes ${remotes.join(', ')}, none of them for ${on}.`,
    );
  const url = await git.text({ args: ['remote', 'get-url', '--', remote], cwd: root });
  const pushUrl = await git.text({ args: ['remote', 'get-url', '--push', '--', remote], cwd: root });
  if (!url.ok) return url;
  if (!pushUrl.ok) return pushUrl;
  return ok({
    remote,
    url: url.value,
    pushUrl: pushUrl.value,
    base: remote === own && ref !== '' ? ref.replace(/^refs\/heads\//, '') : on,
  });
};

/** A branch of a copy is named with the copy's owner. */
const headOf = (pushUrl: string, owner: string | undefined, branch: string): string => {
  const copy = forgeOf(pushUrl);
  return copy && copy.owner !== owner ? `${copy.owner}:${branch}` : branch;
};
