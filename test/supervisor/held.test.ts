/** A hook that is held gets its decision, also one that is quicker than the holding. */
import { expect, test } from 'vitest';
import { heldHooks } from '../../src/supervisor/listen/held.ts';

const never = new AbortController().signal;
const allow = { decision: 'allow' as const, text: null };
const setUp = () => heldHooks({ after: () => () => undefined });

test('a decision by policy, made in the very commit of the question, is not lost on the way to who waits', async () => {
  const held = setUp();
  held.expect('a1');
  expect(held.settle('a1', allow)).toBe(true);
  expect(await held.wait('a1', never)).toEqual(allow);
  expect(held.settle('a1', allow), 'once').toBe(false);
});

test('nobody waits for what was not expected: it has to be typed', () => {
  expect(setUp().settle('a1', allow)).toBe(false);
});

test('one that is expected and not decided is held as ever', async () => {
  const held = setUp();
  held.expect('a1');
  const waiting = held.wait('a1', never);
  expect(held.settle('a1', allow)).toBe(true);
  expect(await waiting).toEqual(allow);
});
