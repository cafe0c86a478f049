/** Since when an actor has been in its present status: the time of the step that brought it there. Remembered; read from the journal once. */
import type { MachineKind, SavedSnapshot } from '../../machines/kind.ts';
import type { ActorState, Runtime } from '../runtime/types.ts';

/** Steps looked back at most: a status older than that is told by the oldest of them. */
const lookBack = 200;
const remembered = 5_000;

export const sinceBook = (runtime: Pick<Runtime, 'history'>, kinds: Readonly<Record<string, MachineKind>>) => {
  const known = new Map<string, { seq: number; status: string; since: number }>();
  const read = (state: ActorState, after: number, fallback: number, before: string | null = null): number => {
    let since = fallback;
    let status = before;
    for (const row of runtime.history(state.id, { after, limit: lookBack })) {
      const at = kinds[row.kind]?.version === row.version ? kinds[row.kind]?.view(row.snapshot as SavedSnapshot).status : null;
      if (at !== status) since = row.at;
      status = at ?? null;
    }
    return since;
  };
  return (state: ActorState): number => {
    const last = known.get(state.id);
    if (last?.seq === state.seq) return last.since;
    // From where it was looked at last, when that is near; what was true then is not read again.
    const near = last !== undefined && state.seq - last.seq < lookBack;
    const since = near ? read(state, last.seq, last.since, last.status) : read(state, Math.max(0, state.seq - lookBack), state.createdAt);
    known.delete(state.id);
    known.set(state.id, { seq: state.seq, status: state.status, since });
    const oldest = known.size > remembered ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
    return since;
  };
};
export type SinceBook = ReturnType<typeof sinceBook>;
