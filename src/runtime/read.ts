/** What can be asked of committed state; writes nothing. */
import type { Command, SavedSnapshot } from '../../machines/kind.ts';
import { CcmError, type Problem } from '../errors.ts';
import type { ActorRow, Store } from '../ports/store.ts';
import type { Clock, Ids } from '../ports/system.ts';
import { entryOf } from './feed.ts';
import type { Kinds } from './kinds.ts';
import { legalMoves } from './legal.ts';
import type { Live, LiveActors } from './live.ts';
import { simulate } from './simulate.ts';
import type { ActorState, Incoming, JournalEntry, Preview } from './types.ts';
import { viewRow } from './write-step.ts';

export const reader = (options: { store: Store; kinds: Kinds; live: LiveActors; clock: Clock; ids: Ids }) => {
  const { store, kinds, live, clock, ids } = options;

  /** Lists, admission and the supervisor look at all actors: one that cannot be read may not take the others from them. */
  const look = (id: string): Live | Problem | null => {
    try {
      return live.peek(id) ?? (store.actors.get(id) ? live.load(id) : null);
    } catch (error) {
      if (error instanceof CcmError && error.code === 'CCM_SNAPSHOT_UNREADABLE') return error.problem;
      throw error;
    }
  };

  const unreadable = (id: string): Problem | null => {
    const known = look(id);
    return known && 'code' in known ? known : null;
  };

  const state = (id: string): ActorState | null => {
    const known = look(id);
    if (!known || 'code' in known) return null;
    const snapshot = known.actor.getSnapshot();
    const { kind, saved, short, seq, createdAt, updatedAt } = known;
    const view = kind.view(saved);
    return {
      id,
      short,
      kind: kind.name,
      version: kind.version,
      seq,
      value: saved.value,
      context: saved.context,
      tags: [...snapshot.tags].sort(),
      status: view.status,
      view,
      legal: legalMoves(kind, snapshot, clock.now()),
      createdAt,
      updatedAt,
    };
  };

  const preview = (id: string, incoming: Incoming): Preview => {
    const { kind, saved, actor } = live.load(id);
    const event = { id: ids.next(), at: clock.now(), ...incoming };
    const parsed = kind.events.safeParse(event);
    if (!parsed.success) throw new CcmError('CCM_BAD_INPUT', `${event.type}: ${parsed.error.issues[0]?.message ?? 'not valid'}`);
    const isCommand: Command | undefined = kind.commands[event.type];
    const legal = actor.getSnapshot().can(event);
    const step = legal || !isCommand ? simulate(kind, id).step(saved, event) : null;
    const after: SavedSnapshot = step?.saved ?? saved;
    return {
      legal,
      value: after.value,
      view: kind.view(after),
      effects: step?.effects ?? [],
      timers: (step?.timers ?? []).flatMap((change) => ('set' in change ? [{ id: change.set.id, dueIn: change.set.delay }] : [])),
      cancels: (step?.timers ?? []).flatMap((change) => ('cancel' in change ? [change.cancel] : [])),
      transitions: step?.transitions ?? [],
    };
  };

  const history = (id: string, { after = 0, limit = 1000 }: { after?: number; limit?: number } = {}): JournalEntry[] =>
    store.journal.ofActor(id, after, limit).map(entryOf);

  const at = (id: string, seq: number): JournalEntry | null => {
    const row = store.journal.get(id, seq);
    return row ? entryOf(row) : null;
  };

  const definition = (name: string) => {
    const kind = kinds.get(name);
    return kind
      ? { version: kind.version, hash: kind.definitionHash, definition: JSON.parse(JSON.stringify(kind.machine.definition)) as unknown }
      : null;
  };

  /** Makes the row of the read model from the actor alone. */
  const rebuildView = (row: ActorRow) => {
    const kind = kinds.get(row.kind);
    if (!kind || kind.version !== row.version) return false;
    const saved = JSON.parse(row.snapshot) as SavedSnapshot;
    store.views.put(viewRow({ ...row, kind }, kind.view(saved)));
    return true;
  };

  return { state, unreadable, preview, history, at, definition, rebuildView };
};
export type Reader = ReturnType<typeof reader>;
