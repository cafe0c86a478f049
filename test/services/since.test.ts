import { expect, test } from 'vitest';
import { kinds } from '../../machines/index.ts';
import type { ActorState, JournalEntry } from '../../src/runtime/types.ts';
import { sinceBook } from '../../src/services/since.ts';

/** The nth step at n seconds; statuses as message charts tell them. */
const told = (values: readonly string[]) => {
  const asked: number[] = [];
  const history = (_: string, { after = 0 } = {}): JournalEntry[] => {
    asked.push(after);
    return values.slice(after).map((value, i) => {
      const snapshot = { value, context: { text: 'x', reason: null }, status: 'active' };
      return {
        kind: 'message',
        version: kinds.message.version,
        at: (after + i + 1) * 1000,
        snapshot,
      } satisfies Partial<JournalEntry> as JournalEntry;
    });
  };
  const state = (): ActorState =>
    ({ id: 'm', seq: values.length, status: values.at(-1) ?? '', createdAt: 1 }) satisfies Partial<ActorState> as ActorState;
  return { asked, since: sinceBook({ history }, kinds), state };
};

test('since when, also after many steps nobody asked about: only those are read', () => {
  const values = ['queued', 'typing', 'typing'];
  const { asked, since, state } = told(values);
  expect(since(state())).toBe(2000);
  values.push('typing', 'typing', 'typing');
  expect(since(state())).toBe(2000);
  values.push('submitted', 'queued', 'queued');
  expect(since(state())).toBe(8000);
  expect(since(state())).toBe(8000);
  expect(asked).toEqual([0, 3, 6]);
});
