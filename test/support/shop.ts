/** A house with the project "shop", and tasks in it that run. */
import type { Task } from '../../src/api/contract/task.ts';
import { openApiHouse, project } from './api-house.ts';
import { begin, observe, playedWorld } from './played-world.ts';

export const openShop = async (options: Parameters<typeof openApiHouse>[0] = {}) => {
  const house = await openApiHouse({ answer: playedWorld, ...options });
  await house.data('POST', '/api/v1/projects', { path: project });
  const make = (more: Record<string, unknown> = {}) =>
    house.data<Task>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'Do it', ...more });
  return { ...house, make };
};

export type Shop = Awaited<ReturnType<typeof openShop>>;
export const running = async (house: Shop) => {
  const task = await house.make();
  const agent = await begin(house, task.id);
  await observe(house, agent, 'busy', 'Bash(npm test)', 'hook');
  return { task, agent };
};
