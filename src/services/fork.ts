/**
 * A fork: a new task that starts from what another one has, or had at a moment of its past. Carried over are its files (the worktree starts from them)
 * and its words (told in the prompt). Not carried over: the memory of the agent's program, which only that program could copy, and what runs.
 */
import type { TaskContext } from '../../machines/task/schema.ts';
import type { Consequence } from '../api/contract/envelope.ts';
import type { ForkTask, Task } from '../api/contract/task.ts';
import { fail, ok, type Result } from '../errors.ts';
import { shortText } from '../lib/short-text.ts';
import type { ActorState } from '../runtime/types.ts';
import type { Caller } from './caller.ts';
import { carriedWords } from './carried-words.ts';
import { commandsOf } from './commands.ts';
import { told } from './consequence.ts';
import type { ServiceDeps } from './deps.ts';
import type { Marks } from './marks.ts';
import type { MessageService } from './messages.ts';
import type { PlanTask } from './new-task.ts';
import type { Resolver } from './resolve.ts';
import type { TaskService } from './tasks.ts';

/** `CCM_ILLEGAL_MOVE`: it has no files of its own to start from. */
export type Fork = (task: string, wanted: ForkTask, caller: Caller, dry: boolean) => Promise<Result<Task | Consequence>>;

type Deps = Pick<ServiceDeps, 'store' | 'workspaces' | 'clock'> & {
  plan: PlanTask;
  resolve: Resolver;
  marks: Marks;
  messages: Pick<MessageService, 'list'>;
  tasks: Pick<TaskService, 'get' | 'createFrom'>;
};

export const forkDesk = ({ store, workspaces, clock, plan, resolve, marks, messages, tasks }: Deps): Fork => {
  const instantOf = (wanted: ForkTask['before'], since: number): Result<number | null> => {
    if (wanted === undefined) return ok(null);
    const at = typeof wanted === 'number' ? wanted : Date.parse(wanted);
    if (!(at >= since)) return fail('CCM_BAD_INPUT', '"before" is earlier than the task.', { field: 'before' });
    if (at > clock.now()) return fail('CCM_BAD_INPUT', '"before" is not past yet.', { field: 'before' });
    return ok(at);
  };

  return async (text, wanted, caller, dry) => {
    const made = caller.requestId === null ? null : marks.madeBy(caller.requestId);
    if (made !== null) return tasks.get(made);
    const found = resolve.task(text);
    if (!found.ok) return found;
    const source = found.value;
    const { workspace, project, title, prompt, profile, createdAt } = source.context as TaskContext;
    const before = instantOf(wanted.before, createdAt);
    if (!before.ok) return before;
    const path = store.projects.get(project)?.path;
    const nothing = why(workspace, marks.removed(source.id), path);
    if (nothing !== null || workspace === null || path === undefined) {
      const detail = `"${title}" cannot be forked: ${nothing ?? ''}`;
      return dry
        ? ok(told(false, source.status, detail))
        : fail('CCM_ILLEGAL_MOVE', detail, { state: source.status, legal: commandsOf(source.legal) });
    }
    const said = messages.list(source.id);
    if (!said.ok) return said;
    const name = { title, short: source.short };
    const planned = await plan({
      project,
      prompt: carriedWords(
        { name, prompt, messages: said.value, summary: summaryOf(source.context as TaskContext, before.value) },
        wanted.prompt,
        before.value,
      ),
      title: wanted.title ?? shortText(wanted.prompt ?? `${title} (fork)`, 80),
      agent: wanted.agent ?? profile.name,
      ...(wanted.priority === undefined ? {} : { priority: wanted.priority }),
      ...(wanted.budget === undefined ? {} : { budget: wanted.budget }),
    });
    if (!planned.ok) return planned;
    if (dry) return ok(told(true, 'queued', sentence(source, workspace.branch, before.value)));
    const point = await workspaces.forkPoint(path, workspace, before.value);
    if (!point.ok) return point;
    const { input, notes } = planned.value;
    const { commit } = point.value;
    return tasks.createFrom(
      { ...input, from: { task: source.id, commit, before: before.value } },
      [...notes, ...point.value.notes],
      caller,
    );
  };
};

const sentence = ({ short, view }: ActorState, branch: string | null, before: number | null): string => {
  const files = before === null ? 'everything in its worktree now, committed or not' : `what ${branch ?? 'its branch'} held then`;
  const rest = view.ended ? '' : ' It goes on undisturbed.';
  return `A new task starts from "${view.title}" (${short}): from ${files}, on a branch of its own, and is told what was asked and said. The memory of its agent is not copied.${rest}`;
};

/** Why there is nothing to start from; null when there is. */
const why = (workspace: TaskContext['workspace'], removed: boolean, path: string | undefined): string | null => {
  if (workspace === null) return 'it has not started here, so there is nothing to start from.';
  if (workspace.worktree === null) return 'its project has no git, so there is only the one folder.';
  if (removed) return 'its worktree was removed.';
  return path === undefined ? 'its project is not known any more.' : null;
};

/** What was said at the end belongs to the past only once the end was reached. */
const summaryOf = ({ result, endedAt }: TaskContext, before: number | null): string | null =>
  before === null || (endedAt !== null && endedAt <= before) ? (result?.summary ?? null) : null;
