/** Signing in and signing out share one session: one after the other, in the order they were asked for, never mixed. */
import type { Account, Hub } from '../ports/hub.ts';

type Deps = { hub: () => (Hub & Account) | null; status: () => string; quiet: () => void };

export const leaving = ({ hub, status, quiet }: Deps) => {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    inTurn,
    leave: (signOut: boolean): Promise<void> =>
      inTurn(async () => {
        // It may come late, behind a call that nobody answers: somebody has signed in again meanwhile, and this is about nothing.
        if (!['signedOut', 'localOnly'].includes(status())) return;
        const old = hub();
        quiet();
        if (signOut) await old?.signOut();
        else old?.close();
      }),
  };
};
