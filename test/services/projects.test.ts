import { describe, expect, it } from 'vitest';
import { fail } from '../../src/errors.ts';
import { openApiHouse, project } from '../support/api-house.ts';
import { gitFolder } from '../support/fake-workspaces.ts';

const open = async () => {
  const house = await openApiHouse();
  const shop = await house.data<{ id: string }>('POST', '/api/v1/projects', { path: project });
  const add = (path: string, more: Record<string, unknown> = {}) => house.ask('POST', '/api/v1/projects', { body: { path, ...more } });
  return { ...house, shop, add };
};

describe('adding a project', () => {
  it.each([
    ['the same folder', project, {}, `${project} is the project "shop" already.`],
    ['a folder inside it', `${project}/packages/cart`, {}, `${project}/packages/cart lies inside the project "shop" (${project}).`],
    ['a folder around it', '/work-of-mine', {}, `/work-of-mine contains the project "shop" (${project}).`],
    ['a taken name', '/other', { name: 'Shop' }, `The name "Shop" belongs to the project at ${project}.`],
  ])('%s is a conflict that names it', async (_what, path, more, detail) => {
    const { add, workspaces, shop } = await open();
    workspaces.folders.set(path, gitFolder(path));
    const reply = await add(path, more);
    expect(reply).toMatchObject({ status: 409, body: { code: 'CCM_CONFLICT', detail, existing: { id: shop.id, name: 'shop' } } });
  });

  it.each([
    ['a relative path', 'shop', '"shop" is not an absolute path.'],
    ['a NUL', '/a\0b', 'The path contains a NUL character.'],
    ['a long path in many bytes', `/${'ü'.repeat(2100)}`, 'The path is longer than 4096 bytes.'],
    ['a path that is not there', '/nowhere', '/nowhere does not exist.'],
    ['a loop', '/loop', 'Too many links.'],
  ])('%s is refused in words', async (_what, path, detail) => {
    const { add, workspaces } = await open();
    workspaces.folders.set('/loop', fail('CCM_PATH_UNUSABLE', 'Too many links.'));
    expect(await add(path)).toMatchObject({ status: 400, body: { code: 'CCM_PATH_UNUSABLE', detail } });
  });

  it('the root, our own home, and what contains it are no projects', async () => {
    const { add, workspaces, config } = await open();
    const { root, worktrees } = config.home;
    for (const path of ['/', root, `${worktrees}/x`]) {
      workspaces.folders.set(path, gitFolder(path));
      expect(await add(path), path).toMatchObject({ status: 400, body: { code: 'CCM_PATH_UNUSABLE' } });
    }
  });

  it('a link is followed: the real path is the project', async () => {
    const { add, workspaces, data, clock } = await open();
    workspaces.folders.set('/link', gitFolder('/real/cart'));
    expect((await add('/link')).body.data).toMatchObject({ name: 'cart', path: '/real/cart' });
    // What the folder is now is told, not what it was when it was added.
    workspaces.folders.set('/real/cart', gitFolder('/real/cart', { dirty: true, head: null, branch: null, submodules: true }));
    clock.advance(5_000);
    expect((await data<{ notes: string[] }>('GET', '/api/v1/projects/cart')).notes).toEqual([
      'The repository has no commit yet; tasks can start after the first one.',
      'Uncommitted changes stay behind: tasks start from the last commit.',
      'It has submodules; they are not checked out in worktrees.',
    ]);
  });

  it('two folders of one name get two names; strange ones get a usable one', async () => {
    const { add, workspaces } = await open();
    for (const path of ['/b/shop', '/c/!!!', '/d/Größe & Co']) workspaces.folders.set(path, gitFolder(path));
    const names = [];
    for (const path of ['/b/shop', '/c/!!!', '/d/Größe & Co']) names.push(((await add(path)).body.data as { name: string }).name);
    expect(names).toEqual(['shop-2', 'project', 'Größe - Co']);
  });

  it('an unknown agent is refused before anything is looked at', async () => {
    const { add } = await open();
    expect(await add('/nowhere', { agent: 'cladue' })).toMatchObject({
      status: 400,
      body: { code: 'CCM_AGENT_UNKNOWN', matches: ['claude'] },
    });
  });
});

describe('a project', () => {
  it('is not forgotten while it has tasks that are not ended; its name is free afterwards', async () => {
    const { ask, data, add } = await open();
    const task = await data<{ id: string; short: string }>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'x' });
    expect(await ask('DELETE', '/api/v1/projects/shop')).toMatchObject({
      status: 409,
      body: { code: 'CCM_ILLEGAL_MOVE', detail: 'The project "shop" has a task that has not ended.', tasks: [{ id: task.id }] },
    });
    await data('POST', `/api/v1/tasks/${task.id}/stop`, {});
    expect(await data('DELETE', '/api/v1/projects/shop')).toMatchObject({ removed: true });
    expect((await ask('GET', '/api/v1/projects/shop')).status).toBe(404);
    // Its tasks still know its name.
    expect(await data('GET', `/api/v1/tasks/${task.id}`)).toMatchObject({ project: { name: 'shop' } });
    expect((await add(project)).body.data).toMatchObject({ name: 'shop' });
  });

  it('is found by id and by name whatever its case, and trusted only by an admin', async () => {
    const { ask, data, shop, tokenOf } = await open();
    expect(await data('GET', `/api/v1/projects/${shop.id}`)).toMatchObject({ name: 'shop' });
    expect(await data('GET', '/api/v1/projects/SHOP')).toMatchObject({ name: 'shop', trusted: false });
    expect((await ask('POST', '/api/v1/projects/shop/trust', { token: tokenOf(['act']), body: { trusted: true } })).status).toBe(403);
    expect(await data('POST', '/api/v1/projects/shop/trust', { trusted: true })).toMatchObject({ trusted: true });
  });
});
