/** While another program holds the database, the interface goes on to answer: what is there, what waits, and why nothing new is taken. */
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import type { Panicked, Status } from '../../src/api/contract/system.ts';
import type { Task } from '../../src/api/contract/task.ts';
import { openApiHouse, project } from '../support/api-house.ts';

const others: Array<() => void> = [];
afterEach(() => {
  for (const letGo of others.splice(0)) letGo();
});
const heldHouse = async () => {
  const house = await openApiHouse();
  await house.data('POST', '/api/v1/projects', { path: project });
  const task = await house.data<Task>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'Before' });
  const other = new Sqlite(house.house.temp.file);
  others.push(() => other.close());
  other.exec('begin immediate');
  const begun = house.ask('POST', '/api/v1/tasks', { body: { project: 'shop', prompt: 'Meanwhile' } });
  while (house.runtime.stats().heldSince === null) await new Promise<void>((resolve) => void setImmediate(resolve));
  const letGo = async () => {
    other.exec('rollback');
    house.clock.advance(500);
    await house.runtime.idle();
  };
  return { ...house, task, begun, letGo };
};

describe('while another program holds the database', () => {
  test('everything can be looked at, who would change something is told, and what waited is done', async () => {
    const { ask, data, clock, task, begun, letGo } = await heldHouse();
    clock.advance(3_000);
    expect((await data<Status>('GET', '/api/v1/status')).heldSince).toBe(clock.now() - 3_000);
    expect((await data<Task>('GET', `/api/v1/tasks/${task.id}`)).title).toBe('Before');
    const refused = await ask('POST', '/api/v1/tasks', { body: { project: 'shop', prompt: 'Later' } });
    expect(refused).toMatchObject({ status: 503, body: { code: 'CCM_DB_BUSY' } });
    expect(refused.text).toContain('for 3 s: nothing was done');
    expect((await ask('POST', `/api/v1/tasks/${task.id}/stop?dry_run=true`)).status).toBe(200);
    await letGo();
    expect((await begun).status).toBe(200);
    expect((await data<Task[]>('GET', '/api/v1/tasks?all=true')).map(({ title }) => title).toSorted()).toEqual(['Before', 'Meanwhile']);
    expect((await data<Status>('GET', '/api/v1/status')).heldSince).toBeNull();
  });

  test('panic ends what runs without waiting for it, and the charts hear of it as soon as they can', async () => {
    const { data, clock, task, letGo } = await heldHouse();
    const heard: Panicked[] = [];
    void data<Panicked>('POST', '/api/v1/panic').then((said) => heard.push(said));
    while (heard.length === 0) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      clock.advance(1_000);
    }
    expect(heard).toMatchObject([{ stopped: 0, sure: true }]);
    await letGo();
    expect((await data<Task>('GET', `/api/v1/tasks/${task.id}`)).status).toBe('cancelled');
  });

  test('is noticed also by a write that no turn has part in', async () => {
    const { ask, data, runtime, house, clock } = await openApiHouse();
    const other = new Sqlite(house.temp.file);
    others.push(() => other.close());
    other.exec('begin immediate');
    expect(await ask('POST', '/api/v1/projects', { body: { path: project } })).toMatchObject({
      status: 503,
      body: { code: 'CCM_DB_BUSY' },
    });
    while (runtime.stats().heldSince === null) await new Promise<void>((resolve) => void setImmediate(resolve));
    expect((await data<Status>('GET', '/api/v1/status')).heldSince).toBe(clock.now());
    other.exec('rollback');
    clock.advance(500);
    await runtime.idle();
    expect(runtime.stats().heldSince).toBeNull();
  });

  test('who did what is written down afterwards', async () => {
    const { data, clock, letGo, begun } = await heldHouse();
    clock.advance(200);
    await letGo();
    await begun;
    clock.advance(5_000);
    expect((await data<Array<{ what: string }>>('GET', '/api/v1/audit')).map(({ what }) => what)).toEqual([
      'POST /tasks',
      'POST /tasks',
      'POST /projects',
    ]);
  });
});
