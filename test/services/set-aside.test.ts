/** One stored actor that this program cannot read is a matter of that one: nobody else's list, status or start depends on it. */
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Status } from '../../src/api/contract/system.ts';
import type { Task } from '../../src/api/contract/task.ts';
import { openApiHouse, project } from '../support/api-house.ts';
import { buildApiHouse } from '../support/build-api-house.ts';

test('a task that cannot be read takes nothing from the others; asked for by itself, it says why', async () => {
  const before = await buildApiHouse();
  await before.data('POST', '/api/v1/projects', { path: project });
  const [broken, whole] = [
    await before.data<Task>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'Broken' }),
    await before.data<Task>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'Whole' }),
  ];
  await before.app.close();
  await before.runtime.shutdown();
  const { temp } = before.house;
  const db = new Sqlite(temp.file);
  db.prepare(`update journal set snapshot = replace(snapshot, '"value":"queued"', '"value":"elsewhere"') where actor = ?`).run(broken.id);
  db.close();

  const { ask, data } = await openApiHouse({ temp });
  // Before anybody has asked for it.
  expect((await data<Status>('GET', '/api/v1/status')).unreadable).toEqual({
    count: 1,
    first: [{ id: broken.id, short: broken.short, kind: 'task', title: 'Broken', reason: expect.stringContaining('elsewhere') }],
  });
  expect((await data<Task[]>('GET', '/api/v1/tasks?all=true')).map(({ id }) => id)).toEqual([whole.id]);
  for (const path of ['status', 'inbox', 'agents', `tasks/${whole.id}`, `tasks/${whole.id}/why`])
    expect((await ask('GET', `/api/v1/${path}`)).status, path).toBe(200);
  for (const name of [broken.id, broken.short, 'Broken'])
    expect(await ask('GET', `/api/v1/tasks/${name}`)).toMatchObject({ status: 500, body: { code: 'CCM_SNAPSHOT_UNREADABLE' } });
  expect(await data('POST', '/api/v1/verify', { id: broken.id })).toMatchObject({
    findings: expect.arrayContaining([expect.objectContaining({ actor: broken.id, problem: expect.stringContaining('elsewhere') })]),
  });
});
