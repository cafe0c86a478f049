/** One event to one actor: dedupe, door check, savepoint, step. What a chart cannot take is parked with its error, and the rest goes on. */
import type { Stamped } from '../../machines/kind.ts';
import { CcmError, ensureError, problemOf } from '../errors.ts';
import { type Store, StoreFailure } from '../ports/store.ts';
import type { Log } from '../ports/system.ts';
import { ORIGIN } from './hash.ts';
import type { Kinds } from './kinds.ts';
import { accepts, legalMoves } from './legal.ts';
import { type Live, liveActors } from './live.ts';
import { mark, rewind } from './marks.ts';
import { freeShort } from './short.ts';
import type { Turn } from './turn.ts';
import type { Accepted, RuntimeOptions } from './types.ts';
import type { Cause, WriteStep } from './write-step.ts';

/** `outside` events pass the kind's schema; `command` ones must be legal too; `inside` ones were made by us. */
export type Door = 'outside' | 'command' | 'inside';
export type Arrival = { to: string; event: Stamped; door: Door; hops: number };
export type Birth = { kind: string; id: string; input: unknown; at: number; by: string; door: Door; hops: number };

const RESERVED = /^(xstate\.|EFFECT_)/;
/** Ids are parts of effect ids and of hashed lines. */
const ID = /^[\w.:@-]{1,128}$/;

type Issues = ReadonlyArray<{ path: PropertyKey[]; message: string }>;
const badInput = (what: string, issues: Issues) => {
  const list = issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  return new CcmError('CCM_BAD_INPUT', `${what}: ${list[0]?.path || 'input'}: ${list[0]?.message ?? 'not valid'}`, { issues: list });
};

const parse = (live: Live, event: Stamped): Stamped => {
  if (RESERVED.test(event.type)) throw new CcmError('CCM_BAD_INPUT', `type: ${event.type} is not for use from outside`);
  const parsed = live.kind.events.safeParse(event);
  if (parsed.success) return parsed.data as Stamped;
  throw badInput(event.type, parsed.error.issues);
};

const refuseIllegal = (live: Live, event: Stamped) => {
  const snapshot = live.actor.getSnapshot();
  if (accepts(snapshot, event)) return;
  const legal = legalMoves(live.kind, snapshot, event.at).map((move) => move.verb);
  const { status } = live.kind.view(live.saved);
  const verb = live.kind.commands[event.type]?.verb ?? event.type;
  const choice = legal.length > 0 ? `possible now: ${legal.join(', ')}` : 'nothing can be done with it now';
  throw new CcmError('CCM_ILLEGAL_MOVE', `A ${live.kind.name} that is ${status} cannot ${verb}; ${choice}`, { state: status, legal });
};

