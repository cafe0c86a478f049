/** What agents use, from their word to the figures people read. */
import { describe, expect, test } from 'vitest';
import type { Agent, Task, UsageReport } from '../../src/api/contract/index.ts';
import { dayOf } from '../../src/money/day.ts';
import { openShop, running, type Shop } from '../support/shop.ts';

const config = `
[prices]
version = "2026-11"
[prices.models."m-*"]
input = 2
output = 10
cache_read = 0.2
`;

let house: Shop;
let agent: string;
let task: string;
let reporter: string;
const begin = async () => {
  house = await openShop({ config });
  const shop = await running(house);
  agent = shop.agent;
  task = shop.task.id;
  reporter = house.desk.issueForAgent(agent).secret;
};
const report = (body: object) => house.ask('POST', '/api/v1/report', { token: reporter, body: { report: 'usage', ...body } });
const usage = (query = '') => house.data<UsageReport>('GET', `/api/v1/usage${query}`);

describe('what agents use', () => {
  test('is unknown until something was heard', async () => {
    await begin();
    expect(await usage()).toMatchObject({ by: 'task', from: null, total: { requests: 0, costMicroUsd: null }, prices: '2026-11' });
    const quiet = await house.data<Task>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'Later' });
    expect((await house.data<Task>('GET', `/api/v1/tasks/${quiet.id}`)).usage).toBeNull();
  });

  test('stands with its task, its agent and its day, priced by the table', async () => {
    await begin();
    await report({ used: { model: 'm-1', input: 1000, output: 100, cacheRead: 5000 }, id: 'r1' });
    const figures = {
      requests: 1,
      turns: 1,
      busyMs: 0,
      input: 1000,
      output: 100,
      cacheRead: 5000,
      cacheWrite: 0,
      costMicroUsd: 4000,
      unpriced: 0,
    };
    expect((await house.data<Task>('GET', `/api/v1/tasks/${task}`)).usage).toEqual(figures);
    expect((await house.data<Agent>('GET', `/api/v1/agents/${agent}`)).usage).toEqual(figures);
    expect((await house.data<Task[]>('GET', '/api/v1/tasks'))[0]?.usage).toEqual(figures);
    const lastAt = house.clock.now();
    expect((await usage()).rows).toEqual([{ key: task, name: 'Do it', short: expect.any(String), ...figures, lastAt }]);
    expect((await usage('?by=project')).rows).toMatchObject([{ name: 'shop', costMicroUsd: 4000 }]);
    expect((await usage('?by=day')).rows).toMatchObject([{ key: dayOf(lastAt), name: dayOf(lastAt) }]);
    expect((await usage('?by=model')).rows).toMatchObject([{ key: 'm-1', turns: null, busyMs: null }]);
    expect((await usage('?by=agent')).rows).toMatchObject([{ key: agent }]);
    expect((await usage(`?since=${lastAt + 1}`)).total).toBeNull();
    expect((await usage(`?task=${task}`)).total).toEqual(figures);
  });

  test('counts a request once, however often it is told, and with the most that was told of it', async () => {
    await begin();
    for (const output of [10, 100, 40]) await report({ used: { model: 'm-1', input: 1000, output, request: 'turn-1' } });
    expect((await usage()).total).toMatchObject({ requests: 1, input: 1000, output: 100, costMicroUsd: 3000 });
  });

  test('has no figure for what nobody knows, and says of how much', async () => {
    await begin();
    await report({ used: { model: 'other', input: 500 }, id: 'r1' });
    expect((await usage()).total).toMatchObject({ input: 500, costMicroUsd: null, unpriced: 1 });
    await report({ used: { costMicroUsd: 70 }, id: 'r2' });
    expect((await usage()).total).toMatchObject({ requests: 2, costMicroUsd: 70, unpriced: 1 });
    expect((await usage('?by=model')).rows.map(({ name, costMicroUsd }) => [name, costMicroUsd])).toEqual([
      ['unknown', 70],
      ['other', null],
    ]);
  });

  test('what the program itself says it cost goes before the table', async () => {
    await begin();
    await report({ used: { model: 'm-1', input: 1_000_000, costMicroUsd: 5 }, id: 'r1' });
    expect((await usage()).total).toMatchObject({ costMicroUsd: 5 });
  });

  test('a report of usage is no sign of life: it changes no state', async () => {
    await begin();
    const before = house.runtime.state(agent)?.seq;
    await report({ used: { input: 1 } });
    expect(house.runtime.state(agent)?.seq).toBe(before);
  });

  test.each([[{}], [{ used: { input: -1 } }], [{ used: { input: 1.5 } }], [{ used: { tokens: 1 } }]])('%j is refused', async (body) => {
    await begin();
    expect((await report(body)).status).toBe(400);
    expect((await usage()).total?.requests).toBe(0);
  });
});
