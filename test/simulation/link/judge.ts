/** When all is calm again: everybody connected, nothing waiting, each task done once and where it was meant to be, and both machines say the same. */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../support/until.ts';
import type { LinkView, LinkWorld, Node, Task, Wanted } from './world.ts';

const connected = new Set(['online', 'executing']);
export const isConnected = ({ state }: LinkView): boolean => connected.has(state);

const nextTry = ({ nextAt, evidence }: LinkView): string =>
  `${nextAt === null ? 'no next try' : `next try in ${Math.round((nextAt - Date.now()) / 1000)} s`}, seen: ${evidence?.text ?? 'nothing'}`;

/** Of a task, as both machines must tell it. */
const told = ({ status, result }: Task) => `${status}: ${result?.summary ?? 'nothing'}`;

export const untilSettled = async ({ nodes, wanted }: LinkWorld, boundMs: number): Promise<void> => {
  let last = '';
  await until(
    'both machines to have come to rest',
    async () => {
      const open: string[] = [];
      for (const one of nodes) {
        const link = await one.link();
        // First: the tasks are many, and what they wait for is this.
        if (!isConnected(link) || link.pending > 0)
          open.unshift(`${one.name} ${link.state} (${link.reason}), ${link.pending} wait, ${nextTry(link)}`);
        const tasks = await one.tasks();
        for (const { id } of wanted.values()) {
          const task = tasks.get(id);
          if (!task?.ended) open.push(`${one.name} has ${id} as ${task?.status ?? 'not there'}`);
        }
      }
      last = open.slice(0, 8).join('; ');
      // A look costs both daemons something.
      if (open.length > 0) await pause(200);
      return open.length === 0 ? true : undefined;
    },
    boundMs,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${last}`);
  });
};

const judgeTask = ({ startsOf }: LinkWorld, { id, on }: Wanted, seen: ReadonlyArray<readonly [Node, Task | undefined]>): void => {
  for (const [node, task] of seen) {
    assert.ok(task, `${node.name} has lost ${id}`);
    assert.equal(told(task), `succeeded: done on ${on.name}`, `${id}, as ${node.name} tells it`);
    // A machine that was put back to an older copy knows its own later tasks from the hub alone.
    if (task.system !== null || node !== on) assert.equal(task.system, on.name, `where ${id} is, as ${node.name} tells it`);
  }
  assert.deepEqual(startsOf(id), [on.name], `the starts of ${id}`);
};

/** @throws in words when a task is lost, done twice, done elsewhere, or told differently. */
export const judge = async (world: LinkWorld): Promise<void> => {
  const [a, b] = world.nodes;
  const [ofA, ofB] = [await a.tasks(), await b.tasks()];
  for (const one of world.wanted.values()) {
    judgeTask(world, one, [
      [a, ofA.get(one.id)],
      [b, ofB.get(one.id)],
    ]);
  }
  assert.deepEqual([...ofA.keys()].toSorted(), [...ofB.keys()].toSorted(), 'both machines know the same tasks');
  for (const node of world.nodes) {
    const { rejected } = await node.link();
    assert.equal(rejected, 0, `operations of ${node.name} were put aside`);
  }
  const rows = await world.gateway.query(`select id::text, exec from public.ccm_task where not del and exec not in ('ended')`);
  assert.deepEqual(rows, [], 'tasks the hub does not know as ended');
};
