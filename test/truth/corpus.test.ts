/** Law 4, by example: signals that contradict each other, and the one way the statuses may go. See README.md. */
import { describe, test } from 'vitest';
import { corpus, judge, tableRows } from './judge.ts';

describe.each(corpus())('$group', ({ cases }) => {
  // Its time is that of its own clock; a busy machine plays it slowly.
  for (const one of cases) test(one.name, () => judge(one), 120_000);
});

describe('the table', () => {
  for (const { name, judge: row } of tableRows()) test(name, row);
});
