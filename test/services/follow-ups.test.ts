/** What a person says reaches the agent as a message that can be followed, whichever way its program takes text. */
import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/api/contract/index.ts';
import { begin, observe, playedWorld } from '../support/played-world.ts';
import { openShop } from '../support/shop.ts';

const config = `
[agents.shot]
command = ["work", "{prompt}"]
mode = "oneshot"
resumable = true
[agents.talker]
command = ["talk", "{prompt}"]
resumable = true
`;
const setUp = async (agent: string) => {
  const house = await openShop({ config, answer: playedWorld });
  const task = await house.make({ agent });
  const first = await begin(house, task.id);
  const end = async (of: string, code: number | null, signal: number | null = null) => {
    const { launch } = house.runtime.state(of)?.context ?? {};
    await house.runtime.send(of, { type: 'PROCESS_EXITED', launch, exit: { code, signal }, output: 'the last lines', detail: 'ended' });
    await house.runtime.idle();
  };
  const send = async (text: string) => {
    const sent = await house.data<Message>('POST', `/api/v1/tasks/${task.id}/messages`, { text });
    await begin(house, task.id);
    return sent;
  };
  const shown = async (id: string) =>
    (await house.data<Message[]>('GET', `/api/v1/tasks/${task.id}/messages`)).find((one) => one.id === id);
  const agentNow = () => String(house.runtime.state(task.id)?.context['agent']);
  return { house, task, first, end, send, shown, agentNow };
};

describe('more work for a program that takes its prompt as an argument', () => {
  test('is a message of its own, answered by an exit with 0', async () => {
    const { first, end, send, shown, agentNow } = await setUp('shot');
    await end(first, 0);
    const sent = await send('And the tests');
    expect(await shown(sent.id)).toMatchObject({ id: sent.id, status: 'turnStarted', text: 'And the tests' });
    await end(agentNow(), 0);
    expect(await shown(sent.id)).toMatchObject({ status: 'answered' });
  });

  test('has failed when the program failed or was killed', async () => {
    const { first, end, send, shown, agentNow } = await setUp('shot');
    await end(first, 0);
    const sent = await send('And the tests');
    await end(agentNow(), 3);
    expect(await shown(sent.id)).toMatchObject({ status: 'failed', reason: 'the agent ended before it answered' });
  });

  test('has failed, not vanished, when the program never started', async () => {
    const house = await openShop({
      config,
      answer: (call) =>
        call.name === 'agent.launch' && call.params['resume'] !== null
          ? {
              outcomes: [
                { event: { type: 'LAUNCH_FAILED', launch: call.params['launch'], problem: { code: 'CCM_GIT_FAILED', detail: 'no' } } },
              ],
            }
          : playedWorld(call),
    });
    const task = await house.make({ agent: 'shot' });
    const first = await begin(house, task.id);
    await house.runtime.send(first, { type: 'PROCESS_EXITED', launch: 1, exit: { code: 0, signal: null }, output: '', detail: '' });
    await house.runtime.idle();
    const sent = await house.data<Message>('POST', `/api/v1/tasks/${task.id}/messages`, { text: 'more' });
    await begin(house, task.id);
    const all = await house.data<Message[]>('GET', `/api/v1/tasks/${task.id}/messages`);
    expect(all.find(({ id }) => id === sent.id)).toMatchObject({ status: 'failed' });
  });

  test('a prompt it shows before it has begun is no answer; the end of its turn is', async () => {
    const { house, first, shown } = await setUp('talker');
    const [message] = await house.data<Message[]>('GET', `/api/v1/tasks/${String(house.runtime.state(first)?.context['task'])}/messages`);
    expect(message).toMatchObject({ text: 'Do it', status: 'submitted' });
    await observe(house, first, 'ready', '>', 'pane');
    expect(await shown(message?.id ?? '')).toMatchObject({ status: 'submitted' });
    await observe(house, first, 'busy', 'at work', 'report');
    expect(await shown(message?.id ?? '')).toMatchObject({ status: 'turnStarted' });
    await observe(house, first, 'done', 'finished', 'report');
    expect(await shown(message?.id ?? '')).toMatchObject({ status: 'answered' });
  });

  test('it is carried again by the next start, and typed by nobody', async () => {
    const { house, first, end } = await setUp('talker');
    expect(house.calls.filter(({ name }) => name === 'agent.type')).toEqual([]);
    await end(first, null, 9);
    expect(house.calls.filter(({ name }) => name === 'agent.type')).toEqual([]);
  });
});

describe('a message to an agent that goes', () => {
  test('is refused, not left in the queue of the dead, when the agent ended in the same moment', async () => {
    const { house, task, first, end } = await setUp('talker');
    await observe(house, first, 'busy', 'at work', 'report');
    const gone = end(first, 3);
    const sent = await house.services.messages.send(task.id, 'Are you there?', { by: 'cli', requestId: null });
    await gone;
    expect(sent).toMatchObject({ ok: false, problem: { code: 'CCM_ILLEGAL_MOVE' } });
    expect(house.runtime.list({ kind: 'message', parent: first, status: 'queued' })).toEqual([]);
  });

  test('begins a new attempt of the same conversation, and is not taken down with the agent that is being let go', async () => {
    const house = await openShop({ config, answer: (call) => (call.name === 'agent.stop' ? { outcomes: [] } : playedWorld(call)) });
    const task = await house.make({ agent: 'talker' });
    const first = await begin(house, task.id);
    await observe(house, first, 'busy', 'at work', 'report');
    await observe(house, first, 'done', 'finished', 'report');
    await house.runtime.send(first, { type: 'STOP' });
    expect(house.runtime.state(first)?.status).toBe('stopping');
    const sent = await house.data<Message>('POST', `/api/v1/tasks/${task.id}/messages`, { text: 'One more thing' });
    const second = await begin(house, task.id);
    await house.runtime.send(first, { type: 'PROCESS_EXITED', launch: 1, exit: { code: 0, signal: null }, output: '', detail: 'ended' });
    await house.runtime.idle();
    expect(house.runtime.state(task.id)).toMatchObject({ context: { agent: second, attempt: 2 } });
    expect(house.runtime.state(task.id)?.view.ended).toBe(false);
    expect(house.runtime.state(sent.id)).toMatchObject({ status: 'submitted', context: { agent: second } });
  });
});
