/** Decides for every transition whether it is drawn as a line or told as text in the box of its source. */
import { lineLimit } from './measure.ts';
import { contains, regionOf, statesById } from './tree.ts';
import type { ChartEdge, ChartModel, ChartNote, ChartState } from './types.ts';

/** The same event leading to the same state from this many states is told, not drawn: one rule would otherwise be a tangle of lines. */
const crowdSize = 5;

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

/** What one event does in one box: ways it can go, each with the edges it stands for. */
type Told = { event: string; ways: Map<string, string[]> };

const add = (told: Map<string, Told>, event: string, way: string, edge: string): void => {
  const one = told.get(event) ?? { event, ways: new Map<string, string[]>() };
  one.ways.set(way, [...(one.ways.get(way) ?? []), edge]);
  told.set(event, one);
};

/** Events that lead to the same places share a line; many places take several lines. */
const innerNotes = (told: Iterable<Told>): ChartNote[] => {
  const groups = new Map<string, Told[]>();
  for (const one of told) {
    const places = [...one.ways.keys()].join('|');
    groups.set(places, [...(groups.get(places) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    const notes: ChartNote[] = [];
    let note: ChartNote = { kind: 'inner', text: `${group.map((g) => g.event).join(', ')} →`, edges: [] };
    for (const way of group[0]?.ways.keys() ?? []) {
      const edges = group.flatMap((g) => g.ways.get(way) ?? []);
      if (note.edges.length > 0 && note.text.length + way.length + 3 > lineLimit) {
        notes.push(note);
        note = { kind: 'inner', text: '  or', edges: [] };
      }
      note = { ...note, text: `${note.text}${note.edges.length > 0 ? ' |' : ''} ${way}`, edges: [...note.edges, ...edges] };
    }
    return [...notes, note];
  });
};

/** Transitions that stay share one line, which names the first two: a box is for its name. */
const stayNotes = (told: readonly Told[]): ChartNote[] => {
  if (told.length === 0) return [];
  const words = told.map(({ event, ways }) => event + [...ways.keys()].join(', '));
  const rest = words.length > 2 ? ` +${words.length - 2}` : '';
  return [{ kind: 'self', text: words.slice(0, 2).join(', ') + rest, edges: told.flatMap((t) => [...t.ways.values()].flat()) }];
};

/** @param effects the names among a transition's actions that are worth a word. Changes the model. */
export const tellOrDraw = (model: ChartModel, effects: (actions: readonly string[]) => string[]): void => {
  const states = statesById(model);
  const common = everywhere(model);
  const inner = new Map(model.states.map((s) => [s.id, new Map<string, Told>()]));
  const staying = new Map(model.states.map((s) => [s.id, new Map<string, Told>()]));
  for (const edge of model.edges) {
    const event = eventOf(edge);
    const isCommon = (target: string): boolean => common.has(`${event}→${target}`);
    edge.lines = edge.targets.filter((t) => canDraw(model, states, edge.source, t) && !isCommon(t));
    const told = edge.targets.filter((t) => !edge.lines.includes(t));
    if (told.length === 0) continue;
    const away = told.filter((t) => t !== edge.source).map((t) => states.get(t)?.key ?? t);
    // What holds nearly everywhere is told once, at the top.
    const owner = told.some(isCommon) ? model.root : edge.source;
    const named = inner.get(owner);
    const doing = effects(edge.actions);
    if (away.length > 0 && named) add(named, event, away.join(' + '), edge.id);
    else add(staying.get(edge.source) ?? new Map(), event, doing.length > 0 ? ` / ${doing.join(', ')}` : '', edge.id);
  }
  for (const state of model.states) {
    state.notes.push(...innerNotes(inner.get(state.id)?.values() ?? []), ...stayNotes([...(staying.get(state.id)?.values() ?? [])]));
  }
};
