import { describe, expect, it } from 'vitest';
import type { Task } from '../../src/api/contract/task.ts';
import { openApiHouse, project } from '../support/api-house.ts';
import { gitFolder } from '../support/fake-workspaces.ts';
import { openShop } from '../support/shop.ts';

describe('asking for a task', () => {
  it('by a path: inside a project it is that one, deep inside a repository the repository is added', async () => {
    const { data, workspaces } = await openShop();
    const ask = (path: string) => data<Task>('POST', '/api/v1/tasks', { path, prompt: 'x' });
    workspaces.folders.set(`${project}/src`, gitFolder(`${project}/src`, { root: project }));
    workspaces.folders.set('/new/repo/deep', gitFolder('/new/repo/deep', { root: '/new/repo' }));
    workspaces.folders.set('/new/repo', gitFolder('/new/repo'));
    expect((await ask(`${project}/src`)).project.name).toBe('shop');
    expect((await ask('/new/repo/deep')).project.name).toBe('repo');
    expect((await ask('/new/repo/deep')).project.name).toBe('repo');
    expect(await data<unknown[]>('GET', '/api/v1/projects')).toHaveLength(2);
  });

  it('by a path nobody knows yet, several at once: one project is added, and all are its tasks', async () => {
    const { data, workspaces } = await openShop();
    workspaces.folders.set('/new/repo', gitFolder('/new/repo'));
    const inspect = workspaces.inspect.bind(workspaces);
    // Git takes its time: every request has looked before the first has added.
    workspaces.inspect = async (path) => {
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return inspect(path);
    };
    const all = await Promise.all(Array.from({ length: 5 }, () => data<Task>('POST', '/api/v1/tasks', { path: '/new/repo', prompt: 'x' })));
    expect(new Set(all.map(({ project: { id } }) => id)).size).toBe(1);
    expect(await data<unknown[]>('GET', '/api/v1/projects')).toHaveLength(2);
  });

  it('from inside a worktree of ours it belongs to the project the worktree is of', async () => {
    const { data, workspaces, config } = await openShop();
    const [shop] = await data<{ id: string }[]>('GET', '/api/v1/projects');
    const path = `${config.home.worktrees}/${shop?.id}/abcde-1/src`;
    workspaces.folders.set(path, gitFolder(path));
    expect((await data<Task>('POST', '/api/v1/tasks', { path, prompt: 'x' })).project).toEqual({ id: shop?.id, name: 'shop' });
  });

  it('the agent: named, else of the project, else of config.toml, else installed, else the demo', async () => {
    const chosen = async (config: string, programs: string[], projectAgent?: string, agent?: string) => {
      const house = await openApiHouse({ config, programs });
      await house.data('POST', '/api/v1/projects', { path: project, ...(projectAgent ? { agent: projectAgent } : {}) });
      return (await house.data<Task>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'x', ...(agent ? { agent } : {}) })).profile;
    };
    const two = '[agents.first]\ncommand=["a"]\n[agents.second]\ncommand=["b"]';
    expect(await chosen('', [])).toBe('demo');
    expect(await chosen('', ['gemini', 'codex'])).toBe('codex');
    expect(await chosen(two, ['claude'])).toBe('first');
    expect(await chosen(`default_agent="second"\n${two}`, [])).toBe('second');
    expect(await chosen(`default_agent="second"\n${two}`, [], 'claude')).toBe('claude');
    expect(await chosen(`default_agent="second"\n${two}`, [], 'claude', 'demo')).toBe('demo');
  });

  it('a prompt too long for a command line is pasted; a program that cannot be pasted into refuses it', async () => {
    const config = '[agents.chat]\ncommand=["a","{prompt}"]\n[agents.once]\ncommand=["a","{prompt}"]\nmode="oneshot"';
    const { make, ask, runtime } = await openShop({ config });
    const prompt = 'x'.repeat(64 * 1024 + 1);
    const task = await make({ agent: 'chat', prompt });
    expect(runtime.state(task.id)?.context['profile']).toMatchObject({ name: 'chat', prompt: 'paste' });
    expect(await ask('POST', '/api/v1/tasks', { body: { project: 'shop', agent: 'once', prompt } })).toMatchObject({
      status: 413,
      body: { field: 'prompt' },
    });
  });

  it('what was changed and what it waits for in vain is noted', async () => {
    const { make, data } = await openShop();
    const first = await make();
    await data('POST', `/api/v1/tasks/${first.id}/stop`, {});
    const task = await make({ prompt: 'a\u0007b', after: [first.short, first.id] });
    expect(task).toMatchObject({ status: 'stuck', prompt: 'ab', after: [first.id], waitsFor: [first.id] });
    expect(task.notes).toEqual([
      '1 control characters were taken out of the prompt.',
      'It waits for "Do it", which ended cancelled: retry that one, or start this one by hand.',
    ]);
  });

  it('a repository without a commit is refused now, and accepted for later', async () => {
    const { make, ask, workspaces, clock } = await openShop();
    clock.advance(10_000);
    workspaces.folders.set(project, gitFolder(project, { head: null }));
    expect(await ask('POST', '/api/v1/tasks', { body: { project: 'shop', prompt: 'x' } })).toMatchObject({
      status: 409,
      body: { code: 'CCM_GIT_NO_COMMIT' },
    });
    expect(await make({ at: clock.now() + 60_000 })).toMatchObject({ status: 'scheduled' });
  });

  it('a dry run tells what would be, and makes nothing', async () => {
    const { data, runtime } = await openShop();
    const told = await data('POST', '/api/v1/tasks?dry_run=true', { project: 'shop', prompt: 'Fix it' });
    expect(told).toMatchObject({
      dryRun: true,
      legal: true,
      becomes: 'queued',
      consequence: 'A new task "Fix it" in the project "shop" for the agent "claude" is queued: it starts as soon as there is a place.',
    });
    expect(runtime.list({ kind: 'task' })).toEqual([]);
  });
});

