import { describe, expect, it } from 'vitest';
import type { Task } from '../../src/api/contract/task.ts';
import { openApiHouse, project } from '../support/api-house.ts';
import { gitFolder } from '../support/fake-workspaces.ts';
import { begin, observe, playedWorld } from '../support/played-world.ts';

const open = async (options: Parameters<typeof openApiHouse>[0] = {}) => {
  const house = await openApiHouse({ answer: playedWorld, ...options });
  await house.data('POST', '/api/v1/projects', { path: project });
  const make = (more: Record<string, unknown> = {}) =>
    house.data<Task>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'Do it', ...more });
  return { ...house, make };
};

describe('asking for a task', () => {
  it('by a path: inside a project it is that one, deep inside a repository the repository is added', async () => {
    const { data, workspaces } = await open();
    const ask = (path: string) => data<Task>('POST', '/api/v1/tasks', { path, prompt: 'x' });
    workspaces.folders.set(`${project}/src`, gitFolder(`${project}/src`, { root: project }));
    workspaces.folders.set('/new/repo/deep', gitFolder('/new/repo/deep', { root: '/new/repo' }));
    workspaces.folders.set('/new/repo', gitFolder('/new/repo'));
    expect((await ask(`${project}/src`)).project.name).toBe('shop');
    expect((await ask('/new/repo/deep')).project.name).toBe('repo');
    expect((await ask('/new/repo/deep')).project.name).toBe('repo');
    expect(await data<unknown[]>('GET', '/api/v1/projects')).toHaveLength(2);
  });

  it('from inside a worktree of ours it belongs to the project the worktree is of', async () => {
    const { data, workspaces, config } = await open();
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
    const { make, ask, runtime } = await open({ config });
    const prompt = 'x'.repeat(64 * 1024 + 1);
    const task = await make({ agent: 'chat', prompt });
    expect(runtime.state(task.id)?.context['profile']).toMatchObject({ name: 'chat', prompt: 'paste' });
    expect(await ask('POST', '/api/v1/tasks', { body: { project: 'shop', agent: 'once', prompt } })).toMatchObject({
      status: 413,
      body: { field: 'prompt' },
    });
  });

  it('what was changed and what it waits for in vain is noted', async () => {
    const { make, data } = await open();
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
    const { make, ask, workspaces, clock } = await open();
    clock.advance(10_000);
    workspaces.folders.set(project, gitFolder(project, { head: null }));
    expect(await ask('POST', '/api/v1/tasks', { body: { project: 'shop', prompt: 'x' } })).toMatchObject({
      status: 409,
      body: { code: 'CCM_GIT_NO_COMMIT' },
    });
    expect(await make({ at: clock.now() + 60_000 })).toMatchObject({ status: 'scheduled' });
  });

  it('a dry run tells what would be, and makes nothing', async () => {
    const { data, runtime } = await open();
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
    const { make, data, ask, clock, runtime } = await open();
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
    const { make, data, workspaces } = await open();
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
    const { make, data } = await open();
    const task = await make({ prompt: 'x'.repeat(5000) });
    expect((await data<Task[]>('GET', '/api/v1/tasks'))[0]?.prompt).toHaveLength(500);
    expect((await data<Task>('GET', `/api/v1/tasks/${task.id}`)).prompt).toHaveLength(5000);
  });
});

type Opened = Awaited<ReturnType<typeof open>>;
const running = async (house: Opened) => {
  const task = await house.make();
  const agent = await begin(house, task.id);
  await observe(house, agent, 'busy', 'Bash(npm test)', 'hook');
  return { task, agent };
};

