/** A budget that is reached halts its task and asks; it kills nothing, and admission respects it with its reason. */
import { describe, expect, test } from 'vitest';
import { admit, holdSentence, type Waiting } from '../../machines/admission.ts';
import type { InboxItem, Task, Why } from '../../src/api/contract/index.ts';
import { budgetWatch } from '../../src/daemon/budget-watch.ts';
import { type Budgets, budgetBook } from '../../src/money/budgets.ts';
import { openShop, running } from '../support/shop.ts';

const none: Budgets = { task: null, day: null, projects: new Map() };
const setUp = async (budgets: Partial<Budgets> = {}, own?: number) => {
  const house = await openShop();
  const make = house.make;
  const { task, agent } = await running({ ...house, make: () => make(own === undefined ? {} : { budget: own }) });
  const limits = { ...none, ...budgets };
  const { store } = house.house;
  const book = budgetBook({ book: store.usage, budgets: () => limits, project: (id) => store.projects.get(id)?.name });
  const tell = budgetWatch({ budgets: book, runtime: house.runtime, clock: house.clock, log: house.house.log });
  const token = house.desk.issueForAgent(agent).secret;
  const spend = async (costMicroUsd: number) => {
    await house.ask('POST', '/api/v1/report', { token, body: { report: 'usage', used: { costMicroUsd } } });
    tell({ task: task.id });
    await house.runtime.idle();
  };
  const shown = () => house.data<Task>('GET', `/api/v1/tasks/${task.id}`);
  const give = async (verb: string, body: object = {}) => {
    await house.data('POST', `/api/v1/tasks/${task.id}/${verb}`, body);
    await house.runtime.idle();
  };
  const asked = (name: string) => house.calls.filter((call) => call.name === name).length;
  return { house, task, agent, book, spend, shown, give, asked };
};

describe('a budget', () => {
  test('that is reached halts the agent and asks; nothing is killed', async () => {
    const { house, task, spend, shown, asked } = await setUp({ task: 1_000_000 });
    await spend(900_000);
    expect(await shown()).toMatchObject({ status: 'working' });
    await spend(200_000);
    expect(await shown()).toMatchObject({
      status: 'overBudget',
      attention: 2,
      ended: false,
      overrun: { scope: 'task', limit: 1_000_000, spent: 1_100_000 },
      reason: '$1.10 of its budget of $1.00 is used',
    });
    expect([asked('agent.suspend'), asked('agent.stop'), asked('agent.kill')]).toEqual([1, 0, 0]);
    const [item] = await house.data<InboxItem[]>('GET', '/api/v1/inbox');
    expect(item).toMatchObject({ kind: 'task', status: 'overBudget', text: '$1.10 of its budget of $1.00 is used' });
    expect(item?.commands.map(({ verb }) => verb)).toEqual(expect.arrayContaining(['resume', 'budget', 'stop']));
    expect((await house.data<Why>('GET', `/api/v1/tasks/${task.id}/why`)).sentence).toContain('halted and asks you: $1.10 of its budget');
  });

  test('go on: the same budget does not ask again, a higher one would', async () => {
    const { house, agent, spend, shown, give, asked } = await setUp({ task: 1_000_000 });
    await spend(1_000_000);
    await house.runtime.send(agent, { type: 'SUSPENDED', launch: 1 });
    await give('resume');
    expect(await shown()).toMatchObject({ status: 'working', overrun: null, reason: null });
    expect(asked('agent.continue')).toBe(1);
    await spend(5_000_000);
    expect(await shown()).toMatchObject({ status: 'working' });
    await give('budget', { budget: 6_500_000 });
    await spend(1_000_000);
    expect(await shown()).toMatchObject({ status: 'overBudget', overrun: { limit: 6_500_000 } });
  });

  test('raise: it goes on when that is more than was used, and not before', async () => {
    const { spend, shown, give } = await setUp({}, 1_000_000);
    await spend(2_000_000);
    await give('budget', { budget: 1_500_000 });
    expect(await shown()).toMatchObject({ status: 'overBudget', budget: 1_500_000 });
    await give('budget', { budget: 3_000_000 });
    expect(await shown()).toMatchObject({ status: 'working', budget: 3_000_000, overrun: null });
  });

  test('stop ends it', async () => {
    const { house, spend, shown, give } = await setUp({ task: 1 });
    await spend(1);
    await give('stop');
    await house.runtime.idle();
    expect(await shown()).toMatchObject({ status: 'cancelled' });
  });

  test('of a project or the day halts everything that runs under it', async () => {
    const { house, spend, shown } = await setUp({ projects: new Map([['shop', 1_000_000]]) });
    const other = await running(house);
    await spend(1_000_000);
    expect(await shown()).toMatchObject({ status: 'overBudget', overrun: { scope: 'project' } });
    expect(house.runtime.state(other.task.id)?.status).toBe('overBudget');
  });

  test('counts only what is known: tokens without a price reach no budget', async () => {
    const { house, task, book } = await setUp({ task: 1 });
    expect(book.reached({ id: task.id, project: task.project.id, own: null }, house.clock.now())).toEqual([]);
  });
});

describe('admission', () => {
  const waiting: Waiting = { id: 't', project: 'p', profile: 'a', profileLimit: 0, priority: 0, since: 1, isolated: true };
  const limits = { concurrency: 4, spacingMs: 0 };
  test('starts nothing under a budget that is used up, says so, and asks again when the day is over', () => {
    const spent = { scope: 'day' as const, limit: 40_000_000, spent: 41_500_000, until: 9_000 };
    const answer = admit(
      [
        { ...waiting, spent },
        { ...waiting, id: 'other', project: 'q' },
      ],
      [],
      limits,
      5,
      null,
    );
    expect(answer.grants, 'it blocks nobody else').toEqual(['other']);
    expect(answer.againAt).toBe(9_000);
    const hold = answer.holds.get('t') ?? expect.unreachable();
    expect(holdSentence(hold, 0)).toBe(
      'The budget of the day is used up ($41.50 of $40.00): it starts at midnight, or when [budget] in config.toml allows more.',
    );
  });
});
