import { expect, it } from 'vitest';
import { secondTryOf } from './second-tries.ts';

it('names the test and the first line that says why', () => {
  expect(secondTryOf('test/e2e/task.test.ts', 'a task > ends', [{ message: '\nNot within 5 s\n  at x' }])).toEqual({
    test: 'test/e2e/task.test.ts > a task > ends',
    why: 'Not within 5 s',
    excused: true,
  });
});

it('excuses nothing where only our own code runs', () => {
  expect(secondTryOf('test/runtime/turn.test.ts', 'commits', []).excused).toBe(false);
  expect(secondTryOf('test/machines/task.test.ts', 'moves', []).excused).toBe(false);
});
