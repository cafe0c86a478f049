/** What a person may do with a task now: the commands of its chart and of its agent's, and what is done with work that has ended. Pure. */
import type { Agent, Command, Task } from '../api/types.ts';

export type Offer = { kind: 'task' | 'agent'; id: string; command: Command /** Asks before it acts. */; asks: boolean };

/** No chart decides these; the daemon guards them itself, and tells beforehand what would come of them. */
const workDeeds = (task: Task): Offer[] => {
  if (!task.ended || task.worktree === null || task.attempt === 0) return [];
  const deed = (verb: string, label: string, danger: boolean): Offer => ({
    kind: 'task',
    id: task.id,
    command: { verb, label, danger, needs: [] },
    asks: true,
  });
  return [...(task.branch === null ? [] : [deed('merge', 'Merge', false)]), deed('rm', 'Remove worktree', true)];
};

/** Text goes through the message box, which keeps receipts. */
export const offersOf = (task: Task, agent: Agent | null): Offer[] => {
  const offer =
    (kind: 'task' | 'agent', id: string) =>
    (command: Command): Offer => ({
      kind,
      id,
      command,
      asks: command.danger || command.needs.length > 0,
    });
  const own = task.commands.map(offer('task', task.id));
  const his = (agent?.commands ?? []).map(offer('agent', agent?.id ?? ''));
  const verbs = new Set(own.map((o) => o.command.verb));
  const commands = [...own, ...his.filter((o) => !verbs.has(o.command.verb) && !task.ended)];
  return [...workDeeds(task), ...commands.filter((o) => !o.command.needs.includes('text'))];
};

/** A body a dry run accepts, before the person has chosen. */
export const sampleBody = (command: Command): Record<string, unknown> => (command.needs.includes('priority') ? { priority: 0 } : {});

/** What was done, where the page would not show it by itself. */
export const saidOf = (verb: string, reply: unknown): string => {
  if (reply === null || typeof reply !== 'object') return '';
  const data = new Map(Object.entries(reply));
  if (verb === 'merge') return `Merged into ${data.get('branch')} as ${String(data.get('commit')).slice(0, 10)}.`;
  if (verb !== 'rm') return '';
  const rescue = typeof data.get('rescueRef') === 'string' ? ` Its commits stay under ${data.get('rescueRef')}.` : '';
  return data.get('removed') === true
    ? `The worktree is removed.${rescue}`
    : `Kept: ${data.get('kept') ?? 'it holds work that is nowhere else.'}`;
};
