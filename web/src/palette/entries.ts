/** What the palette offers, and which of it fits what was typed. Pure. */
import type { Command, InboxItem, Task } from '../api/types.ts';

export type Entry = {
  id: string;
  label: string;
  /** Of what: a task's title, the text of a question. */
  detail: string;
  go?: string;
  act?: { kind: string; id: string; verb: string; danger: boolean };
  own?: 'new-task' | 'keys' | 'theme';
};

const places: readonly Entry[] = [
  { id: 'go /', label: 'Overview', detail: 'what needs you, and every task', go: '/' },
  { id: 'go /projects', label: 'Projects', detail: 'folders agents work in', go: '/projects' },
  { id: 'go /machines', label: 'Machines', detail: 'every chart, and who is where in it', go: '/machines' },
  { id: 'go /events', label: 'Events', detail: 'the journal of everything', go: '/events' },
  { id: 'go /sync', label: 'Sync', detail: 'the link to a hub', go: '/sync' },
  { id: 'go /settings', label: 'Settings', detail: 'agents, tokens, notifications', go: '/settings' },
  { id: 'new-task', label: 'New task', detail: '', own: 'new-task' },
  { id: 'theme', label: 'Change theme', detail: 'light, dark, as the system', own: 'theme' },
  { id: 'keys', label: 'Keys', detail: 'what the keyboard does', own: 'keys' },
];

/** Commands that need words are given where there is room to write them. */
const simple = ({ needs }: Command): boolean => needs.length === 0;
const commandsOf = (kind: string, id: string, title: string, commands: readonly Command[]): Entry[] =>
  commands.filter(simple).map((command) => ({
    id: `${kind} ${id} ${command.verb}`,
    label: command.label,
    detail: title,
    act: { kind, id, verb: command.verb, danger: command.danger },
  }));

/** What waits for a person first, then places, then tasks and what may be done with them. */
export const entriesOf = (inbox: readonly InboxItem[], tasks: readonly Task[]): Entry[] => [
  ...inbox.filter((item) => item.kind !== 'task').flatMap((item) => commandsOf(item.kind, item.id, item.text, item.commands)),
  ...places,
  ...tasks.map(
    (task): Entry => ({
      id: `open ${task.id}`,
      label: task.title,
      detail: `${task.short} · ${task.project.name}`,
      go: `/tasks/${task.short}`,
    }),
  ),
  ...tasks.filter((task) => !task.ended).flatMap((task) => commandsOf('task', task.id, task.title, task.commands)),
];

/** Higher fits better; null does not fit: every word must be somewhere, and counts most at the beginning of the label. */
const fit = (entry: Entry, words: readonly string[]): number | null => {
  const label = entry.label.toLowerCase();
  const all = `${label} ${entry.detail.toLowerCase()}`;
  let score = 0;
  for (const word of words) {
    const at = all.indexOf(word);
    if (at === -1) return null;
    score += label.startsWith(word) ? 3 : label.includes(word) ? 2 : 1;
  }
  return score;
};

const limit = 60;

export const matching = (entries: readonly Entry[], typed: string): Entry[] => {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return entries
    .map((entry, i) => ({ entry, i, score: fit(entry, words) }))
    .filter((one): one is { entry: Entry; i: number; score: number } => one.score !== null)
    .toSorted((a, b) => b.score - a.score || a.i - b.i)
    .slice(0, limit)
    .map(({ entry }) => entry);
};
