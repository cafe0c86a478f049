/** What is halted stands still whatever its program was at, and is told as it is when it goes on. */
import { expect, test } from 'vitest';
import type { Task } from '../../src/api/contract/task.ts';
import { taskInputs } from '../support/chart-events.ts';
import { begin, observe, playedWorld } from '../support/played-world.ts';
import { openShop } from '../support/shop.ts';

const config = `
[agents.talker]
command = ["talk", "{prompt}"]
resumable = true
restart = "on-failure"
`;
/** A shop in which programs are halted and go on when they are asked to. */
const open = async () => {
  let launch = 0;
  const house = await openShop({
    config,
    answer: (call) => {
      if (call.name === 'agent.launch') launch += 1;
      if (call.name === 'agent.suspend') return { outcomes: [{ event: { type: 'SUSPENDED', launch } }] };
      if (call.name === 'agent.continue') return { outcomes: [{ event: { type: 'CONTINUED', launch } }] };
      return playedWorld(call);
    },
  });
  const task = await house.make({ agent: 'talker' });
  const agent = await begin(house, task.id);
  await observe(house, agent, 'busy', 'at work', 'report');
  const give = async (verb: string) => {
    await house.data('POST', `/api/v1/tasks/${task.id}/${verb}`);
    await house.runtime.idle();
  };
  const shown = () => house.data<Task>('GET', `/api/v1/tasks/${task.id}`);
  return { ...house, agent, give, shown };
};

test('a task paused while its program was about to be started again: what comes up is halted, too', async () => {
  const house = await open();
  const exit = { code: 3, signal: null };
  await house.runtime.send(house.agent, { type: 'PROCESS_EXITED', launch: 1, exit, output: '', detail: 'died' });
  expect(house.runtime.state(house.agent)?.status).toBe('backoff');
  await house.give('pause');
  house.clock.advance(10_000);
  await house.runtime.idle();
  expect(house.runtime.state(house.agent)).toMatchObject({ status: 'suspended', context: { launch: 2 } });
  await house.give('resume');
  expect(house.runtime.state(house.agent)?.status).not.toBe('suspended');
});

test('what was decided while a task was paused is known when it goes on', async () => {
  const house = await open();
  const ask = { kind: 'approval', text: 'May I?', tool: 'Bash', choices: [], expiresAt: null, source: 'hook' };
  const approval = house.runtime.newId();
  await house.runtime.send(house.agent, { type: 'ASKED', approval, ...ask, observedAt: house.clock.now() });
  expect((await house.shown()).status).toBe('needsApproval');
  await house.give('pause');
  await house.data('POST', `/api/v1/approvals/${approval}/approve`);
  await house.runtime.idle();
  await house.give('resume');
  expect(await house.shown()).toMatchObject({ status: 'working', agentState: { status: 'busy' } });
});

test('a task for a later time that comes back from another machine keeps its time, and is not put off', async () => {
  const { runtime, clock } = await openShop();
  const startAt = clock.now() + 3_600_000;
  for (const id of ['early', 'late']) await runtime.create('task', { ...taskInputs(clock.now())[0], id, startAt });
  for (const id of ['early', 'late']) await runtime.send(id, { type: 'HAND_OVER', system: 'laptop' });
  clock.advance(3_000_000);
  await runtime.command('early', { type: 'RUN_HERE' });
  expect(runtime.timers('early')).toMatchObject([{ due: startAt }]);
  clock.advance(3_000_000);
  await runtime.idle();
  await runtime.command('late', { type: 'RUN_HERE' });
  expect(runtime.state('late')?.status).toBe('queued');
});