describe('a running task', () => {
  it('shows its agent, its worktree and its notes', async () => {
    const house = await open();
    const { task, agent } = await running(house);
    const shown = await house.data<Task>('GET', `/api/v1/tasks/${task.short}`);
    expect(shown).toMatchObject({
      status: 'working',
      attempt: 1,
      agent,
      branch: 'ccm-x/y',
      notes: ['2 uncommitted files stay behind.'],
      agentState: { id: agent, status: 'busy' },
    });
    expect(await house.data('GET', `/api/v1/agents/${agent}`)).toMatchObject({
      process: 'alive',
      conversation: 'busy',
      status: 'busy',
      attempt: 1,
      task: { id: task.id, short: task.short },
    });
  });

  it('why: the sentence, the evidence with its age and trust, the last step', async () => {
    const house = await open();
    const { task } = await running(house);
    house.clock.advance(4_000);
    const told = await house.data<{ sentence: string; evidence: object[] }>('GET', `/api/v1/tasks/${task.id}/why`);
    expect(told.sentence).toMatch(/^Its agent \w{5} is busy: the hook said "busy" 4 s ago\.$/);
    expect(told.evidence[0]).toMatchObject({ fact: 'busy', source: 'hook', trust: 5, ageMs: 4_000, detail: 'Bash(npm test)' });
    expect(told).toMatchObject({ status: 'working', lastTransition: { event: 'AGENT_STATE' }, effects: [] });
  });

  it('a message goes into the queue of its agent, and can be taken back', async () => {
    const house = await open();
    const { task, agent } = await running(house);
    const sent = await house.data<{ id: string; short: string }>('POST', `/api/v1/tasks/${task.id}/messages`, { text: 'And a test' });
    expect(sent).toMatchObject({ kind: 'message', status: 'queued', agent, text: 'And a test' });
    const told = await house.data<{ text: string }[]>('GET', `/api/v1/tasks/${task.id}/messages`);
    expect(told.map(({ text }) => text)).toEqual(['Do it', 'And a test']);
    expect(await house.data('POST', `/api/v1/messages/${sent.short}/cancel`, undefined)).toMatchObject({ status: 'cancelled' });
    await house.runtime.idle();
    // The prompt still waits for the agent to be ready; the message is gone.
    expect(house.runtime.state(agent)?.context['queue']).toMatchObject([{ text: 'Do it' }]);
  });

  it('cannot be merged or removed, and its project cannot be forgotten', async () => {
    const house = await open();
    const { task } = await running(house);
    expect(await house.ask('POST', `/api/v1/tasks/${task.id}/merge`)).toMatchObject({
      status: 409,
      body: { code: 'CCM_ILLEGAL_MOVE', detail: 'Merging is for ended tasks; "Do it" is working.' },
    });
    expect(await house.ask('DELETE', `/api/v1/tasks/${task.id}`)).toMatchObject({ status: 409, body: { code: 'CCM_ILLEGAL_MOVE' } });
    expect(house.workspaces.calls).toEqual([]);
    expect(await house.data('GET', `/api/v1/tasks/${task.id}/diff?max=4`)).toEqual({
      text: 'diff',
      truncated: true,
      stat: { files: 1, insertions: 2, deletions: 3 },
    });
  });

  it('panic kills it', async () => {
    const house = await open();
    const { task } = await running(house);
    expect(await house.data('POST', '/api/v1/panic')).toEqual({ stopped: 1, tasks: [task.id] });
    await house.runtime.idle();
    expect(house.calls.map(({ name }) => name)).toContain('agent.kill');
  });
});

describe('an ended task', () => {
  const done = async (house: Opened) => {
    const { task, agent } = await running(house);
    await observe(house, agent, 'done', 'All green');
    return { task, agent };
  };

  it('says how it ended, and is merged and removed', async () => {
    const house = await open();
    const { task } = await done(house);
    expect(await house.data('GET', `/api/v1/tasks/${task.id}`)).toMatchObject({
      status: 'succeeded',
      ended: true,
      result: { summary: 'All green', diff: { files: 1, insertions: 2, deletions: 0 } },
    });
    expect(await house.data('POST', `/api/v1/tasks/${task.id}/merge`)).toMatchObject({ branch: 'main' });
    expect(await house.data('DELETE', `/api/v1/tasks/${task.id}`)).toEqual({ removed: true, rescueRef: null, notes: [] });
    expect(await house.data('GET', `/api/v1/tasks/${task.id}`)).toMatchObject({ worktree: null });
    expect((await house.ask('GET', `/api/v1/tasks/${task.id}/diff`)).status).toBe(404);
  });

  it('keeps what would be lost, unless told to discard it', async () => {
    const house = await open();
    const { task } = await done(house);
    house.workspaces.removal = { ok: true, value: { removed: false, reason: 'dirty', rescueRef: 'refs/ccm/rescue/x', notes: [] } };
    expect(await house.data('DELETE', `/api/v1/tasks/${task.id}`)).toEqual({
      removed: false,
      rescueRef: 'refs/ccm/rescue/x',
      kept: 'It has uncommitted changes.',
      notes: [],
    });
    expect((await house.data<Task>('GET', `/api/v1/tasks/${task.id}`)).worktree).not.toBeNull();
    expect(await house.data('DELETE', `/api/v1/tasks/${task.id}?discard=true`)).toMatchObject({
      removed: true,
      rescueRef: 'refs/ccm/rescue/1',
    });
  });

  it('a message takes it up again: in the living window, or in a new attempt of the same conversation', async () => {
    const house = await open();
    const { task, agent } = await done(house);
    await house.data('POST', `/api/v1/tasks/${task.id}/messages`, { text: 'One more thing' });
    await house.runtime.idle();
    expect(await house.data('GET', `/api/v1/tasks/${task.id}`)).toMatchObject({ status: 'working', agent, attempt: 1 });
    await observe(house, agent, 'done', 'Done again');
    await house.data('POST', `/api/v1/agents/${agent}/stop`, {});
    await house.runtime.idle();
    expect(house.runtime.state(agent)?.status).toBe('exited');
    const sent = await house.data<{ id: string }>('POST', `/api/v1/tasks/${task.id}/messages`, { text: 'And another' });
    expect(sent).toMatchObject({ status: 'queued', agent: null });
    const next = await begin(house, task.id);
    expect(house.runtime.state(next)?.context).toMatchObject({ attempt: 2, resume: true });
    expect(house.runtime.state(sent.id)?.context).toMatchObject({ text: 'And another', agent: next });
  });

  it('one that never started takes no message', async () => {
    const house = await open();
    const task = await house.make();
    const queued = await house.ask('POST', `/api/v1/tasks/${task.id}/messages`, { body: { text: 'x' } });
    expect(queued).toMatchObject({
      status: 409,
      body: { code: 'CCM_ILLEGAL_MOVE', detail: 'A message needs an agent, and the task "Do it" is queued: no agent yet.' },
    });
    await house.data('POST', `/api/v1/tasks/${task.id}/stop`, {});
    expect((await house.ask('POST', `/api/v1/tasks/${task.id}/messages`, { body: { text: 'x' } })).status).toBe(409);
  });
});

