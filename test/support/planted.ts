/** A home whose actors stand in states of the test's choice, as if they had come there by themselves. */
import Database from 'better-sqlite3';
import { effects } from '../../machines/effects.ts';
import { kinds } from '../../machines/index.ts';
import type { Kind, SavedSnapshot } from '../../machines/kind.ts';
import { notingHandlers, openHouse } from './house.ts';
import { type TempStore, tempStore } from './temp-store.ts';

/** `input` makes the actor, `saved` is what it is then said to remember. */
export type Seed = { kind: Kind; id: string; input: Record<string, unknown>; saved: SavedSnapshot };

export const plant = async (seeds: readonly Seed[]): Promise<TempStore> => {
  const temp = tempStore();
  const house = await openHouse({ kinds, effects, temp, seed: 7, handlers: () => notingHandlers([]) });
  await house.runtime.transaction((step) => {
    for (const { kind, input, id } of seeds) step.create(kind, { ...input, id });
  });
  await house.runtime.shutdown();
  house.crash();
  const file = new Database(temp.file);
  const read = file.prepare<[string], { snapshot: string }>(
    'select snapshot from journal where gseq = (select gseq from actors where id = ?)',
  );
  const write = file.prepare('update journal set snapshot = ? where gseq = (select gseq from actors where id = ?)');
  file.transaction(() => {
    for (const { id, saved } of seeds) {
      // What a walk of the bare chart does not know of, the actor does.
      const born: SavedSnapshot = JSON.parse(read.get(id)?.snapshot ?? '{}');
      write.run(JSON.stringify({ ...saved, context: { ...born.context, ...saved.context } }), id);
    }
  })();
  file.exec('delete from timers; delete from outbox;');
  file.close();
  return temp;
};
