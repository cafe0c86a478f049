/** Events and actors that steps asked for, done in the same transaction, first come first served: exactly once, because they commit together. */
import type { Stamped } from '../../machines/kind.ts';
import { CcmError, ensureError } from '../errors.ts';
import { StoreFailure } from '../ports/store.ts';
import type { Delivery } from './deliver.ts';
import type { Errand, Turn } from './turn.ts';

/** A parked creation is kept as an event of this type. */
export const CREATE = 'actor.create';

const eventOf = (errand: Errand): { to: string; event: Stamped } => {
  const { eventId, at, by } = errand;
  if ('to' in errand) return { to: errand.to, event: { ...errand.event, id: eventId, at, by } };
  const { kind, id, input } = errand;
  const birth = { kind, input };
  return { to: id, event: { type: CREATE, id: eventId, at, by, ...birth } };
};

export const errandRunner = (delivery: Delivery, limit: number) => {
  const run = (turn: Turn, errand: Errand) => {
    if (errand.hops > limit) {
      throw new CcmError('CCM_INTERNAL', `One event has come through more than ${limit} actors; the last was ${errand.by}`);
    }
    const { eventId, at, by, hops } = errand;
    if ('to' in errand) delivery.deliver(turn, { to: errand.to, event: { ...errand.event, id: eventId, at, by }, door: 'inside', hops });
    else delivery.bear(turn, { kind: errand.kind, id: errand.id, input: errand.input, at, by, door: 'inside', hops });
  };
  /** Until nothing is left to do. One that fails is parked; those after it go on. */
  return (turn: Turn) => {
    for (let errand = turn.errands.shift(); errand; errand = turn.errands.shift()) {
      try {
        run(turn, errand);
      } catch (thrown) {
        if (thrown instanceof StoreFailure) throw thrown;
        if (thrown instanceof CcmError && thrown.extra?.['parked'] !== undefined) continue;
        const { to, event } = eventOf(errand);
        delivery.park(turn, to, event, ensureError(thrown));
      }
    }
  };
};
export type RunErrands = ReturnType<typeof errandRunner>;
