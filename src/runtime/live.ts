/** Actors in memory: loaded when needed, forgotten when long unused or when their transaction failed. The disk is always right. */
import { type Actor, type AnyMachineSnapshot, createActor } from 'xstate';
import type { SavedSnapshot } from '../../machines/kind.ts';
import { CcmError } from '../errors.ts';
import type { ActorRow, Actors, ViewRow } from '../ports/store.ts';
import { type DurableLogic, durable, type Step } from './durable.ts';
import type { Kinds, ReadyKind } from './kinds.ts';
import { readSnapshot } from './restore.ts';

export type Live = {
  id: string;
  kind: ReadyKind;
  actor: Actor<DurableLogic>;
  seq: number;
  gseq: number;
  /** Of its newest journal row. */
  hash: string;
  saved: SavedSnapshot;
  short: string;
  createdAt: number;
  updatedAt: number;
  /** Its row in the read model as written last, if that is known. */
  shown: ViewRow | null;
  /** What made XState stop it, if something did. */
  error: unknown;
};
/** Without the name of whom it is about. */
const whyOf = (message: string): string => message.slice(message.indexOf(': ') + 2);
/** A stored actor that this program cannot read: everything else goes on without it. */
export type SetAside = { actor: string; short: string; kind: string; reason: string };
/** Writes one step; set anew for each event by whoever delivers it. */
export type Write = (live: Live, step: Step) => void;
export type LiveActors = {
  /** @throws CcmError CCM_NOT_FOUND, CCM_SNAPSHOT_UNREADABLE */
  load(id: string): Live;
  /** The actor if it is in memory. */
  peek(id: string): Live | undefined;
  /** An actor that begins now: its first step is written before this returns. */
  begin(live: Omit<Live, 'actor' | 'error' | 'saved' | 'shown'>, input: unknown): Live;
  /** Takes an event; throws what the chart or the writing of the step threw. */
  take(live: Live, event: { type: string }): void;
  drop(id: string): void;
  clear(): void;
  /** Forgets the longest unused ones above the limit. */
  trim(): void;
  size(): number;
  /** Notes whether it can be read, without waking it. */
  check(id: string): void;
  /** Those that could not be read when they were looked at last. */
  unreadable(): SetAside[];
};

export const liveActors = (options: { kinds: Kinds; actors: Actors; limit: number; write: Write }): LiveActors => {
  const { kinds, actors, limit, write } = options;
  const live = new Map<string, Live>();
  const aside = new Map<string, SetAside>();

  const wake = (base: Omit<Live, 'actor' | 'error' | 'shown'>, start: { snapshot: SavedSnapshot } | { input: unknown }): Live => {
    const logic = durable(base.kind.machine, (step) => write(entry, step));
    // The first step is written while XState makes the actor, before there is one to put here.
    const entry: Live = Object.assign(base, { error: undefined, shown: null }) as Live;
    const actor = createActor(
      logic,
      'input' in start
        ? { id: base.id, input: start.input }
        : { id: base.id, snapshot: start.snapshot as SavedSnapshot & AnyMachineSnapshot, input: null },
    );
    const first = actor.getSnapshot();
    if (first.status === 'error') throw first.error;
    entry.actor = actor;
    actor.subscribe({ error: (error) => void (entry.error = error) });
    actor.start();
    return entry;
  };

  /** Its kind and snapshot, or a mark that it has to be set aside. */
  const read = (row: ActorRow): { kind: ReadyKind; saved: SavedSnapshot } => {
    try {
      const kind = kinds.get(row.kind);
      if (!kind) {
        throw new CcmError('CCM_SNAPSHOT_UNREADABLE', `${row.id}: there is no kind "${row.kind}"`, { actor: row.id, kind: row.kind });
      }
      const saved = readSnapshot(kind, row);
      aside.delete(row.id);
      return { kind, saved };
    } catch (error) {
      if (error instanceof CcmError && error.code === 'CCM_SNAPSHOT_UNREADABLE')
        aside.set(row.id, { actor: row.id, short: row.short, kind: row.kind, reason: whyOf(error.message) });
      throw error;
    }
  };

  const restore = (row: ActorRow): Live => {
    const { id, seq, gseq, hash, short, createdAt, updatedAt } = row;
    const { kind, saved } = read(row);
    return wake({ id, kind, seq, gseq, hash, saved, short, createdAt, updatedAt }, { snapshot: saved });
  };

  const load = (id: string): Live => {
    const known = live.get(id);
    if (known) {
      // Newest last: the first ones are the longest unused.
      live.delete(id);
      live.set(id, known);
      return known;
    }
    const row = actors.get(id);
    if (!row) throw new CcmError('CCM_NOT_FOUND', `There is no actor ${id}`);
    const entry = restore(row);
    live.set(id, entry);
    return entry;
  };

  return {
    load,
    peek: (id) => live.get(id),
    begin: (base, input) => {
      const entry = wake({ ...base, saved: { value: null, context: {}, status: 'active' } }, { input });
      live.set(entry.id, entry);
      return entry;
    },
    take: (entry, event) => {
      entry.actor.send(event);
      if (entry.error !== undefined) throw entry.error;
    },
    drop: (id) => void live.delete(id),
    clear: () => live.clear(),
    trim: () => {
      if (live.size <= limit) return;
      for (const id of live.keys()) {
        live.delete(id);
        if (live.size <= limit) return;
      }
    },
    size: () => live.size,
    check: (id) => {
      const row = live.has(id) ? undefined : actors.get(id);
      try {
        if (row) read(row);
      } catch (error) {
        if (!(error instanceof CcmError) || error.code !== 'CCM_SNAPSHOT_UNREADABLE') throw error;
      }
    },
    unreadable: () => [...aside.values()],
  };
};
