/** What would come of the deeds no state chart decides: merging, removing, a message, a project. Reads only; nothing happens. */
import { statSync } from 'node:fs';
import type { TaskContext } from '../../machines/task/schema.ts';
import type { Consequence } from '../api/contract/envelope.ts';
import type { CreateProject } from '../api/contract/project.ts';
import { ok, type Result } from '../errors.ts';
import { trustWords } from '../lib/trust-words.ts';
import type { MergeOutlook } from '../ports/workspaces.ts';
import type { ActorState } from '../runtime/types.ts';
import { told } from './consequence.ts';
import type { ServiceDeps } from './deps.ts';
import type { Marks } from './marks.ts';
import type { ProjectService } from './projects.ts';
import type { Resolver } from './resolve.ts';
import { filesElsewhere, noWorktree } from './work.ts';

export type Foretell = {
  /** `CCM_NOT_FOUND` as the deed itself; what would be refused is told as not legal. */
  merge(task: string): Promise<Result<Consequence>>;
  publish(task: string): Promise<Result<Consequence>>;
  remove(task: string, discard: boolean): Promise<Result<Consequence>>;
  message(task: string): Result<Consequence>;
  addProject(wanted: CreateProject): Promise<Consequence>;
  forgetProject(project: string): Result<Consequence>;
  trustProject(project: string, trusted: boolean): Result<Consequence>;
};

/** Named so far; a long list is a number. */
const NAMED = 5;
const listed = (files: readonly string[]): string =>
  files.length <= NAMED ? files.join(', ') : `${files.slice(0, NAMED).join(', ')} and ${files.length - NAMED} more files`;

/** Why a merge would change nothing. */
const obstacle = (branch: string, { into, conflicts, inTheWay }: MergeOutlook): string | null => {
  if (conflicts.length > 0) return `${branch} and ${into} changed the same lines of ${listed(conflicts)}: nothing would be merged.`;
  if (inTheWay.length > 0) return `Your uncommitted changes of ${listed(inTheWay)} are in the way: nothing would be merged.`;
  return null;
};

const mergeSentence = (what: string, project: string, { into, how, uncommitted }: MergeOutlook): string => {
  if (how === 'nothing') return `Nothing to merge: ${into} of the project ${project} has all of ${what} already.`;
  const first = uncommitted ? ' What is not committed yet is committed first.' : '';
  return `Merge brings ${what} into ${into} of the project ${project}, ${how === 'forward' ? 'which moves forward to it' : 'by a merge commit; there are no conflicts'}.${first}`;
};

type Deps = Pick<ServiceDeps, 'elsewhere' | 'runtime' | 'store' | 'workspaces'> & {
  resolve: Resolver;
  projects: ProjectService;
  marks: Marks;
};

const named = ({ view, short }: ActorState): string => `"${view.title}" (${short})`;
const contextOf = (task: ActorState): TaskContext => task.context as TaskContext;

