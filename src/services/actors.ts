/** Any actor, as it is stored: the inspector's view, its past, and the steps of all of them. */
import type { SavedSnapshot } from '../../machines/kind.ts';
import type { ActorAt, ActorView, FeedRow, JournalRow } from '../api/contract/actor.ts';
import type { Consequence } from '../api/contract/envelope.ts';
import { fail, ok, type Result } from '../errors.ts';
import type { StoredStep } from '../ports/store.ts';
import type { ActorState, FeedRow as CommittedRow, JournalEntry } from '../runtime/types.ts';
import type { Caller } from './caller.ts';
import { commandsOf } from './commands.ts';
import type { ServiceDeps } from './deps.ts';
import type { Fields, Orders } from './orders.ts';
import type { Resolver } from './resolve.ts';

export type ActorService = {
  get(text: string): Result<ActorView>;
  history(text: string, range: { after?: number | undefined; before?: number | undefined; limit: number }): Result<JournalRow[]>;
  at(text: string, seq: number): Result<ActorAt>;
  command(text: string, verb: string, fields: Fields, caller: Caller, dry: boolean): Promise<Result<ActorView | Consequence>>;
  /** Steps of all actors after `after`, oldest first. `next`: where to go on, also when nothing was found so far; null at the end. */
  journal(range: {
    after?: number | undefined;
    limit: number;
    kind?: string | undefined;
    actor?: string | undefined;
  }): Result<{ rows: JournalRow[]; next: number | null }>;
  head(): number;
  feedRow(row: CommittedRow): FeedRow;
};

type Deps = Pick<ServiceDeps, 'runtime' | 'store' | 'kinds' | 'clock'> & { orders: Orders; resolve: Resolver };
type Saved = SavedSnapshot;

/** Rows read at a time, and how often for one request. */
const sliceRows = 500;
const slices = 20;

/** Lists of agents show it: said here, nobody has to ask for each agent that says a word. */
const progressIn = (event: { type: string; [field: string]: unknown }): Pick<FeedRow, 'progress'> => {
  const { type, fact, detail } = event;
  const said = type === 'OBSERVED' && fact === 'progress' && typeof detail === 'string' ? detail.trim() : '';
  return said === '' ? {} : { progress: said };
};

