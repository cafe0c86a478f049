/** Text for people is never cut in the middle of a character: half of one is shown as � for ever. */
import { expect, test } from 'vitest';
import { approvalKind } from '../../machines/approval.ts';
import { messageKind } from '../../machines/message.ts';
import { titleOf } from '../../machines/title-of.ts';
import { firstOf, lastOf, unbroken } from '../../src/lib/cut-text.ts';

const key = '🔑';

test('a beginning and an end hold whole characters, and never more than was asked for', () => {
  expect([firstOf('abc', 3), lastOf('abc', 3), firstOf('', 5), lastOf('', 5)]).toEqual(['abc', 'abc', '', '']);
  for (let max = 1; max < 12; max += 1) {
    const text = `a${key.repeat(6)}`;
    for (const cut of [firstOf(text, max), lastOf(text, max), titleOf(text, max)]) {
      expect(cut.isWellFormed(), `${max}: ${cut}`).toBe(true);
      expect(cut.length).toBeLessThanOrEqual(max);
      expect(cut.length).toBeGreaterThanOrEqual(max - 1);
    }
  }
  expect(unbroken(`ab${key}`.slice(0, 3))).toBe('ab');
  expect(unbroken(`ab${key}`)).toBe(`ab${key}`);
});

test.each([
  ['message', messageKind, 80],
  ['approval', approvalKind, 120],
] as const)('the title of a long %s ends with a whole character', (_name, kind, max) => {
  const text = `${'a'.repeat(max - 1)}${key}`;
  const value = kind === messageKind ? 'queued' : 'pending';
  const { title } = kind.view({ status: 'active', value, context: { text, agent: 'a', task: 't', project: 'p' } });
  expect(title).toBe('a'.repeat(max - 1));
});