describe('what agents report', () => {
  it('reaches their task, and their question the inbox; the answer comes by long poll', async () => {
    const house = await open();
    const { task, agent } = await running(house);
    const token = house.desk.issueForAgent(agent).secret;
    const say = (body: object) => house.ask('POST', '/api/v1/report', { token, body });
    expect((await say({ report: 'progress', text: '3 of 4' })).status).toBe(200);
    expect(await house.data('GET', `/api/v1/tasks/${task.id}`)).toMatchObject({ agentState: { progress: '3 of 4' } });
    const asked = await say({ report: 'ask', text: 'Which one?', choices: ['a', 'b'] });
    const { approval } = asked.body.data as { approval: string };
    expect(await house.data('GET', '/api/v1/inbox')).toMatchObject([
      { id: approval, kind: 'question', text: 'Which one?', choices: ['a', 'b'], task: { id: task.id }, project: { name: 'shop' } },
    ]);
    const waiting = house.ask('GET', `/api/v1/report/answer/${approval}?wait=30`, { token });
    await house.data('POST', `/api/v1/approvals/${approval}/answer`, { text: 'b' });
    expect((await waiting).body.data).toEqual({ state: 'answer', text: 'b' });
    const other = house.desk.issueForAgent('someone-else').secret;
    expect((await house.ask('GET', `/api/v1/report/answer/${approval}`, { token: other })).status).toBe(404);
  });

  it('a long poll without a decision ends with "pending" when its time is over', async () => {
    const house = await open();
    const { agent } = await running(house);
    const token = house.desk.issueForAgent(agent).secret;
    const asked = await house.ask('POST', '/api/v1/report', { token, body: { report: 'ask', approval: true, text: 'May I?' } });
    const { approval } = asked.body.data as { approval: string };
    const timers = house.clock.pending();
    const waiting = house.ask('GET', `/api/v1/report/answer/${approval}?wait=30`, { token });
    for (let i = 0; i < 100 && house.clock.pending() === timers; i += 1) await new Promise((resolve) => setImmediate(resolve));
    house.clock.advance(30_000);
    expect((await waiting).body.data).toEqual({ state: 'pending', text: null });
  });
});

describe('the inspector', () => {
  it('history, a moment of it, and the journal of all agree', async () => {
    const house = await open();
    const { task } = await running(house);
    const history = await house.data<{ seq: number; gseq: number; type: string; status: string }[]>(
      'GET',
      `/api/v1/actors/${task.id}/history`,
    );
    expect(history.map(({ seq }) => seq)).toEqual(history.map((_, i) => i + 1));
    expect(history.map(({ status }) => status)).toContain('queued');
    const granted = history.find(({ type }) => type === 'GRANTED');
    const at = await house.data('GET', `/api/v1/actors/${task.short}/at/${granted?.seq}`);
    expect(at).toMatchObject({ seq: granted?.seq, status: 'starting', event: { type: 'GRANTED' }, previous: { status: 'queued' } });
    expect(await house.data('GET', `/api/v1/actors/${task.id}/history?before=3&limit=1`)).toMatchObject([{ seq: 2 }]);
    const journal = await house.data<{ gseq: number; actor: string }[]>('GET', '/api/v1/journal?after=0&limit=1000');
    expect(journal.filter(({ actor }) => actor === task.id).map(({ gseq }) => gseq)).toEqual(history.map(({ gseq }) => gseq));
    expect(await house.data<unknown[]>('GET', `/api/v1/journal?after=0&kind=task&actor=${task.short}`)).toHaveLength(history.length);
    expect((await house.ask('GET', `/api/v1/actors/${task.id}/at/999`)).status).toBe(404);
    expect(await house.data('POST', '/api/v1/verify', {})).toMatchObject({ findings: [] });
  });
});
