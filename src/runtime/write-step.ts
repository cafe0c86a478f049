/** One step becomes rows: actor, journal, effects, timers, seen id; and errands for other actors. All or nothing with its savepoint. */
import type { Stamped, View } from '../../machines/kind.ts';
import type { Store, StoredStep, ViewRow } from '../ports/store.ts';
import type { Step, TimerChange } from './durable.ts';
import { rowHash } from './hash.ts';
import type { Live } from './live.ts';
import type { Errand, Turn } from './turn.ts';
import type { EffectTable } from './types.ts';

/** The event behind a step and how far it has come. */
export type Cause = { event: Stamped; hops: number };

export const viewRow = (live: Pick<Live, 'id' | 'short' | 'kind' | 'createdAt' | 'updatedAt'>, view: View): ViewRow => ({
  ...view,
  id: live.id,
  short: live.short,
  kind: live.kind.name,
  createdAt: live.createdAt,
  updatedAt: live.updatedAt,
});

/** `actor.send` and `actor.create` never reach the outbox: they happen in the same transaction, hence exactly once. */
const errandOf = (type: string, params: unknown, rest: Pick<Errand, 'eventId' | 'at' | 'by' | 'hops'>): Errand | null => {
  if (type === 'actor.send') return { ...(params as { to: string; event: { type: string } }), ...rest };
  if (type === 'actor.create') return { ...(params as { kind: string; id: string; input: unknown }), ...rest };
  return null;
};

export const stepWriter = (store: Store, effects: EffectTable) => {
  const writeTimer = (turn: Turn, live: Live, event: Stamped, change: TimerChange) => {
    turn.timers = true;
    if ('cancel' in change) {
      store.timers.cancel(live.id, change.cancel);
      return;
    }
    const { id, delay } = change.set;
    const wall = live.kind.isWall(id);
    // A deadline on the wall counts from when the fact happened; a patience counts from when we heard of it.
    const due = Math.round((wall ? event.at : turn.now) + delay);
    store.timers.set({ actor: live.id, id, event: JSON.stringify(change.set.event), due, clock: wall ? 'wall' : 'awake' });
  };

  /** Pending effects of earlier steps give way to an urgent one; their chart is told. */
  const overtake = (turn: Turn, live: Live, seq: number, hops: number) => {
    for (const row of store.outbox.overtaken(live.id, seq)) {
      store.outbox.finish(row.id, 'cancelled', null, turn.now);
      turn.cancelled.push(row.id);
      turn.errands.push({
        to: live.id,
        event: { type: 'EFFECT_CANCELLED', effect: row.name, params: JSON.parse(row.params) as unknown },
        eventId: `${row.actor}:${row.seq}:${row.idx}/cancelled`,
        at: turn.now,
        by: 'effect',
        hops: hops + 1,
      });
    }
  };

  const writeEffects = (turn: Turn, live: Live, cause: Cause, step: Step, seq: number) => {
    let urgent = false;
    step.effects.forEach(({ type, params }, idx) => {
      const rest = { eventId: `${live.id}:${seq}:${idx}`, at: cause.event.at, by: `actor:${live.id}`, hops: cause.hops + 1 };
      const errand = errandOf(type, params, rest);
      if (errand) {
        turn.errands.push(errand);
        return;
      }
      const spec = effects[type];
      if (!spec) throw new Error(`${live.kind.name}: "${type}" is not in the catalogue of effects`);
      urgent ||= spec.lane === 'urgent';
      const text = JSON.stringify(params);
      const id = store.outbox.add({
        actor: live.id,
        seq,
        idx,
        name: type,
        params: text,
        lane: spec.lane,
        dueAt: turn.now,
        createdAt: turn.now,
      });
      turn.effects.push({ id, actor: live.id, lane: spec.lane });
    });
    if (urgent) overtake(turn, live, seq, cause.hops);
  };

  /** Writes the step of `live` that `cause` made. `input` is part of the first row: with it the row can be executed again. */
  return (turn: Turn, live: Live, cause: Cause, step: Step, input?: unknown) => {
    const { event } = cause;
    const seq = live.seq + 1;
    const gseq = turn.gseq + 1;
    const { kind } = live;
    const snapshot = JSON.stringify(step.saved);
    const row: Omit<StoredStep, 'hash'> = {
      gseq,
      actor: live.id,
      kind: kind.name,
      version: kind.version,
      machine: kind.machineId,
      seq,
      prev: live.gseq,
      at: turn.now,
      event: JSON.stringify(input === undefined ? event : { ...event, input }),
      transitions: JSON.stringify(step.transitions),
      snapshot,
    };
    const hash = rowHash(live.hash, row, kind.definitionHash);
    store.journal.add({ ...row, hash });
    const actorRow = { id: live.id, version: kind.version, seq, gseq, hash, updatedAt: turn.now };
    if (seq === 1) store.actors.add({ ...actorRow, kind: kind.name, short: live.short, createdAt: live.createdAt });
    else store.actors.update(actorRow);
    writeEffects(turn, live, cause, step, seq);
    for (const change of step.timers) writeTimer(turn, live, event, change);
    store.seen.add(event.id, turn.now, gseq);
    live.seq = seq;
    live.gseq = gseq;
    live.hash = hash;
    live.saved = step.saved;
    live.updatedAt = turn.now;
    const view = viewRow(live, kind.view(step.saved));
    turn.gseq = gseq;
    turn.views.set(live.id, view);
    turn.kinds.add(kind.name);
    turn.rows.push({
      gseq,
      actor: live.id,
      kind: kind.name,
      version: kind.version,
      seq,
      at: turn.now,
      event,
      transitions: step.transitions,
      value: step.saved.value,
      view,
    });
  };
};
export type WriteStep = ReturnType<typeof stepWriter>;
