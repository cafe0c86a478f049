/** A fork is a task of its own that starts from another one's files and words, as they are or as they were. */
import { describe, expect, test } from 'vitest';
import type { Consequence, Task } from '../../src/api/contract/index.ts';
import { carriedWords } from '../../src/services/carried-words.ts';
import { begin, observe } from '../support/played-world.ts';
import { openShop, running } from '../support/shop.ts';

describe('forking', () => {
  test('a running task: the new one knows where it came from, what was said, and starts from that commit; the other goes on', async () => {
    const house = await openShop();
    const { task, agent } = await running(house);
    const path = `/api/v1/tasks/${task.id}/fork`;
    const before = await house.data<Task>('GET', `/api/v1/tasks/${task.id}`);
    const told = await house.data<Consequence>('POST', `${path}?dry_run=true`, { prompt: 'Another way' });
    expect(told).toMatchObject({ dryRun: true, legal: true, becomes: 'queued' });
    expect(told.consequence).toMatch(/everything in its worktree now.*memory of its agent is not copied.*undisturbed/);
    expect(house.workspaces.calls).toEqual([]);
    const fork = await house.data<Task>('POST', path, { prompt: 'Another way', priority: 3 });
    expect(fork).toMatchObject({
      status: 'queued',
      title: 'Another way',
      priority: 3,
      profile: task.profile,
      from: { id: task.id, before: null },
    });
    expect(fork.prompt).toMatch(/^Another way\n\n---\nThis goes on from another task, "Do it"[^]*It was asked:\n> Do it/);
    expect(house.workspaces.calls).toEqual(['fork ccm-x/y now']);
    await begin(house, fork.id);
    const prepared = house.calls.filter((call) => call.name === 'workspace.prepare').at(-1);
    expect(prepared?.params).toMatchObject({ task: fork.id, reuse: null, from: 'c'.repeat(40) });
    expect(await house.data<Task>('GET', `/api/v1/tasks/${task.id}`)).toEqual(before);
    expect(house.runtime.state(agent)?.view.ended).toBe(false);
    expect(await house.runtime.verify()).toEqual([]);
  });

  test('a retry of a fork starts from the same commit again', async () => {
    const house = await openShop();
    const { task } = await running(house);
    const fork = await house.data<Task>('POST', `/api/v1/tasks/${task.id}/fork`, {});
    const agent = await begin(house, fork.id);
    for (const fact of ['ready', 'busy', 'failed']) await observe(house, agent, fact);
    await house.data('POST', `/api/v1/tasks/${fork.id}/retry`, {});
    await begin(house, fork.id);
    const from = house.calls.flatMap(({ name, params }) =>
      name === 'workspace.prepare' && params['task'] === fork.id ? [params['from']] : [],
    );
    expect(from).toEqual(['c'.repeat(40), 'c'.repeat(40)]);
  });

  test('from a moment of its past: only what was committed and said by then', async () => {
    const house = await openShop();
    const { task, agent } = await running(house);
    const moment = house.clock.now();
    house.clock.advance(60_000);
    await house.data('POST', `/api/v1/tasks/${task.id}/messages`, { text: 'Said later' });
    await observe(house, agent, 'ready');
    const fork = await house.data<Task>('POST', `/api/v1/tasks/${task.id}/fork`, { before: moment });
    expect(house.workspaces.calls).toEqual([`fork ccm-x/y ${moment}`]);
    expect(fork.from).toMatchObject({ id: task.id, before: moment });
    expect(fork.notes).toContain('Of its files only what was committed by then is carried over.');
    expect(fork.prompt).not.toContain('Said later');
    const now = await house.data<Task>('POST', `/api/v1/tasks/${task.id}/fork`, {});
    expect(now.prompt).toContain('A person said:\n> Said later');
    for (const wrong of [moment - 86_400_000, house.clock.now() + 60_000])
      expect((await house.ask('POST', `/api/v1/tasks/${task.id}/fork`, { body: { before: wrong } })).status).toBe(400);
  });

  test('what has no files of its own cannot be forked, and is told why beforehand too', async () => {
    const house = await openShop();
    const waiting = await house.make();
    const path = `/api/v1/tasks/${waiting.id}/fork`;
    expect(await house.data<Consequence>('POST', `${path}?dry_run=true`, {})).toMatchObject({
      legal: false,
      consequence: expect.stringContaining('has not started'),
    });
    expect((await house.ask('POST', path, { body: {} })).body).toMatchObject({ code: 'CCM_ILLEGAL_MOVE', legal: expect.any(Array) });
  });

  test('asked twice with one key, it is made once', async () => {
    const house = await openShop();
    const { task } = await running(house);
    const send = () => house.ask('POST', `/api/v1/tasks/${task.id}/fork`, { body: {}, headers: { 'idempotency-key': 'fork-once-0001' } });
    const [first, second] = [await send(), await send()];
    expect(first.body).toMatchObject({ data: { id: expect.any(String) } });
    expect(second.body).toEqual(first.body);
    expect(house.workspaces.calls).toHaveLength(1);
  });
});

test('words carried over stay small: the last ones are kept, and how many are left out is said', () => {
  const messages = Array.from({ length: 20 }, (_, i) => ({ at: i, text: `${i} ${'x'.repeat(5000)}`, answer: null, receipts: {} }));
  const text = carriedWords({ name: { title: 'T', short: 'abcde' }, prompt: 'P', messages, summary: 'The end' }, undefined, null);
  expect(text.length).toBeLessThan(30_000);
  expect(text).toMatch(/\(1\d earlier things that were said are left out\.\)/);
  expect(text).toContain('> 19 xxx');
  expect(text).toContain('At the end its agent said:\n> The end');
  expect(text).not.toContain('> 0 xxx');
});

describe('a pull request', () => {
  test('is for ended tasks with a branch; what would come of it is told beforehand', async () => {
    const house = await openShop();
    const { task, agent } = await running(house);
    const path = `/api/v1/tasks/${task.id}/pr`;
    expect((await house.ask('POST', path, { body: {} })).body).toMatchObject({ code: 'CCM_ILLEGAL_MOVE' });
    expect(await house.data<Consequence>('POST', `${path}?dry_run=true`, {})).toMatchObject({ legal: false });
    for (const fact of ['ready', 'busy', 'done']) await observe(house, agent, fact);
    expect(await house.data<Consequence>('POST', `${path}?dry_run=true`, {})).toMatchObject({
      legal: true,
      consequence: expect.stringContaining('is pushed'),
    });
    expect(house.workspaces.calls).toEqual([]);
    expect(await house.data('POST', path, { title: 'Mine' })).toMatchObject({ opened: true, url: 'https://github.com/ada/shop/pull/7' });
    expect(house.workspaces.calls).toEqual(['publish ccm-x/y Mine']);
  });
});
