/** A usage limit: seen with its end, waited out, and the same conversation goes on; unless that is switched off. */
import { describe, expect, test } from 'vitest';
import type { Agent, Message, Task, Why } from '../../src/api/contract/index.ts';
import { observe } from '../support/played-world.ts';
import { openShop, running } from '../support/shop.ts';

const HOUR = 3_600_000;
const setUp = async (config = '') => {
  const house = await openShop({ config });
  const { task, agent } = await running(house);
  await observe(house, agent, 'ready');
  await observe(house, agent, 'busy', 'at work', 'hook');
  /** Its provider refuses; `inMs`: when it says that this ends. */
  const limit = async (inMs: number | null) => {
    house.clock.advance(10);
    const observedAt = house.clock.now();
    const until = inMs === null ? {} : { until: observedAt + inMs };
    await house.runtime.send(agent, {
      type: 'OBSERVED',
      launch: null,
      fact: 'limited',
      source: 'hook',
      observedAt,
      detail: 'usage limit',
      ...until,
    });
    await house.runtime.idle();
  };
  const wait = async (ms: number) => {
    house.clock.advance(ms);
    await house.runtime.idle();
  };
  const typed = () => house.calls.filter(({ name }) => name === 'agent.type').map(({ params }) => params['text']);
  const status = () => house.runtime.state(agent)?.status;
  const messages = () => house.data<Message[]>('GET', `/api/v1/tasks/${task.id}/messages`);
  return { house, task, agent, limit, wait, typed, status, messages };
};

describe('a usage limit', () => {
  test('is shown with its end and a countdown, and at its end the same conversation goes on', async () => {
    const { house, task, agent, limit, wait, typed, status, messages } = await setUp();
    await limit(2 * HOUR);
    const resumesAt = house.clock.now() + 2 * HOUR;
    expect((await house.data<Agent>('GET', `/api/v1/agents/${agent}`)).limit).toEqual({ until: resumesAt, resumesAt });
    const shown = await house.data<Task>('GET', `/api/v1/tasks/${task.id}`);
    expect(shown).toMatchObject({ status: 'limited', attention: 1, agentState: { limit: { resumesAt } } });
    const why = await house.data<Why>('GET', `/api/v1/tasks/${task.id}/why`);
    expect(why.sentence).toMatch(/has reached a limit of its provider, until .*; then it goes on by itself\.$/);
    expect(why.timers).toMatchObject([{ due: resumesAt, in: 2 * HOUR }]);
    await wait(2 * HOUR - 1_000);
    expect(status()).toBe('limited');
    await wait(1_001);
    expect(status()).toBe('busy');
    expect(typed(), 'its prompt is not typed again').toEqual(['Do it', 'Go on where you left off.']);
    expect(house.runtime.state(agent)?.context['launch'], 'the same program').toBe(1);
    await observe(house, agent, 'done', 'All finished', 'hook');
    expect(await messages()).toMatchObject([{ text: 'Do it', status: 'answered' }]);
    expect(house.runtime.state(task.id)?.status).toBe('succeeded');
  });

  test('with auto_resume = false it waits for a person, who may say so on the task', async () => {
    const { house, task, agent, limit, wait, typed, status } = await setUp('default_agent = "demo"\n[agents.demo]\nauto_resume = false\n');
    await limit(HOUR);
    expect((await house.data<Agent>('GET', `/api/v1/agents/${agent}`)).limit).toMatchObject({ resumesAt: null });
    await wait(48 * HOUR);
    expect([status(), typed()]).toEqual(['limited', ['Do it']]);
    expect((await house.data<Why>('GET', `/api/v1/tasks/${task.id}/why`)).sentence).toContain('when you say so');
    await house.data('POST', `/api/v1/tasks/${task.id}/resume`, {});
    await house.runtime.idle();
    expect([status(), typed()]).toEqual(['busy', ['Do it', 'Go on where you left off.']]);
  });

  test('of which nobody knows the end is tried after 5, then 10, then 20 minutes, an hour at most', async () => {
    const { house, agent, limit, wait, status } = await setUp();
    const pauses: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      await limit(null);
      const { limit: told } = await house.data<Agent>('GET', `/api/v1/agents/${agent}`);
      expect(told?.until).toBeNull();
      const pause = (told?.resumesAt ?? 0) - house.clock.now();
      pauses.push(pause / 60_000);
      await wait(pause + 1);
      expect(status()).toBe('busy');
    }
    expect(pauses).toEqual([5, 10, 20, 40, 60, 60]);
  });

  test('that is not over when it should be is not run into every second', async () => {
    const { house, agent, limit, wait } = await setUp();
    await limit(1_000);
    await wait(1_001);
    await limit(0);
    const { limit: told } = await house.data<Agent>('GET', `/api/v1/agents/${agent}`);
    expect((told?.resumesAt ?? 0) - house.clock.now()).toBe(30_000);
  });

  test('counts from the start again once a turn came to its end', async () => {
    const { house, agent, limit, wait } = await setUp();
    await limit(null);
    await wait(300_001);
    await observe(house, agent, 'done', 'ok', 'hook');
    expect(house.runtime.state(agent)?.context['limits']).toBe(0);
  });
});