export const foretell = ({ elsewhere, runtime, store, workspaces, resolve, projects, marks }: Deps): Foretell => {
  const projectOf = (task: ActorState): string => {
    const { project } = contextOf(task);
    return store.projects.get(project)?.name ?? project;
  };
  const counted = async (task: ActorState): Promise<string> => {
    const { workspace } = contextOf(task);
    const stat = workspace && (await workspaces.diffStat(workspace));
    if (!stat?.ok || !stat.value) return '';
    const { files, insertions, deletions } = stat.value;
    return ` (${files} ${files === 1 ? 'file' : 'files'}, +${insertions} −${deletions})`;
  };

  /** For what is done with the branch of an ended task: why not, else its name. */
  const branchOf = (task: ActorState, what: string): { why: string } | { branch: string } => {
    const { workspace } = contextOf(task);
    const away = filesElsewhere(elsewhere, task);
    if (away !== null) return { why: away };
    if (workspace === null) return { why: `${named(task)} has no worktree: ${noWorktree(task)}.` };
    if (marks.removed(task.id)) return { why: `The worktree of ${named(task)} was removed.` };
    if (!task.view.ended) return { why: `${what} is for ended tasks; ${named(task)} is ${task.status}.` };
    if (workspace.branch === null || workspace.worktree === null)
      return { why: `The project ${projectOf(task)} has no git: the work is in its folder already.` };
    return { branch: workspace.branch };
  };
  const withBranch = async (text: string, what: string, sentence: (branch: string, counts: string, project: string) => string) => {
    const found = resolve.task(text);
    if (!found.ok) return found;
    const task = found.value;
    const there = branchOf(task, what);
    if ('why' in there) return ok(told(false, task.status, there.why));
    return ok(told(true, '', sentence(there.branch, await counted(task), projectOf(task))));
  };

  return {
    merge: async (text) => {
      const found = resolve.task(text);
      if (!found.ok) return found;
      const task = found.value;
      const there = branchOf(task, 'Merging');
      const { workspace, project } = contextOf(task);
      if ('why' in there || workspace === null) return ok(told(false, task.status, 'why' in there ? there.why : ''));
      // Also of a project that was forgotten since: it is where the merge goes.
      const outlook = await workspaces.mergeOutlook(store.projects.get(project)?.path ?? workspace.dir, workspace);
      if (!outlook.ok) return ok(told(false, task.status, outlook.problem.detail));
      const what = `${there.branch}${await counted(task)}`;
      const blocked = obstacle(there.branch, outlook.value);
      return ok(
        told(blocked === null, blocked === null ? '' : task.status, blocked ?? mergeSentence(what, projectOf(task), outlook.value)),
      );
    },
    publish: (text) =>
      withBranch(
        text,
        'A pull request',
        (branch, counts, project) =>
          `${branch}${counts} is pushed to the remote of the project ${project} and a pull request opened with \`gh\`. Without \`gh\`, nothing is sent: you are told the command and the page. What is not committed yet is committed first.`,
      ),
    remove: async (text, discard) => {
      const found = resolve.task(text);
      if (!found.ok) return found;
      const task = found.value;
      if (!task.view.ended) return ok(told(false, task.status, `Removing is for ended tasks; ${named(task)} is ${task.status}.`));
      const what = `Remove deletes the worktrees of ${named(task)}${await counted(task)}; its history stays`;
      return ok(
        told(
          true,
          '',
          discard
            ? `${what}. Work that is nowhere else is lost from the branches; a rescue ref keeps its commits.`
            : `${what}. Where work would be lost, the worktree is kept.`,
        ),
      );
    },
    message: (text) => {
      const found = resolve.task(text);
      if (!found.ok) return found;
      const task = found.value;
      const { agent: id, attempt } = contextOf(task);
      const agent = id === null ? null : runtime.state(id);
      if (task.view.ended)
        return ok(
          attempt === 0
            ? told(false, task.status, `${named(task)} never started: there is no conversation to go on with.`)
            : told(true, 'starting', `A new attempt at ${named(task)} continues its conversation with this message.`),
        );
      return ok(
        agent === null || agent.view.ended
          ? told(false, task.status, `A message needs an agent, and ${named(task)} is ${task.status}.`)
          : told(true, '', `The message is typed into the conversation of ${named(task)} as soon as its agent takes one.`),
      );
    },
    addProject: async ({ path, name }) => {
      const known = (await projects.list()).find((one) => one.path === path || (name !== undefined && one.name === name));
      if (known) return told(false, '', `The project ${known.name} is ${known.path} already.`);
      if (!path.startsWith('/') || !statSync(path, { throwIfNoEntry: false })?.isDirectory())
        return told(false, '', `${path} is not a folder on this machine.`);
      return told(true, '', `${path} becomes a project${name === undefined ? '' : ` called ${name}`}; nothing in it is changed.`);
    },
    forgetProject: (text) => {
      const found = projects.find(text);
      if (!found.ok) return found;
      const { id, name, path } = found.value;
      const open = runtime.list({ kind: 'task', project: id, ended: false, limit: 20 }).length;
      return ok(
        open > 0
          ? told(
              false,
              '',
              `The project ${name} has ${open === 20 ? '20 or more tasks' : open === 1 ? 'a task' : `${open} tasks`} that ${open === 1 ? 'has' : 'have'} not ended.`,
            )
          : told(true, '', `The project ${name} is forgotten; ${path} stays as it is.`),
      );
    },
    trustProject: (text, trusted) => {
      const found = projects.find(text);
      if (!found.ok) return found;
      return ok(told(true, '', `From the next start of an agent on. ${trustWords(found.value.path, trusted)}`));
    },
  };
};
