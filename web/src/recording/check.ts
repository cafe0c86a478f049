/** Recomputes a recording's chain and seal. */
import type { Recording } from '../api/types.ts';

const hex = (bytes: ArrayBuffer): string => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const sha256 = async (text: string): Promise<string> => hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));

/** Fields by name: as the recorder did it. */
const ordered = (value: unknown): unknown => {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(ordered);
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, ordered(inner)]),
  );
};

export type Checked = { whole: boolean; steps: number; problem: string | null };

/** Throws nothing; without the browser's own hashing it says that nothing was checked. */
export const checkRecording = async (recording: Recording): Promise<Checked> => {
  const steps = recording.rows.length;
  if (typeof crypto === 'undefined' || !crypto.subtle)
    return { whole: false, steps, problem: 'This browser does not compute hashes for files: nothing was checked.' };
  const last = new Map<string, string>();
  for (const { link, ...row } of recording.rows) {
    const expected = await sha256(`${last.get(row.actor) ?? ''}\n${JSON.stringify(ordered(row))}`);
    if (expected !== link)
      return { whole: false, steps, problem: `Step ${row.seq} of ${row.kind} ${row.actor} (number ${row.gseq}) does not fit its chain.` };
    last.set(row.actor, link);
  }
  if ((await sha256(JSON.stringify(ordered({ ...recording, seal: '' })))) !== recording.seal)
    return { whole: false, steps, problem: 'The steps fit their chain, but something beside them was changed.' };
  return { whole: true, steps, problem: null };
};