export const actorService = ({ runtime, store, kinds, clock, orders, resolve }: Deps): ActorService => {
  /** Of a row of an older version nothing but the raw value is known. */
  const statusOf = (kind: string, version: number, saved: Saved): string => {
    const rules = kinds[kind];
    return rules?.version === version ? rules.view(saved).status : JSON.stringify(saved.value ?? null);
  };
  const byOf = (event: { type: string; [field: string]: unknown }): string | null => (typeof event['by'] === 'string' ? event['by'] : null);

  const view = (state: ActorState): ActorView => {
    const now = clock.now();
    const { id, short, kind, version, seq, value, context, tags, status } = state;
    const timers = runtime.timers(id).map((timer) => ({ id: timer.id, due: timer.due, in: timer.due - now }));
    return {
      id,
      short,
      kind,
      version,
      seq,
      value,
      context,
      tags,
      status,
      attention: state.view.attention,
      title: state.view.title,
      legal: commandsOf(state.legal),
      timers,
    };
  };
  const row = (entry: JournalEntry): JournalRow => {
    const saved = entry.snapshot as Saved;
    const { gseq, actor, kind, seq, at, event, transitions } = entry;
    return {
      gseq,
      actor,
      kind,
      seq,
      at,
      type: event.type,
      event,
      by: byOf(event),
      transitions,
      value: saved.value,
      status: statusOf(kind, entry.version, saved),
    };
  };
  const stored = (step: StoredStep): JournalRow =>
    row({ ...step, event: JSON.parse(step.event), transitions: JSON.parse(step.transitions), snapshot: JSON.parse(step.snapshot) });

  const history: ActorService['history'] = (text, { after, before, limit }) => {
    const found = resolve.any(text);
    if (!found.ok) return found;
    const { id, seq } = found.value;
    const end = Math.min(before ?? Number.MAX_SAFE_INTEGER, seq + 1);
    const start = after ?? Math.max(0, end - 1 - limit);
    const entries = runtime.history(id, { after: start, limit });
    return ok(entries.filter((entry) => entry.seq < end).map(row));
  };

  /** Of one actor, behind a place in the journal of all, oldest first. */
  const stepsAfter = (id: string, gseq: number, limit: number): JournalRow[] => {
    const rows: JournalRow[] = [];
    for (let seq = 0; rows.length < limit; ) {
      const steps = store.journal.ofActor(id, seq, 500);
      for (const step of steps) if (step.gseq > gseq && rows.length < limit) rows.push(stored(step));
      if (steps.length < 500) break;
      seq = steps.at(-1)?.seq ?? seq;
    }
    return rows;
  };

  return {
    get: (text) => {
      const found = resolve.any(text);
      return found.ok ? ok(view(found.value)) : found;
    },
    history,
    at: (text, seq) => {
      const found = resolve.any(text);
      if (!found.ok) return found;
      const { id } = found.value;
      const entry = runtime.at(id, seq);
      if (!entry)
        return fail('CCM_NOT_FOUND', `Step ${seq} of ${found.value.short} is not kept; the newest is ${found.value.seq}.`, {
          next: `\`ccm replay ${found.value.short}\` lists the steps.`,
        });
      const saved = entry.snapshot as Saved;
      const earlier = seq > 1 ? runtime.at(id, seq - 1) : null;
      const past = earlier ? (earlier.snapshot as Saved) : null;
      return ok({
        id,
        kind: entry.kind,
        version: entry.version,
        seq,
        at: entry.at,
        value: saved.value,
        context: saved.context,
        status: statusOf(entry.kind, entry.version, saved),
        event: entry.event,
        by: byOf(entry.event),
        transitions: entry.transitions,
        previous:
          earlier && past
            ? { seq: earlier.seq, value: past.value, context: past.context, status: statusOf(earlier.kind, earlier.version, past) }
            : null,
      });
    },
    command: async (text, verb, fields, caller, dry) => {
      const found = resolve.any(text);
      if (!found.ok) return found;
      const outcome = await orders.give(found.value, verb, fields, caller, dry);
      if (!outcome.ok) return outcome;
      return ok('consequence' in outcome.value ? outcome.value.consequence : view(outcome.value.state));
    },
    journal: ({ after, limit, kind, actor }) => {
      if (actor !== undefined) {
        const found = resolve.any(actor);
        if (!found.ok) return found;
        const { id, seq } = found.value;
        const newest = after === undefined ? history(id, { limit }) : ok(stepsAfter(id, after, limit));
        if (!newest.ok) return newest;
        const last = newest.value.at(-1);
        return ok({ rows: newest.value, next: last && last.seq < seq ? last.gseq : null });
      }
      const head = store.journal.head();
      const rows: JournalRow[] = [];
      // A rare kind may need several slices; the work per request stays bounded.
      let from = after ?? Math.max(0, head - limit);
      for (let slice = 0; rows.length < limit && from < head && slice < slices; slice += 1) {
        const steps = store.journal.since(from, sliceRows);
        if (steps.length === 0) from = head;
        for (const step of steps) {
          if (rows.length === limit) break;
          from = step.gseq;
          if (kind === undefined || step.kind === kind) rows.push(stored(step));
        }
      }
      return ok({ rows, next: from < head ? from : null });
    },
    head: () => store.journal.head(),
    feedRow: ({ gseq, actor, kind, seq, at, event, transitions, value, view: known }) => ({
      gseq,
      actor,
      kind,
      seq,
      at,
      type: event.type,
      by: byOf(event),
      transitions,
      value,
      status: known?.status ?? JSON.stringify(value ?? null),
      attention: known?.attention ?? 0,
      ...(known?.parent ? { task: known.parent } : {}),
      title: known?.title ?? actor,
      ...progressIn(event),
    }),
  };
};
