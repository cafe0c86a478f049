/** Where events come in: each gets its id and time, waits for its turn, and is answered when it is on disk. */
import { z } from 'zod';
import type { Stamped } from '../../machines/kind.ts';
import { CcmError } from '../errors.ts';
import type { Store } from '../ports/store.ts';
import type { Clock, Ids } from '../ports/system.ts';
import type { Delivery, Door } from './deliver.ts';
import { CREATE, type RunErrands } from './errands.ts';
import { mark, rewind } from './marks.ts';
import type { Turn } from './turn.ts';
import type { Accepted, Incoming, Runtime, Transaction } from './types.ts';

const parkedEvent = z.looseObject({ type: z.string(), id: z.string(), at: z.number() });
const parkedBirth = z.object({ kind: z.string(), input: z.unknown() });

export const door = (options: {
  store: Store;
  clock: Clock;
  ids: Ids;
  delivery: Delivery;
  errands: RunErrands;
  inTurn: <T>(work: (turn: Turn) => T) => Promise<T>;
}): Pick<Runtime, 'create' | 'send' | 'command' | 'transaction' | 'retryParked'> & { open(): void; close(): void } => {
  const { store, clock, ids, delivery, errands, inTurn } = options;
  let state: 'new' | 'open' | 'closed' = 'new';

  const enter = <T>(work: (turn: Turn) => T): Promise<T> => {
    if (state === 'open') return inTurn(work);
    const why = state === 'new' ? 'The daemon has not started yet' : 'The daemon is stopping';
    return Promise.reject(new CcmError('CCM_STOPPING', why));
  };

  const stamp = (event: Incoming): Stamped => ({ ...event, id: event.id ?? ids.next(), at: event.at ?? clock.now() });

  const sendIn = (turn: Turn, to: string, event: Stamped, through: Door): Accepted => {
    const accepted = delivery.deliver(turn, { to, event, door: through, hops: 0 });
    errands(turn);
    return accepted;
  };

  const createIn = (turn: Turn, kind: string, given: Record<string, unknown>, by: string): Accepted => {
    const input: Record<string, unknown> = { at: clock.now(), ...given };
    const { id, at } = input;
    if (typeof id !== 'string') throw new CcmError('CCM_BAD_INPUT', 'id: the input needs an id');
    if (typeof at !== 'number') throw new CcmError('CCM_BAD_INPUT', 'at: milliseconds since 1970');
    const accepted = delivery.bear(turn, { kind, id, input, at, by, door: 'outside', hops: 0 });
    errands(turn);
    return accepted;
  };

  const transaction = <T>(work: (transaction: Transaction) => T): Promise<T> =>
    enter((turn) => {
      const before = mark(turn);
      try {
        return store.attempt(() =>
          work({
            create: (kind, input, by = 'api') => createIn(turn, kind, input, by),
            send: (to, event) => sendIn(turn, to, stamp(event), 'outside'),
          }),
        );
      } catch (error) {
        // Memory is ahead of what was undone.
        for (const actor of rewind(turn, before)) delivery.live.drop(actor);
        if (error instanceof CcmError) throw error;
        throw new CcmError('CCM_INTERNAL', error instanceof Error ? error.message : String(error), undefined, error);
      }
    });

  const retryParked = (id: number): Promise<Accepted> =>
    enter((turn) => {
      const row = store.parked.get(id);
      if (!row) throw new CcmError('CCM_NOT_FOUND', `There is no parked event ${id}`);
      const event = parkedEvent.parse(JSON.parse(row.event));
      let accepted: Accepted;
      if (event.type === CREATE) {
        const { kind, input } = parkedBirth.parse(event);
        accepted = delivery.bear(turn, { kind, id: row.actor, input, at: event.at, by: 'retry', door: 'inside', hops: 0 });
      } else {
        accepted = delivery.deliver(turn, { to: row.actor, event, door: 'inside', hops: 0 });
      }
      store.parked.remove(row.eventId);
      errands(turn);
      return accepted;
    });

  return {
    open: () => {
      state = 'open';
    },
    close: () => {
      state = 'closed';
    },
    create: (kind, input, by = 'api') => enter((turn) => createIn(turn, kind, input, by)),
    send: (to, event) => {
      const stamped = stamp(event);
      return enter((turn) => sendIn(turn, to, stamped, 'outside'));
    },
    command: (to, event) => {
      const stamped = stamp(event);
      return enter((turn) => sendIn(turn, to, stamped, 'command'));
    },
    transaction,
    retryParked,
  };
};
