/** The read model follows once per turn and actor, inside the same commit; columns that no index holds are cheaper to write. */
import { ensureError } from '../errors.ts';
import { StoreFailure, type ViewRow, type Views } from '../ports/store.ts';
import type { Log } from '../ports/system.ts';
import type { LiveActors } from './live.ts';
import type { Turn } from './turn.ts';

const sameIndexed = (a: ViewRow, b: ViewRow) =>
  a.ended === b.ended && a.attention === b.attention && a.project === b.project && a.parent === b.parent;

/** A row the store refuses (a `view` with a bug) costs its line in the list, not the turn. */
export const flushViews = (views: Views, live: LiveActors, turn: Turn, log: Log) => {
  for (const row of turn.views.values()) {
    const actor = live.peek(row.id);
    try {
      if (actor?.shown && sameIndexed(actor.shown, row)) views.touch(row);
      else views.put(row);
      if (actor) actor.shown = row;
    } catch (error) {
      if (error instanceof StoreFailure) throw error;
      log.error({ actor: row.id, kind: row.kind, err: ensureError(error).message }, 'the view of an actor cannot be stored');
    }
  }
  turn.views.clear();
};
