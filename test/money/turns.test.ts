/** Turns and busy time, counted from the steps of the agent's chart as they are committed. */
import { expect, test } from 'vitest';
import type { Task, UsageReport } from '../../src/api/contract/index.ts';
import { observe, begin as start } from '../support/played-world.ts';
import { openShop } from '../support/shop.ts';

const begin = async () => {
  const house = await openShop();
  const task = await house.make();
  const agent = await start(house, task.id);
  // Its box is drawn: it gets its prompt.
  await observe(house, agent, 'ready');
  await observe(house, agent, 'busy', '', 'hook');
  const says = async (fact: string, ms = 10) => {
    // The observation itself takes ten.
    house.clock.advance(ms - 10);
    await observe(house, agent, fact, '', 'hook');
  };
  const total = async () => (await house.data<UsageReport>('GET', '/api/v1/usage')).total;
  const first = (await total())?.busyMs ?? 0;
  /** Turns, and busy milliseconds since the test began. */
  const figures = async () => {
    const sum = await total();
    return [sum?.turns, (sum?.busyMs ?? 0) - first];
  };
  return { house, task, agent, says, figures, first };
};

test('what goes on counts up to now, what has ended up to its end', async () => {
  const { house, says, figures } = await begin();
  expect(await figures()).toEqual([1, 0]);
  house.clock.advance(60_000);
  expect(await figures()).toEqual([1, 60_000]);
  await says('done', 30_000);
  house.clock.advance(60_000);
  expect(await figures()).toEqual([1, 90_000]);
});

test('waiting for a person or for a limit is one and the same turn, and no busy time', async () => {
  const { agent, house, says, figures } = await begin();
  await says('limited', 10_000);
  await says('busy', 100_000);
  await house.runtime.send(agent, {
    type: 'ASKED',
    approval: house.runtime.newId(),
    kind: 'question',
    text: 'Which?',
    tool: null,
    choices: [],
    expiresAt: null,
    source: 'hook',
    observedAt: house.clock.now(),
  });
  await house.runtime.idle();
  await says('busy', 1_000_000);
  await says('interrupted', 5_000);
  expect(await figures()).toEqual([1, 15_000]);
});

test('a message that waits begins a turn of its own in the step that ends the one before', async () => {
  const { house, task, says, figures, first } = await begin();
  await house.data('POST', `/api/v1/tasks/${task.id}/messages`, { text: 'and then this' });
  await says('done', 10_000);
  expect(await figures()).toEqual([2, 10_000]);
  await says('done', 7_000);
  expect(await figures()).toEqual([2, 17_000]);
  expect((await house.data<Task>('GET', `/api/v1/tasks/${task.id}`)).usage).toMatchObject({
    requests: 0,
    turns: 2,
    busyMs: first + 17_000,
  });
  for (const by of ['task', 'agent', 'project', 'day', 'profile'])
    expect((await house.data<UsageReport>('GET', `/api/v1/usage?by=${by}`)).rows).toMatchObject([{ turns: 2, busyMs: first + 17_000 }]);
  expect((await house.data<UsageReport>('GET', '/api/v1/usage?by=model')).rows).toEqual([]);
});

test('the end of its program is the end of its turn', async () => {
  const { house, agent, figures } = await begin();
  house.clock.advance(4_000);
  await house.runtime.send(agent, { type: 'PROCESS_GONE', launch: 1, detail: 'gone' });
  await house.runtime.idle();
  expect((await figures())[1]).toBe(4_000);
  expect(house.house.store.turns.going(agent)).toBe(false);
});
