/** `ccm ls --status` refuses a word that no task can have: so it must know every one that the chart has. */
import { expect, it } from 'vitest';
import { taskMachine, taskStatus } from '../../machines/task/index.ts';
import { statusNamed, statusWord, taskStatuses } from '../../src/cli/status.ts';
import { runInside } from '../support/cli-world.ts';

it('knows the status of every state on the chart of tasks', () => {
  const leaves = Object.entries(taskMachine.states).flatMap(([outer, { states }]): unknown[] =>
    Object.keys(states).length === 0
      ? [outer]
      : Object.entries(states).flatMap(([inner, { type }]) => (type === 'history' ? [] : [{ [outer]: inner }])),
  );
  expect(leaves.length).toBeGreaterThan(15);
  expect(leaves.map(taskStatus).filter((status) => !taskStatuses.includes(status))).toEqual([]);
});

it('refuses one that is none, and says what was probably meant', async () => {
  const { code, stderr } = await runInside(['ls', '--status', 'failed,succeded'], '/nowhere/home');
  expect([code, stderr]).toEqual([2, 'No task can be "succeded".\n→ Did you mean succeeded?\n']);
});

it('takes the words that the list shows', () => {
  expect(taskStatuses.map(statusWord).map(statusNamed)).toEqual(taskStatuses);
});
