/** Law 6: legal moves only. What the interface offers is what the chart accepts; the rest answers 409, names the legal ones, and changes nothing. */
import { describe, expect, it } from 'vitest';
import { kinds } from '../../machines/index.ts';
import type { Command } from '../../src/api/contract/common.ts';
import type { Consequence } from '../../src/api/contract/envelope.ts';
import type { Task } from '../../src/api/contract/task.ts';
import { type ApiHouse, openApiHouse, project } from '../support/api-house.ts';
import { begin, observe, playedWorld } from '../support/played-world.ts';

type Made = { id: string; agent: string | null };

const make = async (house: ApiHouse, more: Record<string, unknown> = {}): Promise<string> =>
  (await house.data<Task>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'Do it', ...more })).id;

/** How to bring a task into each state a person can meet it in. */
const ways: Readonly<Record<string, (house: ApiHouse) => Promise<Made>>> = {
  scheduled: async (house) => ({ id: await make(house, { at: house.clock.now() + 60_000 }), agent: null }),
  blocked: async (house) => ({ id: await make(house, { after: [await make(house)] }), agent: null }),
  queued: async (house) => ({ id: await make(house), agent: null }),
  running: async (house) => {
    const id = await make(house);
    const agent = await begin(house, id);
    await observe(house, agent, 'busy');
    return { id, agent };
  },
  paused: async (house) => {
    const id = await make(house);
    await house.data('POST', `/api/v1/tasks/${id}/pause`, {});
    return { id, agent: null };
  },
  cancelled: async (house) => {
    const id = await make(house);
    await house.data('POST', `/api/v1/tasks/${id}/stop`, {});
    return { id, agent: null };
  },
  succeeded: async (house) => {
    const id = await make(house);
    const agent = await begin(house, id);
    await observe(house, agent, 'done', 'All done');
    return { id, agent };
  },
};
const values: Record<string, unknown> = { priority: 3, budget: 5_000_000 };
const bodyFor = (command: Pick<Command, 'needs'>): Record<string, unknown> =>
  Object.fromEntries((command.needs ?? []).map((name) => [name, values[name]]));

const open = async (): Promise<ApiHouse> => {
  const house = await openApiHouse({ answer: playedWorld });
  await house.data('POST', '/api/v1/projects', { path: project });
  return house;
};

describe('law 6: legal moves only', () => {
  it.each(Object.keys(ways))('a task that is %s', async (name) => {
    const house = await open();
    const way = ways[name];
    if (!way) throw new Error(name);
    const { id } = await way(house);
    const task = await house.data<Task>('GET', `/api/v1/tasks/${id}`);
    const legal = new Set(task.commands.map(({ verb }) => verb));
    expect(legal.size, task.status).toBeGreaterThan(0);
    for (const command of Object.values(kinds.task.commands)) {
      const { verb } = command;
      const body = bodyFor({ needs: [...(command.needs ?? [])] });
      const before = house.runtime.state(id)?.seq;
      const told = await house.data<Consequence>('POST', `/api/v1/tasks/${id}/${verb}?dry_run=true`, body);
      expect([verb, told.legal]).toEqual([verb, legal.has(verb)]);
      expect(told.consequence).toMatch(/\.$/);
      expect(house.runtime.state(id)?.seq, `${verb} as a dry run`).toBe(before);
      if (legal.has(verb)) continue;
      const refused = await house.ask('POST', `/api/v1/tasks/${id}/${verb}`, { body });
      expect(refused).toMatchObject({ status: 409, body: { code: 'CCM_ILLEGAL_MOVE', state: task.status } });
      expect((refused.body['legal'] as Command[]).map((one) => one.verb)).toEqual([...legal]);
      expect(house.runtime.state(id)?.seq, `${verb} refused`).toBe(before);
    }
    // Each legal one does what its dry run said, on a task of its own.
    for (const command of task.commands) {
      const other = await way(house);
      const body = bodyFor(command);
      const told = await house.data<Consequence>('POST', `/api/v1/tasks/${other.id}/${command.verb}?dry_run=true`, body);
      const before = house.runtime.state(other.id)?.seq ?? 0;
      const answer = await house.ask('POST', `/api/v1/tasks/${other.id}/${command.verb}`, { body });
      expect(answer.status, `${name} ${command.verb} ${answer.text}`).toBe(200);
      const step = house.runtime.history(other.id, { after: before, limit: 1 })[0];
      const saved = step?.snapshot as Parameters<typeof kinds.task.view>[0];
      expect([command.verb, kinds.task.view(saved).status]).toEqual([command.verb, told.becomes]);
      expect(step?.transitions, command.verb).toEqual(told.transitions);
    }
  });

  it('interrupt goes to the agent, and only while there is one', async () => {
    const house = await open();
    const queued = await house.ask('POST', `/api/v1/tasks/${await make(house)}/interrupt`);
    expect(queued).toMatchObject({
      status: 409,
      body: { code: 'CCM_ILLEGAL_MOVE', detail: 'The task is queued and has no agent to interrupt.' },
    });
    const { id } = (await ways['running']?.(house)) ?? { id: '' };
    await house.data('POST', `/api/v1/tasks/${id}/interrupt`);
    await house.runtime.idle();
    expect(house.calls.map(({ name }) => name)).toContain('agent.interrupt');
  });

  it('a verb nobody knows is no 404: the answer lists what there is', async () => {
    const house = await open();
    const reply = await house.ask('POST', `/api/v1/tasks/${await make(house)}/explode`);
    expect(reply).toMatchObject({ status: 409, body: { code: 'CCM_ILLEGAL_MOVE' } });
    expect(reply.body['detail']).toBe(
      'There is no command "explode" for a task; there are start, pause, resume, retry, run-here, budget, priority, stop, kill.',
    );
  });

  it('a command that needs a value says so', async () => {
    const house = await open();
    const reply = await house.ask('POST', `/api/v1/tasks/${await make(house)}/priority`, { body: {} });
    expect(reply).toMatchObject({
      status: 400,
      body: { code: 'CCM_BAD_INPUT', field: 'priority', detail: '"priority" needs "priority" in the body.' },
    });
  });

  it('the first decision wins; the second is told whose it was', async () => {
    const house = await open();
    const { agent } = (await ways['running']?.(house)) ?? { agent: null };
    const token = house.desk.issueForAgent(agent ?? '').secret;
    const asked = await house.ask('POST', '/api/v1/report', { token, body: { report: 'ask', approval: true, text: 'May I?' } });
    const { approval } = asked.body.data as { approval: string };
    const inbox = await house.data<{ id: string; commands: Command[] }[]>('GET', '/api/v1/inbox');
    expect(inbox.map(({ id, commands }) => [id, commands.map(({ verb }) => verb)])).toEqual([[approval, ['approve', 'deny']]]);
    // Its own token decides nothing.
    expect((await house.ask('POST', `/api/v1/approvals/${approval}/approve`, { token, body: {} })).status).toBe(403);
    expect((await house.ask('POST', `/api/v1/approvals/${approval}/answer`, { body: { text: 'yes' } })).status).toBe(409);
    expect(await house.data('POST', `/api/v1/approvals/${approval}/approve`, {})).toMatchObject({ status: 'allowed', decidedBy: 'cli' });
    const late = await house.ask('POST', `/api/v1/approvals/${approval}/deny`, { body: {} });
    expect(late).toMatchObject({ status: 409, body: { decidedBy: 'cli', decision: 'allow' } });
    expect(late.body['detail']).toBe('It was allowed already, by cli.');
    expect(await house.data('GET', '/api/v1/inbox')).toEqual([]);
  });
});
