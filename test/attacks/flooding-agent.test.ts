/** An agent that asks without end, or without waiting for an answer, is told to wait; everybody else is answered meanwhile. */
import { Agent, request } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { type ApiHouse, openApiHouse, project } from '../support/api-house.ts';
import { begin, playedWorld } from '../support/played-world.ts';
import { until } from '../support/until.ts';

const twoAgents = async (house: ApiHouse): Promise<{ flooder: string; other: string; approval: string }> => {
  await house.data('POST', '/api/v1/projects', { path: project });
  const tokens: string[] = [];
  for (const prompt of ['flood', 'work']) {
    const task = await house.data<{ id: string }>('POST', '/api/v1/tasks', { project: 'shop', prompt });
    tokens.push(house.desk.issueForAgent(await begin(house, task.id)).secret);
  }
  const [flooder = '', other = ''] = tokens;
  const asked = await house.ask('POST', '/api/v1/report', { token: flooder, body: { report: 'ask', text: 'Red or blue?' } });
  return { flooder, other, approval: (asked.body.data as { approval: string }).approval };
};
const report = (house: ApiHouse, token: string) =>
  house.ask('POST', '/api/v1/report', { token, body: { report: 'progress', text: 'half way' } }).then(({ status }) => status);

it('of one agent so many questions wait at once and no more; another agent and the person are answered meanwhile', async () => {
  const house = await openApiHouse({ answer: playedWorld, app: { limits: { agentAtOnce: 40 } } });
  const { flooder, other, approval } = await twoAgents(house);
  const port = await house.listen();
  const before = house.clock.pending();
  const agent = new Agent({ maxSockets: 200 });
  onTestFinished(() => agent.destroy());
  const statuses: number[] = [];
  // The clock of this house stands still, and nobody decides: who is let in waits for ever.
  const path = `/api/v1/report/answer/${approval}?wait=60`;
  const asked = Array.from({ length: 120 }, () => {
    const one = request({ host: '127.0.0.1', port, path, agent, headers: { authorization: `Bearer ${flooder}` } }, (reply) => {
      reply.resume();
      statuses.push(reply.statusCode ?? 0);
    });
    one.on('error', () => undefined); // Hung up on below.
    one.end();
    return one;
  });
  await until('the rest to be refused', () => (statuses.length >= 80 && house.clock.pending() >= before + 40 ? true : undefined), 60_000);
  expect([statuses.length, new Set(statuses)]).toEqual([80, new Set([429])]);
  expect(await report(house, other)).toBe(200);
  expect((await house.ask('GET', '/api/v1/tasks')).status).toBe(200);
  expect(await report(house, flooder)).toBe(429);
  // Nothing of it stays: whoever hangs up makes room.
  agent.destroy();
  for (const one of asked) one.destroy();
  await until('room for it again', async () => ((await report(house, flooder)) === 200 ? true : undefined), 60_000);
  expect(house.clock.pending()).toBeLessThan(before + 40);
}, 120_000);

it('one after another without end: it is told when to come again, and another agent is not', async () => {
  const house = await openApiHouse({ answer: playedWorld, app: { limits: { perAgent: 15 } } });
  const { flooder, other } = await twoAgents(house);
  let last = await report(house, flooder);
  for (let tries = 0; last === 200 && tries < 100; tries += 1) last = await report(house, flooder);
  expect(last).toBe(429);
  const refused = await house.ask('POST', '/api/v1/report', { token: flooder, body: { report: 'progress', text: 'x' } });
  expect(refused.body).toMatchObject({ code: 'CCM_RATE_LIMITED', retryAfterMs: expect.any(Number) });
  for (let i = 0; i < 5; i += 1) expect(await report(house, other)).toBe(200);
});
