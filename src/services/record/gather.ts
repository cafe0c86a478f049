/** The steps of many actors, a page at a time: a home has more than fits into memory, and others want their turn meanwhile. */
import type { RecordedRow } from '../../api/contract/recording.ts';
import { breathe } from '../../lib/in-slices.ts';
import type { Runtime } from '../../runtime/types.ts';
import type { ActorService } from '../actors.ts';

/** Steps read at a time. */
const pageRows = 500;

type Gathered = Omit<RecordedRow, 'link'>;
type Deps = {
  runtime: Pick<Runtime, 'history'>;
  actors: Pick<ActorService, 'history'>;
  /** Steps kept. */
  most: number;
};

export const gatherer = ({ runtime, actors, most }: Deps) => {
  /** Its steps, some hundred at a time. */
  const rowsOf = function* (actor: string): Generator<Gathered[]> {
    for (let after = 0; ; ) {
      const entries = runtime.history(actor, { after, limit: pageRows });
      const views = actors.history(actor, { after, limit: pageRows });
      if (!views.ok || entries.length === 0) return;
      const byStep = new Map(views.value.map((row) => [row.seq, row]));
      yield entries.flatMap((entry) => {
        const view = byStep.get(entry.seq);
        const snapshot = entry.snapshot as RecordedRow['snapshot'];
        return view ? [{ ...view, version: entry.version, snapshot, origin: entry.hash }] : [];
      });
      after = entries.at(-1)?.seq ?? after;
      if (entries.length < pageRows) return;
    }
  };
  /** The newest steps of these actors, oldest first, and how many older ones there are. A home has more than fits into memory. */
  return async (ids: readonly string[]): Promise<{ rows: Gathered[]; leftOut: number }> => {
    const newest = (rows: Gathered[]) => rows.toSorted((a, b) => a.gseq - b.gseq).slice(-most);
    let rows: Gathered[] = [];
    let seen = 0;
    for (const actor of ids) {
      for (const page of rowsOf(actor)) {
        rows.push(...page);
        seen += page.length;
        if (rows.length > 2 * most) rows = newest(rows);
        await breathe();
      }
    }
    rows = newest(rows);
    return { rows, leftOut: seen - rows.length };
  };
};
