/** What a person may do with a task now: the commands of its chart and of its agent's, and what is done with its work. Pure. */
import type { Agent, Command, Task } from '../api/types.ts';

export type Offer = {
  kind: 'task' | 'agent';
  id: string;
  command: Command;
  /** Asks before it acts. */
  asks: boolean;
  /** Seldom wanted: stands behind "More". */
  seldom: boolean;
};

const seldom: ReadonlySet<string> = new Set(['kill', 'suspend', 'continue', 'priority', 'budget', 'fork', 'rm']);

const deed = (task: Task, verb: string, label: string, danger = false): Offer => ({
  kind: 'task',
  id: task.id,
  command: { verb, label, danger, needs: [] },
  asks: true,
  seldom: seldom.has(verb),
});

/** No chart decides these; the daemon guards them itself, and tells beforehand what would come of them. */
const workDeeds = (task: Task): { first: Offer[]; last: Offer[] } => {
  if (task.worktree === null || task.attempt === 0) return { first: [], last: [] };
  const [branch, fork] = [task.branch !== null, forkOffer(task)];
  return {
    first: task.ended && branch ? [deed(task, 'merge', 'Merge'), deed(task, 'pr', 'Open pull request')] : [],
    last: [...(fork ? [fork] : []), ...(task.ended ? [deed(task, 'rm', 'Remove worktree', true)] : [])],
  };
};

/** Null while there is nothing of its own to start from. */
export const forkOffer = (task: Task): Offer | null =>
  task.worktree === null || task.branch === null || task.attempt === 0 ? null : deed(task, 'fork', 'Fork');

/** Text goes through the message box, which keeps receipts. */
export const offersOf = (task: Task, agent: Agent | null): Offer[] => {
  const offer =
    (kind: 'task' | 'agent', id: string) =>
    (command: Command): Offer => ({
      kind,
      id,
      command,
      asks: command.danger || command.needs.length > 0,
      seldom: seldom.has(command.verb),
    });
  /** Its conversation may be open still after the task has ended. */
  const left = ({ command, ...rest }: Offer): Offer => ({
    ...rest,
    command: { ...command, label: `${command.label} its agent` },
    seldom: true,
  });
  const own = task.commands.map(offer('task', task.id));
  const his = (agent?.commands ?? []).map(offer('agent', agent?.id ?? ''));
  const verbs = new Set(own.map((o) => o.command.verb));
  const commands = [...own, ...(task.ended ? his.map(left) : his.filter((o) => !verbs.has(o.command.verb)))];
  const { first, last } = workDeeds(task);
  return [...first, ...commands.filter((o) => !o.command.needs.includes('text')), ...last];
};

/** A body a dry run accepts, before the person has chosen. */
export const sampleBody = (command: Command): Record<string, unknown> => ({
  ...(command.needs.includes('priority') ? { priority: 0 } : {}),
  ...(command.needs.includes('budget') ? { budget: 1_000_000 } : {}),
});
