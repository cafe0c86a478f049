/** An actor in every state its chart can be in, each with a task at work behind it, and with a twin for every command it accepts there. */
import type { Kind, SavedSnapshot } from '../../machines/kind.ts';
import { agentInputs, approvalInputs, linkInputs, messageInputs, taskInputs } from './chart-events.ts';
import { everyState, type Standing } from './every-state.ts';
import type { Seed } from './planted.ts';

export type Plot = { id: string; task: string; name: string; standing: Standing; twins: ReadonlyMap<string, string> };
export type Field = { seeds: Seed[]; plots: Plot[]; working: SavedSnapshot };

const inputs: Readonly<Record<Kind, object>> = {
  task: taskInputs(1_000)[0] ?? {},
  agent: agentInputs(1_000)[0] ?? {},
  message: messageInputs(1_000)[0] ?? {},
  approval: approvalInputs(1_000)[0] ?? {},
  'sync-link': linkInputs(1_000)[0] ?? {},
};
const limits: Readonly<Record<Kind, number>> = { task: 250, agent: 200, message: 100, approval: 60, 'sync-link': 200 };

/** The names that walks of the charts use, for one plot. */
const namesOf = (n: number): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [
      ['task-1', 'task'],
      ['agent-1', 'agent'],
      ['m1', 'message'],
      ['x1', 'approval'],
    ].map(([from, kind]) => [from, `${kind}-${String(n).padStart(4, '0')}`]),
  );
const own: Readonly<Record<Kind, string>> = { task: 'task-1', agent: 'agent-1', message: 'm1', approval: 'x1', 'sync-link': 'link' };

const known = new Map<Kind, Standing[]>();
const standingsOf = (kind: Kind): Standing[] => {
  const found = known.get(kind) ?? everyState(kind, limits[kind]).standings;
  known.set(kind, found);
  return found;
};

export const field = (kind: Kind): Field => {
  const tasks = standingsOf('task');
  const working = tasks.find(({ saved }) => JSON.stringify(saved.value) === '{"running":"working"}')?.saved;
  if (!working) throw new Error('no task is at work');
  const standings = standingsOf(kind);
  const seeds: Seed[] = [];
  let count = 0;
  const put = (of: Kind, saved: SavedSnapshot, names: Readonly<Record<string, string>>): void => {
    const named = <T>(value: T): T =>
      JSON.parse(Object.entries(names).reduce((text, [from, to]) => text.replaceAll(`"${from}"`, `"${to}"`), JSON.stringify(value)));
    const told = named(saved);
    const title = 'title' in told.context ? { title: `Number ${count}` } : {};
    seeds.push({
      kind: of,
      id: names[own[of]] ?? own[of],
      input: { ...named(inputs[of]), id: names[own[of]] },
      saved: { ...told, context: { ...told.context, ...title } },
    });
  };
  const sow = (standing: Standing): Pick<Plot, 'id' | 'task' | 'name'> => {
    count += 1;
    const names = namesOf(count);
    put('task', kind === 'task' ? standing.saved : working, names);
    if (kind !== 'task') put(kind, standing.saved, names);
    return { id: names[own[kind]] ?? '', task: names['task-1'] ?? '', name: `Number ${count}` };
  };
  const plots = standings.map((standing): Plot => {
    const twins = new Map(standing.accepts.map((type) => [type, sow(standing).id]));
    return { ...sow(standing), standing, twins };
  });
  return { seeds, plots, working };
};