describe('listing tasks', () => {
  it('is in the order of urgency, whole over all pages, while rows change places', async () => {
    const { make, data, ask, clock, runtime } = await openShop();
    const ids: string[] = [];
    for (let i = 0; i < 12; i += 1) {
      clock.advance(1000);
      ids.push((await make({ prompt: `t${i}` })).id);
    }
    await data('POST', `/api/v1/tasks/${ids[3]}/stop`, {});
    const stuck = await make({ prompt: 'stuck', after: [ids[3] ?? ''] });
    const pages: Task[][] = [];
    let cursor: string | null | undefined = '';
    while (cursor !== null && cursor !== undefined) {
      const reply = await ask('GET', `/api/v1/tasks?all&limit=5${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(reply.body['meta']).toMatchObject({ total: 13, head: runtime.stats().head });
      pages.push(reply.body.data);
      cursor = (reply.body['meta'] as { next: string | null }).next;
    }
    const all = pages.flat();
    expect(pages.map(({ length }) => length)).toEqual([5, 5, 3]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(13);
    expect(all[0]?.id).toBe(stuck.id);
    expect(all.at(-1)?.id).toBe(ids[3]);
    expect(all.slice(1, 4).map(({ title }) => title)).toEqual(['t11', 't10', 't9']);
  });

  it('by status, project, text and attention', async () => {
    const { make, data, workspaces } = await openShop();
    workspaces.folders.set('/other', gitFolder('/other'));
    await data('POST', '/api/v1/projects', { path: '/other' });
    const first = await make({ prompt: 'Fix 100% of it' });
    await make({ prompt: 'Paint it', project: 'other' });
    await data('POST', `/api/v1/tasks/${first.id}/pause`, {});
    const titles = async (query: string) => (await data<Task[]>('GET', `/api/v1/tasks?${query}`)).map(({ title }) => title);
    expect(await titles('status=paused')).toEqual(['Fix 100% of it']);
    expect((await titles('status=paused,queued')).length).toBe(2);
    expect(await titles('project=other')).toEqual(['Paint it']);
    expect(await titles('q=100%25')).toEqual(['Fix 100% of it']);
    expect(await titles('q=%25')).toEqual(['Fix 100% of it']);
    expect(await titles('q=PAINT')).toEqual(['Paint it']);
    expect(await titles('attention')).toEqual([]);
    expect(await titles('status=nonsense')).toEqual([]);
  });

  it('cuts prompts, which the task itself shows whole', async () => {
    const { make, data } = await openShop();
    const task = await make({ prompt: 'x'.repeat(5000) });
    expect((await data<Task[]>('GET', '/api/v1/tasks'))[0]?.prompt).toHaveLength(500);
    expect((await data<Task>('GET', `/api/v1/tasks/${task.id}`)).prompt).toHaveLength(5000);
  });
});
