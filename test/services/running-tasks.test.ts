import { describe, expect, it } from 'vitest';
import type { TaskContext } from '../../machines/task/schema.ts';
import type { Panicked } from '../../src/api/contract/system.ts';
import type { Task } from '../../src/api/contract/task.ts';
import { begin, observe, playedWorld } from '../support/played-world.ts';
import { openShop, running, type Shop } from '../support/shop.ts';

describe('a running task', () => {
  it('shows its agent, its worktree and its notes', async () => {
    const house = await openShop();
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
    const house = await openShop();
    const { task } = await running(house);
    house.clock.advance(4_000);
    const told = await house.data<{ sentence: string; evidence: object[] }>('GET', `/api/v1/tasks/${task.id}/why`);
    expect(told.sentence).toMatch(/^Its agent \w{5} is busy: the hook said "busy" 4 s ago\.$/);
    expect(told.evidence[0]).toMatchObject({ fact: 'busy', source: 'hook', trust: 5, ageMs: 4_000, detail: 'Bash(npm test)' });
    expect(told).toMatchObject({ status: 'working', lastTransition: { event: 'AGENT_STATE' }, effects: [] });
  });

  it('a message goes into the queue of its agent, and can be taken back', async () => {
    const house = await openShop();
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
    const house = await openShop();
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

  it('panic kills it, however many others were asked for since', async () => {
    const house = await openShop();
    const { task, agent } = await running(house);
    const { context } = house.runtime.state(task.id) ?? {};
    const { project, profile } = context as TaskContext;
    const ids = Array.from({ length: 1_001 }, (_, n) => `later-${n}`);
    const later = { project, profile, title: 'Later', prompt: 'Later', startAt: house.clock.now() + 86_400_000, isolated: true };
    house.clock.advance(1_000);
    await house.runtime.transaction((step) => {
      for (const id of ids) step.create('task', { ...later, id });
    });
    expect(await house.data<Panicked>('POST', '/api/v1/panic')).toMatchObject({ stopped: 1_002 });
    await house.runtime.idle();
    expect([house.runtime.state(task.id)?.view.ended, house.runtime.state(agent)?.status]).toEqual([true, 'exited']);
  }, 60_000);

  it('panic kills it', async () => {
    const house = await openShop();
    const { task } = await running(house);
    expect(await house.data('POST', '/api/v1/panic')).toMatchObject({ stopped: 1, tasks: [task.id], left: [] });
    await house.runtime.idle();
    expect(house.calls.map(({ name }) => name)).toContain('agent.kill');
  });
});

describe('an ended task', () => {
  const done = async (house: Shop) => {
    const { task, agent } = await running(house);
    // Its prompt is typed once it is ready; while one waits, the end of a turn is not the end of the work.
    await observe(house, agent, 'ready');
    await observe(house, agent, 'busy');
    await observe(house, agent, 'done', 'All green');
    return { task, agent };
  };

  it('says how it ended, and is merged and removed', async () => {
    const house = await openShop();
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
    const house = await openShop();
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
    const house = await openShop();
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
    const house = await openShop();
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
    const house = await openShop();
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
    const house = await openShop();
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
    const house = await openShop();
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

  it('the journal of a rare kind says where to go on, also of a page on which nothing was found', async () => {
    const house = await openShop();
    await house.make();
    const { journal } = house.house.store;
    const newest = journal.head();
    const [row] = journal.since(newest - 1, 1);
    if (!row) throw new Error('no step');
    // As thousands of steps of others write it.
    house.house.store.commit(() => {
      for (let n = 1; n <= 10_500; n += 1) journal.add({ ...row, gseq: newest + n, kind: 'message', actor: 'm', seq: 64 * n + 1 });
      journal.add({ ...row, gseq: newest + 10_501, kind: 'approval', actor: 'a', seq: 1 });
    });
    const page = (query: string) => house.ask('GET', `/api/v1/journal?kind=approval&${query}`);
    const first = await page('after=0');
    expect(first.body).toMatchObject({ data: [], meta: { next: expect.stringMatching(/^1\d{4}$/) } });
    const { next } = first.body['meta'] as { next: string };
    expect((await page(`after=${next}`)).body).toMatchObject({ data: [{ actor: 'a' }], meta: { next: null } });
  });

  it('the journal of one actor begins where it is asked to, however long that is, and else ends with its newest step', async () => {
    const house = await openShop();
    const task = await house.make();
    await house.runtime.transaction((step) => {
      for (let n = 0; n < 1_100; n += 1) step.send(task.id, { type: 'SET_PRIORITY', priority: n % 10 });
    });
    const steps = async (query: string) =>
      (await house.data<{ seq: number }[]>('GET', `/api/v1/journal?actor=${task.id}&${query}`)).map(({ seq }) => seq);
    const newest = house.runtime.state(task.id)?.seq ?? 0;
    expect(newest).toBeGreaterThan(1_100);
    expect(await steps('limit=2')).toEqual([newest - 1, newest]);
    expect(await steps('after=0&limit=3')).toEqual([1, 2, 3]);
    const [, , third] = house.runtime.history(task.id, { limit: 3 });
    const page = await house.ask('GET', `/api/v1/journal?actor=${task.id}&after=0&limit=3`);
    expect(page.body).toMatchObject({ meta: { next: String(third?.gseq) } });
    expect(await steps(`after=${third?.gseq}&limit=2`)).toEqual([4, 5]);
  });
});

it('an attempt that ends before it had an agent leaves nothing put aside', async () => {
  const problem = { code: 'CCM_NOT_FOUND', detail: 'the repository is gone' };
  const house = await openShop({
    answer: (call) =>
      call.name === 'workspace.prepare' && call.params['attempt'] !== 3
        ? { outcomes: [{ event: { type: 'WORKSPACE_FAILED', attempt: call.params['attempt'], problem } }] }
        : call.name === 'workspace.prepare'
          ? { outcomes: [] }
          : playedWorld(call),
  });
  const task = await house.make();
  await begin(house, task.id);
  await house.data('POST', `/api/v1/tasks/${task.id}/retry`, {});
  await begin(house, task.id);
  expect(house.runtime.state(task.id)?.view.status).toBe('failed');
  await house.data('POST', `/api/v1/tasks/${task.id}/retry`, {});
  await begin(house, task.id);
  await house.data('POST', `/api/v1/tasks/${task.id}/stop`, {});
  expect(house.runtime.state(task.id)?.view.status).toBe('cancelled');
  expect(house.runtime.parked()).toEqual([]);
  expect(await house.runtime.verify()).toEqual([]);
});
