/** Deeds that no chart decides can be asked beforehand too: merging, removing, a message, a project. Asking changes nothing. */
import { describe, expect, it } from 'vitest';
import type { Consequence } from '../../src/api/contract/envelope.ts';
import type { Project } from '../../src/api/contract/project.ts';
import type { Task } from '../../src/api/contract/task.ts';
import { type ApiHouse, openApiHouse, project } from '../support/api-house.ts';
import { begin, observe, playedWorld } from '../support/played-world.ts';

const open = async (): Promise<ApiHouse> => {
  const house = await openApiHouse({ answer: playedWorld });
  await house.data('POST', '/api/v1/projects', { path: project });
  return house;
};
const make = async (house: ApiHouse): Promise<string> =>
  (await house.data<Task>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'Do it' })).id;
const finished = async (house: ApiHouse): Promise<string> => {
  const id = await make(house);
  const agent = await begin(house, id);
  // Its prompt is typed once it is ready; while one waits, the end of a turn is not the end of the work.
  await observe(house, agent, 'ready');
  await observe(house, agent, 'busy');
  await observe(house, agent, 'done', 'All done');
  return id;
};
/** What can be told apart by a reader: the number of the newest step, the projects, and what git was asked to do. */
const facts = async (house: ApiHouse) => ({
  tasks: await house.data('GET', '/api/v1/tasks?all=true'),
  projects: await house.data('GET', '/api/v1/projects'),
  changes: house.workspaces.calls.filter((call) => /^(merge|remove)/.test(call)),
});
const ask = async (house: ApiHouse, method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<Consequence> => {
  const before = await facts(house);
  const told = await house.data<Consequence>(method, path, body);
  expect(await facts(house)).toEqual(before);
  expect(told).toMatchObject({ dryRun: true, effects: [], transitions: [] });
  return told;
};

describe('asked beforehand', () => {
  it('merging: possible once a task has ended, and what it would bring', async () => {
    const house = await open();
    const done = await finished(house);
    const told = await ask(house, 'POST', `/api/v1/tasks/${done}/merge?dry_run=true`, {});
    // A merge moves a branch, and leaves the task what it is: failed, too.
    expect(told).toMatchObject({ legal: true, becomes: '' });
    expect(told.consequence).toMatch(/^Merge brings ccm-.* into main of the project shop, which moves forward to it\.$/);
    const waiting = await make(house);
    expect(await ask(house, 'POST', `/api/v1/tasks/${waiting}/merge?dry_run=true`, {})).toMatchObject({ legal: false });
  });

  it('merging into a project that was forgotten since: looked at where the merge itself goes', async () => {
    const house = await open();
    const done = await finished(house);
    const [{ id } = { id: '' }] = await house.data<Project[]>('GET', '/api/v1/projects');
    await house.data('DELETE', `/api/v1/projects/${id}`);
    const told = await house.data<Consequence>('POST', `/api/v1/tasks/${done}/merge?dry_run=true`, {});
    expect(told.consequence).toContain('of the project shop');
    await house.data('POST', `/api/v1/tasks/${done}/merge`, {});
    expect(house.workspaces.receivers).toEqual([project, project]);
  });

  it('removing: what is kept, and what `discard` loses', async () => {
    const house = await open();
    const done = await finished(house);
    const kept = await ask(house, 'DELETE', `/api/v1/tasks/${done}?dry_run=true`);
    expect(kept.consequence).toMatch(/Where work would be lost, the worktree is kept/);
    const lost = await ask(house, 'DELETE', `/api/v1/tasks/${done}?discard=true&dry_run=true`);
    expect(lost.consequence).toMatch(/a rescue ref keeps its commits/);
  });

  it('a message: into the conversation, as a new attempt, or to nobody', async () => {
    const house = await open();
    const waiting = await make(house);
    const text = { text: 'And a test, please' };
    expect(await ask(house, 'POST', `/api/v1/tasks/${waiting}/messages?dry_run=true`, text)).toMatchObject({ legal: false });
    const running = await make(house);
    await begin(house, running);
    expect(await ask(house, 'POST', `/api/v1/tasks/${running}/messages?dry_run=true`, text)).toMatchObject({ legal: true });
    const done = await finished(house);
    expect((await ask(house, 'POST', `/api/v1/tasks/${done}/messages?dry_run=true`, text)).consequence).toMatch(/^A new attempt/);
  });

  it('a project: added, trusted, forgotten', async () => {
    const house = await open();
    const [shop] = await house.data<Project[]>('GET', '/api/v1/projects');
    expect(await ask(house, 'POST', '/api/v1/projects?dry_run=true', { path: '/' })).toMatchObject({ legal: true });
    expect(await ask(house, 'POST', '/api/v1/projects?dry_run=true', { path: shop?.path })).toMatchObject({ legal: false });
    expect((await ask(house, 'POST', `/api/v1/projects/${shop?.id}/trust?dry_run=true`, { trusted: true })).legal).toBe(true);
    expect((await ask(house, 'DELETE', `/api/v1/projects/${shop?.id}?dry_run=true`)).legal).toBe(true);
    await make(house);
    expect((await ask(house, 'DELETE', `/api/v1/projects/${shop?.id}?dry_run=true`)).legal).toBe(false);
  });
});
