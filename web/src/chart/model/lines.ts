/** Decides for every transition whether it is drawn as a line or told as text in the box of its source. */
import { contains, regionOf, statesById } from './tree.ts';
import type { ChartEdge, ChartModel, ChartNote, ChartState } from './types.ts';

/** The same event leading to the same state from this many states is told, not drawn: one rule would otherwise be a tangle of lines. */
export const crowdSize = 5;

const eventOf = (edge: ChartEdge): string => edge.label.replace(/ \[.*\]$/, '');

/** `event → target` pairs that hold almost everywhere (stop, retry …). */
const everywhere = (model: ChartModel): Set<string> => {
  const sources = new Map<string, Set<string>>();
  for (const edge of model.edges)
    for (const target of edge.targets) {
      const pair = `${eventOf(edge)}→${target}`;
      sources.set(pair, (sources.get(pair) ?? new Set()).add(edge.source));
    }
  return new Set([...sources].filter(([, from]) => from.size >= crowdSize).map(([pair]) => pair));
};

/** A line cannot lead to itself, to what it contains or lies in, or into another block of the drawing. */
export const canDraw = (model: ChartModel, states: Map<string, ChartState>, source: string, target: string): boolean => {
  if (source === target || contains(states, source, target) || contains(states, target, source)) return false;
  const parallel = states.get(model.root)?.type === 'parallel';
  return !parallel || regionOf(states, model.root, source) === regionOf(states, model.root, target);
};

const joinNote = (notes: ChartNote[], kind: ChartNote['kind'], event: string, end: string, edge: string): void => {
  const same = notes.find((n) => n.kind === kind && n.text.endsWith(end));
  if (!same || end === '') {
    const twin = notes.find((n) => n.kind === kind && n.text === event + end);
    if (twin) twin.edges.push(edge);
    else notes.push({ kind, text: event + end, edges: [edge] });
    return;
  }
  same.edges.push(edge);
  const events = same.text.slice(0, -end.length).split(', ');
  if (!events.includes(event)) same.text = [...events, event].join(', ') + end;
};

/** Transitions that stay, from the third on, share a line: a box is for its name first. */
const gatherStaying = (notes: ChartNote[]): void => {
  const staying = notes.filter((n) => n.kind === 'self');
  const [first, ...rest] = staying;
  if (!first || rest.length < 2) return;
  for (const note of rest) notes.splice(notes.indexOf(note), 1);
  first.edges.push(...rest.flatMap((n) => n.edges));
  first.text = staying.map((n) => n.text).join(', ');
};

/** @param effects the names among a transition's actions that are worth a word. Changes the model. */
export const tellOrDraw = (model: ChartModel, effects: (actions: readonly string[]) => string[]): void => {
  const states = statesById(model);
  const common = everywhere(model);
  for (const edge of model.edges) {
    const event = eventOf(edge);
    edge.lines = edge.targets.filter((t) => canDraw(model, states, edge.source, t) && !common.has(`${event}→${t}`));
    const told = edge.targets.filter((t) => !edge.lines.includes(t));
    const notes = states.get(edge.source)?.notes;
    if (told.length === 0 || !notes) continue;
    const away = told.filter((t) => t !== edge.source).map((t) => states.get(t)?.key ?? t);
    const doing = effects(edge.actions);
    if (away.length > 0) joinNote(notes, 'inner', event, ` → ${away.join(' + ')}`, edge.id);
    else joinNote(notes, 'self', event, doing.length > 0 ? ` / ${doing.join(', ')}` : '', edge.id);
  }
  for (const state of model.states) gatherStaying(state.notes);
};
