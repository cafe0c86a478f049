/** Actors of the real charts in memory: each step is journalled with the transitions it took, and told to listeners. */
import { type AnyActor, type AnyStateNode, type AnyTransitionDefinition, createActor } from 'xstate';
import { kinds } from '../../../machines/index.ts';
import type { Command, Kind, MachineKind, SavedSnapshot } from '../../../machines/kind.ts';
import type { JournalRow } from '../../../src/api/contract/actor.ts';

type Timer = { id: string; due: number };
export type Being = {
  id: string;
  short: string;
  kind: MachineKind;
  live: AnyActor;
  createdAt: number;
  seq: number;
  history: { row: JournalRow; context: Record<string, unknown> }[];
};
export type World = ReturnType<typeof createWorld>;

const letters = 'abcdefghjkmnpqrstvwxyz0123456789';
const shortOf = (n: number): string =>
  Array.from({ length: 5 }, (_, i) => letters[(n * 7919 + i * 31 * (n + 3)) % letters.length]).join('');

/** @param now milliseconds since 1970; the story moves it. */
export const createWorld = (clock: { now: number }) => {
  const beings = new Map<string, Being>();
  const journal: JournalRow[] = [];
  const listeners = new Set<(row: JournalRow) => void>();
  let count = 0;
  let edges: string[] = [];
  let orders: { type: string; params?: unknown }[] = [];

  const inspect = (seen: {
    type: string;
    _transitions?: readonly AnyTransitionDefinition[];
    action?: { type: string; params?: unknown };
  }): void => {
    for (const t of seen._transitions ?? []) {
      if (typeof t.eventType !== 'string' || (t.target === undefined && t.actions.length === 0)) continue;
      const list = t.eventType === '' ? t.source.always : t.source.transitions.get(t.eventType);
      edges.push(`${t.source.id}|${t.eventType}|${list?.indexOf(t) ?? -1}`);
    }
    if (seen.type === '@xstate.action' && seen.action) orders.push(seen.action);
  };
  const saved = (being: Being): SavedSnapshot => {
    const copy: SavedSnapshot = JSON.parse(JSON.stringify(being.live.getPersistedSnapshot()));
    return copy;
  };
  const view = (being: Being) => being.kind.view(saved(being));

  const note = (being: Being, event: { type: string; by?: unknown }): void => {
    const { value, context } = saved(being);
    being.seq += 1;
    const row: JournalRow = {
      gseq: journal.length + 1,
      actor: being.id,
      kind: being.kind.kind,
      seq: being.seq,
      at: clock.now,
      type: event.type,
      event: { ...event, at: clock.now },
      by: typeof event.by === 'string' ? event.by : null,
      transitions: edges,
      value: structuredClone(value),
      status: view(being).status,
    };
    edges = [];
    journal.push(row);
    being.history.push({ row, context: structuredClone(context) });
    for (const listener of listeners) listener(row);
  };

  /** Orders between actors are carried out at once, as the runtime does it within a commit. */
  const carryOut = (from: string): void => {
    const due = orders;
    orders = [];
    for (const { type, params } of due) {
      if (!params || typeof params !== 'object') continue;
      if (type === 'actor.create' && 'kind' in params && 'id' in params && 'input' in params)
        create(params.kind as Kind, String(params.id), params.input as object);
      if (type === 'actor.send' && 'to' in params && 'event' in params)
        send(String(params.to), { ...(params.event as { type: string }), by: `actor:${from}` });
    }
  };

  const create = (kind: Kind, id: string, input: object): Being => {
    const being: Being = {
      id,
      short: shortOf(++count),
      kind: kinds[kind],
      createdAt: clock.now,
      seq: 0,
      history: [],
      live: createActor(kinds[kind].machine, {
        input: { id, at: clock.now, ...input },
        inspect,
        // Time stands still here: nothing fires.
        clock: { setTimeout: () => 0, clearTimeout: () => undefined },
      }),
    };
    beings.set(id, being);
    being.live.subscribe({
      error: (problem: unknown) => {
        throw problem;
      },
    });
    being.live.start();
    note(being, { type: 'xstate.init' });
    carryOut(id);
    return being;
  };

  const send = (to: string, event: { type: string; [field: string]: unknown }): void => {
    const being = beings.get(to);
    if (!being) return;
    const stamped: { type: string; [field: string]: unknown } = { id: `event-${journal.length}`, at: clock.now, ...event };
    being.live.send(stamped);
    note(being, event);
    carryOut(to);
  };

  const legal = (being: Being): Command[] =>
    Object.entries(being.kind.commands)
      .filter(([type]) => {
        const event: { type: string; [field: string]: unknown } = { type, id: 'probe', at: clock.now, priority: 0, text: 'x' };
        return being.live.getSnapshot().can(event);
      })
      .map(([, command]) => command);

  return {
    beings,
    journal,
    listeners,
    create,
    send,
    legal,
    view,
    saved,
    find: (id: string): Being | undefined => beings.get(id) ?? [...beings.values()].find((b) => b.short === id),
    of: (kind: Kind): Being[] => [...beings.values()].filter((b) => b.kind.kind === kind),
    /** What is pending: the delays of active states, counted from the last change of state. */
    timersOf: (being: Being): Timer[] => {
      const { context } = being.live.getSnapshot();
      const { delays } = being.kind.machine.implementations;
      const nodes: AnyStateNode[] = being.live.getSnapshot()._nodes;
      const entered =
        being.history.findLast((h, i, all) => JSON.stringify(all[i - 1]?.row.value) !== JSON.stringify(h.row.value))?.row.at ??
        being.createdAt;
      return nodes
        .flatMap((node) => node.after)
        .map(({ delay, eventType }) => {
          const rule: unknown = typeof delay === 'string' ? delays[delay] : delay;
          const ms: unknown = typeof rule === 'function' ? rule({ context, event: { type: '' } }) : rule;
          return { id: String(eventType), due: entered + Number(ms) };
        })
        .filter((timer) => timer.due < clock.now + 86_400_000);
    },
  };
};
