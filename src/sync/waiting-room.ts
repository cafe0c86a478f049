/** Whoever gave an order and wants to see what becomes of it waits here; after each round with the hub everybody looks again. */
import type { Clock } from '../ports/system.ts';

export const waitingRoom = (clock: Pick<Clock, 'after'>) => {
  const guests = new Set<() => void>();
  return {
    /** What `look` finds, or null after `ms`. */
    until: <T>(look: () => T | null, ms: number): Promise<T | null> => {
      const found = look();
      if (found !== null) return Promise.resolve(found);
      return new Promise((resolve) => {
        const leave = (with_: T | null) => {
          guests.delete(guest);
          cancel();
          resolve(with_);
        };
        const guest = () => {
          const now = look();
          if (now !== null) leave(now);
        };
        const cancel = clock.after(ms, () => leave(look()));
        guests.add(guest);
      });
    },
    look: (): void => {
      for (const guest of guests) guest();
    },
    close: (): void => guests.clear(),
  };
};
