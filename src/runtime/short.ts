/** Short ids, unique per home: five characters, one more for each collision. */
import { shortOf } from '../ports/system.ts';

export const freeShort = (id: string, taken: (short: string) => boolean): string => {
  for (let length = 5; length <= 12; length += 1) {
    const short = shortOf(id, length);
    if (!taken(short)) return short;
  }
  return id;
};

/** An id whose five characters are free. */
export const freeId = (next: () => string, taken: (short: string) => boolean): string => {
  let id = next();
  for (let tries = 0; tries < 100 && taken(shortOf(id)); tries += 1) id = next();
  return id;
};
