/** The end of the daemon waits for nobody who waits. */
import { expect, it } from 'vitest';
import { openApiHouse, project } from '../support/api-house.ts';
import { begin, playedWorld } from '../support/played-world.ts';
import { until } from '../support/until.ts';

it('an agent that waits for a decision is sent away, to ask the next daemon (regression: `ccm down` took as long as the wait, 25 s)', async () => {
  const house = await openApiHouse({ answer: playedWorld });
  await house.data('POST', '/api/v1/projects', { path: project });
  const task = await house.data<{ id: string }>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'x' });
  const token = house.desk.issueForAgent(await begin(house, task.id)).secret;
  const asked = await house.ask('POST', '/api/v1/report', { token, body: { report: 'ask', text: 'Red or blue?' } });
  const { approval } = asked.body.data as { approval: string };
  const port = await house.listen();
  const timers = house.clock.pending();
  // The clock of this house stands still: the minute is never over by itself.
  const waiting = fetch(`http://127.0.0.1:${port}/api/v1/report/answer/${approval}?wait=60`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await until('it to wait', () => (house.clock.pending() > timers ? true : undefined));
  await house.app.close();
  expect(await (await waiting).json()).toMatchObject({ data: { state: 'pending' } });
}, 20_000);
