/**
 * A recording's own chain. What was taken out changes the rows, so the home's chain no longer fits them: each row carries the hash it had
 * there, and a link of its own. It finds damage and edits by hand; it does not tell who made the file.
 */
import { createHash, hash } from 'node:crypto';
import type { RecordedRow, Recording } from '../../api/contract/recording.ts';
import { inSlices } from '../../lib/in-slices.ts';

/** Fields by name, so that a copy that writes them in another order is still the same. The viewer does it likewise. */
const ordered = (value: unknown): unknown => {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(ordered);
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, ordered(inner)]),
  );
};
const text = (value: unknown): string => JSON.stringify(ordered(value));

/** Over the link before and the row without its own. */
export const linkOf = (prev: string, row: Omit<RecordedRow, 'link'>): string => hash('sha256', `${prev}\n${text(row)}`, 'hex');

export const chained = (rows: readonly Omit<RecordedRow, 'link'>[]): Promise<RecordedRow[]> => {
  const last = new Map<string, string>();
  return inSlices(rows, (row) => {
    const link = linkOf(last.get(row.actor) ?? '', row);
    last.set(row.actor, link);
    return { ...row, link };
  });
};

/** Over the text of the whole, which is never made as one: the rows alone may be a hundred megabytes. */
export const sealed = async (recording: Omit<Recording, 'seal'>): Promise<Recording> => {
  const open = { ...recording, seal: '' };
  const { rows, ...rest } = open;
  const sum = createHash('sha256');
  const fields = Object.entries({ ...rest, rows: null })
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [index, [name, value]] of fields.entries()) {
    sum.update(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
    if (name !== 'rows') sum.update(text(value));
    else {
      sum.update('[');
      let first = true;
      await inSlices(rows, (row) => {
        sum.update(`${first ? '' : ','}${text(row)}`);
        first = false;
      });
      sum.update(']');
    }
  }
  return { ...open, seal: sum.update('}').digest('hex') };
};
