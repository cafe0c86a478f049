import { expect, it } from 'vitest';
import { openApiHouse, project } from '../support/api-house.ts';

it('adds a project, asks for a task, lists, shows and stops it', async () => {
  const { data } = await openApiHouse();
  const added = await data('POST', '/api/v1/projects', { path: project });
  expect(added).toMatchObject({ name: 'shop', path: project, kind: 'git', branch: 'main', trusted: false });
  const task = await data('POST', '/api/v1/tasks', { project: 'shop', prompt: 'Fix the cart\nplease' });
  expect(task).toMatchObject({ kind: 'task', status: 'queued', title: 'Fix the cart', profile: 'claude', attempt: 0, createdBy: 'cli' });
  expect(await data('GET', '/api/v1/tasks')).toHaveLength(1);
  const stopped = await data('POST', `/api/v1/tasks/${String(task['short'])}/stop`, {});
  expect(stopped).toMatchObject({ status: 'cancelled', ended: true });
  expect(await data('GET', '/api/v1/tasks')).toHaveLength(0);
  expect(await data('GET', '/api/v1/status')).toMatchObject({ counts: { tasks: { cancelled: 1 } } });
});
