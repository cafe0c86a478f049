/** Steps that come faster than pictures: each is heard, the list changes once for a picture, and what is newer is never undone. */
import { beforeEach, expect, test } from 'vitest';
import type { FeedRow, Task } from '../../web/src/api/types.ts';
import { perFrame } from '../../web/src/store/per-frame.ts';
import { sparing } from '../../web/src/store/sparing.ts';
import { putTask, takeSteps } from '../../web/src/store/task-list.ts';

let due: (() => void)[] = [];
const later = (work: () => void): void => void due.push(work);
const pass = (): void => {
  const now = due;
  due = [];
  for (const work of now) work();
};
beforeEach(() => {
  due = [];
});

test('what comes between two pictures is handed over once, whole and in order', () => {
  const handed: number[][] = [];
  const take = perFrame<number>((all) => handed.push(all), later);
  for (const n of [1, 2, 3]) take(n);
  expect(handed).toEqual([]);
  pass();
  take(4);
  pass();
  pass();
  expect(handed).toEqual([[1, 2, 3], [4]]);
});

test('what is asked for without end is done at once, then in a rhythm, and once after the last time', () => {
  const done: string[] = [];
  const seldom = sparing(1000, later);
  for (const n of [1, 2, 3]) seldom('a', () => done.push(`a${n}`));
  seldom('b', () => done.push('b'));
  expect(done).toEqual(['a1', 'b']);
  pass();
  expect(done).toEqual(['a1', 'b', 'a3']);
  pass();
  pass();
  expect(done).toEqual(['a1', 'b', 'a3']);
});

const agentState = { id: 'agent', short: 'ag', status: 'ready', progress: null, since: 1, limit: null } satisfies Task['agentState'];
const task = (more: Partial<Task>) => ({ id: 'task', seq: 4, status: 'working', title: 't', attention: 0, agentState, ...more }) as Task;
const step = (more: Partial<FeedRow>): FeedRow => ({
  gseq: 9,
  actor: 'agent',
  kind: 'agent',
  seq: 7,
  at: 50,
  type: 'OBSERVED',
  by: null,
  transitions: [],
  value: 'x',
  status: 'busy',
  attention: 0,
  task: 'task',
  title: 't',
  ...more,
});
const after = (rows: FeedRow[], known = task({})): Task => {
  const tasks = new Map([[known.id, known]]);
  takeSteps(rows)(tasks);
  return tasks.get('task') ?? known;
};

test('a step of an agent tells its card what it does, and since when it is in another state', () => {
  expect(after([step({ progress: 'reads' }), step({ at: 60, progress: 'writes' })]).agentState).toEqual({
    ...agentState,
    status: 'busy',
    since: 50,
    progress: 'writes',
  });
  expect(after([step({ actor: 'an earlier one' })]).agentState).toEqual(agentState);
  const calm = task({});
  expect(after([step({ kind: 'message', actor: 'm', task: 'another' })], calm)).toBe(calm);
});

test('neither an old step nor an answer that was under way undoes what is known', () => {
  expect(after([step({ kind: 'task', actor: 'task', seq: 3, status: 'queued' })]).status).toBe('working');
  expect(after([step({ kind: 'task', actor: 'task', seq: 5, status: 'stopping' })]).status).toBe('stopping');
  const tasks = new Map([['task', task({ seq: 5, status: 'stopping' })]]);
  putTask(task({ seq: 4 }))(tasks);
  expect(tasks.get('task')?.status).toBe('stopping');
});
