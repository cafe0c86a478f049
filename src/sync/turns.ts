/** Rounds with the hub, one at a time: whoever asks for one meanwhile is served by the next, in the same turn. */
import type { Account, Answer, Hub } from '../ports/hub.ts';
import type { Log } from '../ports/system.ts';

type Link = Hub & Account;
type Deps = {
  hub: () => Link | null;
  once: (hub: Link) => Promise<Answer<{ moved: number; more: boolean }>>;
  /** The doorbell told of something that was not read yet. */
  unread: () => boolean;
  stopped: () => boolean;
  log: Pick<Log, 'error'>;
};

/** A hub may have news at the end of every round, for hours: whoever waits for a turn is answered all the same, and another goes on. */
const MOST_ROUNDS = 20;

export const roundTurns = ({ hub, once, unread, stopped, log }: Deps) => {
  let turn: Promise<Answer<number>> | null = null;
  let again = false;
  let failing = false;

  const round = async (): Promise<Answer<number>> => {
    const mine = hub();
    if (!mine) return { ok: false, trouble: { reason: 'signedOut', evidence: 'there is no hub' } };
    let moved = 0;
    let rounds = 0;
    do {
      rounds += 1;
      again = false;
      const done = await once(mine);
      if (!done.ok) return done;
      moved += done.value.moved;
      if (done.value.more || unread()) again = true;
    } while (again && rounds < MOST_ROUNDS && !stopped());
    return { ok: true, value: moved };
  };

  return {
    /** How many rows went or came. */
    run: (): Promise<Answer<number>> => {
      if (turn) {
        again = true;
        return turn;
      }
      turn = round()
        .catch((error: unknown): Answer<number> => {
          log.error({ err: String(error) }, 'a round with the hub broke off');
          return { ok: false, trouble: { reason: 'hubDown', evidence: 'a round broke off; see the log' } };
        })
        .then((done) => {
          failing = !done.ok && done.trouble.reason !== 'networkLost';
          return done;
        })
        .finally(() => {
          turn = null;
        });
      return turn;
    },
    busy: (): boolean => turn !== null,
    /** The last turn ended with something left to do. */
    unfinished: (): boolean => turn === null && again,
    /** The hub was there and the last round failed: until one goes well, that it answers a ping proves nothing. */
    failing: (): boolean => failing,
  };
};
