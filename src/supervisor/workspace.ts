/** Handlers that make and measure the place where an attempt works. */
import { stat } from 'node:fs/promises';
import type { Handlers } from '../../machines/effects.ts';
import { shortOf } from '../ports/system.ts';
import type { SupervisorDeps } from './deps.ts';
import { places } from './places.ts';
import { mayPass, told, trouble } from './replies.ts';

/** A title as a part of a branch name: `[a-z0-9-]`, at most 40 characters, never empty. */
export const slugOf = (title: string): string =>
  title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/gu, '-')
    .slice(0, 40)
    .replaceAll(/^-+|-+$/gu, '') || 'task';

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );

export const workspaceHandlers = ({ home, workspaces, projects }: Pick<SupervisorDeps, 'home' | 'workspaces' | 'projects'>) =>
  ({
    async 'workspace.prepare'({ task, project, attempt, title, reuse, from }) {
      if (reuse !== null && (await isFolder(reuse.dir))) return told('WORKSPACE_READY', { attempt, workspace: reuse });
      const known = projects.get(project);
      if (!known) {
        const problem = { code: 'CCM_NOT_FOUND', detail: `The project ${project} is not known any more.` };
        return told('WORKSPACE_FAILED', { attempt, problem });
      }
      const short = shortOf(task);
      const made = await workspaces.prepare({
        project: known.path,
        below: places(home).worktrees(project),
        name: `${short}-${attempt}`,
        branch: `ccm-${short}/${slugOf(title)}`,
        // The folder of an earlier attempt is gone: its branch still holds what was committed.
        ...(reuse?.branch ? { from: reuse.branch } : from ? { from } : {}),
      });
      if (made.ok) return told('WORKSPACE_READY', { attempt, workspace: made.value });
      return mayPass(made.problem) ? trouble(made.problem) : told('WORKSPACE_FAILED', { attempt, problem: made.problem });
    },
    async 'workspace.measure'({ attempt, workspace }) {
      const counted = await workspaces.diffStat(workspace);
      if (counted.ok) return told('WORKSPACE_MEASURED', { attempt, diff: counted.value });
      // An attempt is over whether or not its changes can be counted.
      return mayPass(counted.problem) ? trouble(counted.problem) : told('WORKSPACE_MEASURED', { attempt, diff: null });
    },
  }) satisfies Pick<Handlers, 'workspace.prepare' | 'workspace.measure'>;
