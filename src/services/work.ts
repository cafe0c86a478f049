/** What a task's attempts left on disk: shown, merged, removed. Nothing is lost without `discard`, and even then a rescue ref is written. */

import type { AgentContext } from '../../machines/agent/schema.ts';
import type { WorkspaceFacts } from '../../machines/effects.ts';
import type { TaskContext } from '../../machines/task/schema.ts';
import type { Merged, OpenPull, PullRequest, RemovalView, TaskDiff } from '../api/contract/task.ts';
import { fail, ok, type Result } from '../errors.ts';
import { firstOf } from '../lib/cut-text.ts';
import { shortText } from '../lib/short-text.ts';
import type { ActorState } from '../runtime/types.ts';
import { commandsOf } from './commands.ts';
import type { ServiceDeps } from './deps.ts';
import type { Marks } from './marks.ts';
import type { Resolver } from './resolve.ts';

export type WorkService = {
  diff(task: string, maxBytes: number): Promise<Result<TaskDiff>>;
  /** Of an ended task only. `CCM_WORKTREE_DIRTY`, `CCM_MERGE_CONFLICT`: nothing was changed. */
  merge(task: string): Promise<Result<Merged>>;
  /** Opens a pull request for the branch of an ended task, or says what a person would do. `CCM_GIT_NO_REMOTE`, `CCM_GIT_DETACHED`, `CCM_WORKTREE_DIRTY`. */
  publish(task: string, wanted: NonNullable<OpenPull>): Promise<Result<PullRequest>>;
  /** The worktrees of all attempts of an ended task. Kept (with the reason) where work would be lost. */
  remove(task: string, discard: boolean): Promise<Result<RemovalView>>;
};

type Deps = Pick<ServiceDeps, 'elsewhere' | 'runtime' | 'store' | 'workspaces' | 'clock'> & { resolve: Resolver; marks: Marks };

/** Files are had only where they are. Null: it is done on this machine. */
export const filesElsewhere = (elsewhere: ServiceDeps['elsewhere'], task: ActorState): string | null => {
  const meant = elsewhere?.meant(task) ?? null;
  return meant && `The task "${task.view.title}" is on ${meant.system}; this can be had there only.`;
};

/** One that failed before it had a worktree will not get one by waiting. */
export const noWorktree = ({ view }: ActorState): string => (view.ended ? 'it ended before it had one' : 'it has not started yet');

const noGit = 'The project has no git: the work is in its folder already, and what of it is new cannot be told.';

export const workService = ({ elsewhere, runtime, store, workspaces, clock, resolve, marks }: Deps): WorkService => {
  const present = (text: string): Result<{ task: ActorState; workspace: WorkspaceFacts; path: string }> => {
    const found = resolve.task(text);
    if (!found.ok) return found;
    const { workspace, project } = found.value.context as TaskContext;
    const there = filesElsewhere(elsewhere, found.value);
    if (there !== null) return fail('CCM_NOT_FOUND', there);
    if (workspace === null)
      return fail('CCM_NOT_FOUND', `The task "${found.value.view.title}" has no worktree: ${noWorktree(found.value)}.`, {
        next: `\`ccm why ${found.value.short}\` tells more.`,
      });
    if (marks.removed(found.value.id)) return fail('CCM_NOT_FOUND', `The worktree of "${found.value.view.title}" was removed.`);
    return ok({ task: found.value, workspace, path: store.projects.get(project)?.path ?? workspace.dir });
  };
  const ended = (task: ActorState, what: string) =>
    task.view.ended
      ? null
      : fail('CCM_ILLEGAL_MOVE', `${what} is for ended tasks; "${task.view.title}" is ${task.status}.`, {
          state: task.status,
          legal: commandsOf(task.legal),
        });

  /** Every place an attempt worked in, the newest last. */
  const places = (task: ActorState): WorkspaceFacts[] => {
    const { agents, workspace } = task.context as TaskContext;
    const all = agents.flatMap((id) => {
      const agent = runtime.state(id);
      return agent ? [(agent.context as AgentContext).workspace] : [];
    });
    const byDir = new Map(
      [...all, ...(workspace ? [workspace] : [])].filter(({ worktree }) => worktree !== null).map((one) => [one.worktree, one]),
    );
    return [...byDir.values()];
  };

  return {
    diff: async (text, maxBytes) => {
      const found = present(text);
      if (!found.ok) return found;
      const { workspace, path } = found.value;
      if (workspace.worktree === null) return ok({ text: '', truncated: false, stat: null, note: noGit });
      const diff = await workspaces.diff(workspace, maxBytes, path);
      if (!diff.ok) return diff;
      const stat = await workspaces.diffStat(workspace, path);
      return stat.ok ? ok({ ...diff.value, stat: stat.value }) : stat;
    },
    merge: async (text) => {
      const found = present(text);
      if (!found.ok) return found;
      const { task, workspace, path } = found.value;
      const early = ended(task, 'Merging');
      if (early) return early;
      if (workspace.worktree === null)
        return fail('CCM_CONFLICT', 'The project has no git: the work is in its folder already.', { next: 'There is nothing to merge.' });
      return workspaces.merge(path, workspace, { commit: `${task.view.title}\n\nTask ${task.short}` });
    },
    publish: async (text, { title, body, draft }) => {
      const found = present(text);
      if (!found.ok) return found;
      const { task, workspace, path } = found.value;
      const early = ended(task, 'A pull request');
      if (early) return early;
      if (workspace.worktree === null) return fail('CCM_CONFLICT', 'The project has no git: there is no branch to ask for.');
      const { result, prompt } = task.context as TaskContext;
      return workspaces.publish(path, workspace, {
        title: title ?? shortText(task.view.title, 200),
        body: body ?? `${result?.summary ?? firstOf(prompt, 4000)}\n\nTask ${task.short}\n`,
        draft: draft ?? false,
        commit: `${task.view.title}\n\nTask ${task.short}`,
      });
    },
    remove: async (text, discard) => {
      const found = resolve.task(text);
      if (!found.ok) return found;
      const task = found.value;
      const early = ended(task, 'Removing');
      if (early) return early;
      const path = store.projects.get((task.context as TaskContext).project)?.path;
      if (path === undefined) return fail('CCM_NOT_FOUND', 'The project of this task is unknown.');
      let rescueRef: string | null = null;
      const notes: string[] = [];
      for (const place of places(task)) {
        const removal = await workspaces.remove(path, place, { discard });
        if (!removal.ok) return removal;
        rescueRef = removal.value.rescueRef ?? rescueRef;
        if (!removal.value.removed) return ok({ removed: false, rescueRef, kept: keptBecause[removal.value.reason], notes });
        notes.push(...removal.value.notes);
      }
      marks.setRemoved(task.id, clock.now());
      return ok({ removed: true, rescueRef, notes });
    },
  };
};

const keptBecause = {
  dirty: 'It has uncommitted changes.',
  unpushed: 'Its branch has commits that are nowhere else.',
  unknown: 'Nobody can tell whether its work is anywhere else.',
} as const;