export const delivery = (options: {
  store: Store;
  kinds: Kinds;
  log: Log;
  limit: number;
  write: WriteStep;
  crash: RuntimeOptions['crash'];
}) => {
  const { store, kinds, log, crash } = options;
  /** What the step being written belongs to; set only while a chart is moving. */
  let moving: { turn: Turn; cause: Cause; input: unknown; done: boolean } | undefined;

  const live = liveActors({
    kinds,
    actors: store.actors,
    limit: options.limit,
    write: (entry, step) => {
      if (!moving) throw new Error(`${entry.id} moved by itself`);
      options.write(moving.turn, entry, moving.cause, step, moving.input);
      moving.done = true;
      crash?.('savepoint-inside');
    },
  });

  /** Runs `move` in a savepoint; true when it made a step. Whatever fails undoes it and forgets the actor. */
  const inSavepoint = (turn: Turn, id: string, cause: Cause, move: () => void, input?: unknown): boolean => {
    const before = mark(turn);
    const current = { turn, cause, input, done: false };
    crash?.('savepoint-before');
    try {
      store.attempt(() => {
        moving = current;
        move();
        if (!current.done) store.seen.add(cause.event.id, turn.now, null);
      });
      crash?.('savepoint-after');
      return current.done;
    } catch (error) {
      rewind(turn, before);
      live.drop(id);
      throw error;
    } finally {
      moving = undefined;
    }
  };

  const park = (turn: Turn, to: string, event: Stamped, error: Error) => {
    const { id, type } = event;
    store.parked.put({ actor: to, eventId: id, event: JSON.stringify(event), error: JSON.stringify(problemOf(error)), at: turn.now });
    log.error({ actor: to, event: type, id, err: error.message, stack: error.stack }, 'an event could not be taken; it is parked');
  };

  /** A chart that throws has a bug: its event is kept for a later version of it. */
  const parkBug = (turn: Turn, to: string, event: Stamped, thrown: unknown): CcmError => {
    if (thrown instanceof StoreFailure) throw thrown;
    const error = ensureError(thrown);
    park(turn, to, event, error);
    return new CcmError('CCM_INTERNAL', `${to} could not take ${event.type}: ${error.message}`, { parked: event.id }, error);
  };

  /** Loads an actor; one that cannot be read gets its alarms held, so that they do not ring in vain. */
  const load = (id: string): Live => {
    try {
      return live.load(id);
    } catch (error) {
      if (error instanceof CcmError && error.code === 'CCM_SNAPSHOT_UNREADABLE') store.timers.hold(id);
      throw error;
    }
  };

  const deliver = (turn: Turn, arrival: Arrival): Accepted => {
    const { to, door, hops } = arrival;
    const entry = load(to);
    const known = store.seen.get(arrival.event.id);
    if (known !== undefined) return { actor: to, gseq: known, seq: entry.seq, handled: known !== null, duplicate: true };
    const event = door === 'inside' ? arrival.event : parse(entry, arrival.event);
    if (door === 'command') refuseIllegal(entry, event);
    try {
      const handled = inSavepoint(turn, to, { event, hops }, () => live.take(entry, event));
      return { actor: to, gseq: handled ? entry.gseq : null, seq: entry.seq, handled, duplicate: false };
    } catch (thrown) {
      throw parkBug(turn, to, event, thrown);
    }
  };

  const bear = (turn: Turn, birth: Birth): Accepted => {
    const { id, at, by } = birth;
    const kind = kinds.get(birth.kind);
    if (!kind) throw new CcmError('CCM_BAD_INPUT', `kind: there is no kind "${birth.kind}"`);
    if (!ID.test(id)) throw new CcmError('CCM_BAD_INPUT', `id: "${id}" is not an id`);
    const existing = store.actors.get(id);
    if (existing) {
      if (existing.kind !== kind.name) throw new CcmError('CCM_CONFLICT', `${id} is a ${existing.kind}, not a ${kind.name}`);
      return { actor: id, gseq: existing.gseq, seq: existing.seq, handled: true, duplicate: true };
    }
    const parsed = kind.input.safeParse(birth.input);
    if (!parsed.success) throw badInput(kind.name, parsed.error.issues);
    const event: Stamped = { type: 'xstate.init', id: `${id}:init`, at, by };
    const short = freeShort(id, (text) => store.actors.shortTaken(text));
    const base = { id, kind, seq: 0, gseq: 0, hash: ORIGIN, short, createdAt: turn.now, updatedAt: turn.now };
    const { hops } = birth;
    const input = parsed.data;
    let born: Live | undefined;
    try {
      inSavepoint(turn, id, { event, hops }, () => void (born = live.begin(base, input)), input);
    } catch (thrown) {
      if (thrown instanceof StoreFailure) throw thrown;
      throw new CcmError('CCM_INTERNAL', `${id} could not begin: ${ensureError(thrown).message}`, undefined, thrown);
    }
    return { actor: id, gseq: born?.gseq ?? null, seq: born?.seq ?? 0, handled: true, duplicate: false };
  };

  return { live, deliver, bear, park };
};
export type Delivery = ReturnType<typeof delivery>;
