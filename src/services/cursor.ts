/** A place in a list, as an opaque text that survives a URL. */
import { z } from 'zod';
import { fail, ok, type Result } from '../errors.ts';
import type { ViewPlace } from '../ports/store.ts';

const place = z.tuple([z.union([z.literal(0), z.literal(1), z.literal(2)]), z.boolean(), z.int(), z.string().max(200)]);

export const cursorOf = ({ attention, ended, updatedAt, id }: ViewPlace): string =>
  Buffer.from(JSON.stringify([attention, ended, updatedAt, id])).toString('base64url');

export const placeOf = (cursor: string): Result<ViewPlace> => {
  try {
    const [attention, ended, updatedAt, id] = place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return ok({ attention, ended, updatedAt, id });
  } catch {
    // Any text may come in; only what we gave out is a cursor.
    return fail('CCM_BAD_INPUT', 'The cursor is not one of ours: give "meta.next" of the page before, as it is.', { field: 'cursor' });
  }
};
