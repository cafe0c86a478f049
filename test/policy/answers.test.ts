/** A rule answers in the commit in which the agent asks, and everybody can see which one it was. */
import { describe, expect, test } from 'vitest';
import type { Approval, InboxItem, Why } from '../../src/api/contract/index.ts';
import { openShop, running } from '../support/shop.ts';

const config = `
[[policy]]
decision = "deny"
tool = "Bash"
pattern = "rm *"
reason = "nothing is removed here"

[[policy]]
decision = "allow"
project = "shop"
pattern = "npm test*"
reason = "tests are harmless"

[[policy]]
decision = "ask"
tool = "Deploy"
reason = "the boss wants to know"
`;

const setUp = async (more = '') => {
  const house = await openShop({ config: more + config });
  const { task, agent } = await running(house);
  const token = house.desk.issueForAgent(agent).secret;
  const ask = async (text: string, tool?: string, approval = true): Promise<Approval> => {
    house.clock.advance(10);
    const body = { report: 'ask', text, ...(approval ? { approval } : {}), ...(tool === undefined ? {} : { tool }) };
    const reply = await house.ask('POST', '/api/v1/report', { token, body });
    const { approval: id } = reply.body.data as { approval: string };
    const all = await house.data<Approval[]>('GET', `/api/v1/tasks/${task.id}/approvals`);
    return all.find((one) => one.id === id) ?? expect.unreachable();
  };
  return { house, task, agent, ask };
};

describe('a rule of the policy', () => {
  test('allows without a person, and the agent goes on', async () => {
    const { house, task, agent, ask } = await setUp();
    const told = await ask('npm test -- cart');
    expect(told).toMatchObject({
      status: 'allowed',
      decidedBy: 'policy',
      decidedAt: told.askedAt,
      policy: { decision: 'allow', rule: 'allow anything "npm test*" in shop', reason: 'tests are harmless' },
    });
    expect(house.runtime.state(agent)?.status).toBe('busy');
    expect(house.runtime.state(task.id)?.status).toBe('working');
    expect(await house.data<InboxItem[]>('GET', '/api/v1/inbox')).toEqual([]);
    await house.runtime.idle();
    expect(house.calls.find(({ name }) => name === 'approval.deliver')?.params).toMatchObject({ approval: told.id, decision: 'allow' });
  });

  test('denies, and the asker is told why', async () => {
    const { house, ask } = await setUp();
    const told = await ask('ls && rm -rf /', 'Bash');
    expect(told).toMatchObject({ status: 'denied', decidedBy: 'policy', answer: 'nothing is removed here' });
    const why = await house.data<Why>('GET', `/api/v1/actors/${told.short}/why`);
    expect(why.sentence).toBe('It was denied by the rule “deny Bash "rm *"” (nothing is removed here).');
    await house.runtime.idle();
    expect(house.calls.find(({ name }) => name === 'approval.deliver')?.params).toMatchObject({ text: 'nothing is removed here' });
  });

  test('stands in the journal of what was asked, with its channel', async () => {
    const { house, ask } = await setUp();
    const { id } = await ask('npm test');
    const [row, ...more] = house.runtime.history(id);
    expect(more).toEqual([]);
    expect(row?.transitions.length).toBeGreaterThan(0);
    expect(row?.snapshot).toMatchObject({ value: 'allowed', context: { decidedBy: 'policy', policy: { reason: 'tests are harmless' } } });
  });

  test('may say that a person decides, and shows that in the inbox', async () => {
    const { house, ask } = await setUp();
    const { id } = await ask('to production', 'Deploy');
    const [item] = await house.data<InboxItem[]>('GET', '/api/v1/inbox');
    expect(item).toMatchObject({ id, status: 'pending', policy: { decision: 'ask', reason: 'the boss wants to know' } });
    expect(await house.data('POST', `/api/v1/approvals/${id}/approve`, {})).toMatchObject({
      status: 'allowed',
      decidedBy: expect.stringMatching(/cli/),
    });
  });

  test('is for permissions only: a question is for a person', async () => {
    const { ask } = await setUp();
    expect(await ask('npm test', undefined, false)).toMatchObject({ kind: 'question', status: 'pending', policy: null });
  });

  test('comes first: a person who decides later is told that it was the policy', async () => {
    const { house, ask } = await setUp();
    const { id } = await ask('npm test');
    const reply = await house.ask('POST', `/api/v1/approvals/${id}/deny`, { body: {} });
    expect(reply).toMatchObject({ status: 409, body: { decidedBy: 'policy', decision: 'allow' } });
  });
});

describe('a question that nobody decides', () => {
  test('is denied after a day, or what config.toml says, and says so', async () => {
    const { house, ask } = await setUp('approval_expiry = "2h"\n');
    const told = await ask('something else');
    expect(told).toMatchObject({ status: 'pending', expiresAt: told.askedAt + 7_200_000 });
    house.clock.advance(7_199_000);
    await house.runtime.idle();
    expect(house.runtime.state(told.id)?.status).toBe('pending');
    house.clock.advance(2_000);
    await house.runtime.idle();
    expect(house.runtime.state(told.id)).toMatchObject({ status: 'expired', context: { decidedBy: 'timer', decision: 'expire' } });
    const why = await house.data<Why>('GET', `/api/v1/actors/${told.id}/why`);
    expect(why.sentence).toBe('It was expired, since nobody decided in time.');
    expect(house.calls.findLast(({ name }) => name === 'approval.deliver')?.params).toMatchObject({ decision: 'expire' });
  });

  test('has a day by default, and with 0 all the time', async () => {
    const first = await setUp();
    const told = await first.ask('x');
    expect(told.expiresAt).toBe(told.askedAt + 86_400_000);
    const second = await setUp('approval_expiry = 0\n');
    expect(await second.ask('x')).toMatchObject({ expiresAt: null });
  });
});
