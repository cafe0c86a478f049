/** `Idempotency-Key`: the same request twice is carried out once, at the same time, one after another, and across a crash. */
import { expect, it } from 'vitest';
import type { Message } from '../../src/api/contract/message.ts';
import type { Task } from '../../src/api/contract/task.ts';
import { openApiHouse, project } from '../support/api-house.ts';
import { begin, observe, playedWorld } from '../support/played-world.ts';

const open = async () => {
  const house = await openApiHouse({ answer: playedWorld });
  await house.data('POST', '/api/v1/projects', { path: project });
  return house;
};
const body = { project: 'shop', prompt: 'Once' };

it('repeats the kept answer, and says that it does', async () => {
  const { ask, runtime } = await open();
  const headers = { 'idempotency-key': 'one' };
  const first = await ask('POST', '/api/v1/tasks', { body, headers });
  const second = await ask('POST', '/api/v1/tasks', { body, headers });
  expect(second.text).toBe(first.text);
  expect([first.headers['idempotency-replayed'], second.headers['idempotency-replayed']]).toEqual([undefined, 'true']);
  expect(runtime.list({ kind: 'task' })).toHaveLength(1);
});

it('lets requests that come at once wait for the first', async () => {
  const { ask, runtime } = await open();
  const headers = { 'idempotency-key': 'together' };
  const all = await Promise.all(Array.from({ length: 8 }, () => ask('POST', '/api/v1/tasks', { body, headers })));
  expect(new Set(all.map(({ text }) => text)).size).toBe(1);
  expect(all.map(({ status }) => status)).toEqual(Array(8).fill(200));
  expect(runtime.list({ kind: 'task' })).toHaveLength(1);
});

it('refuses the key for another body or path, also while the first is under way', async () => {
  const { ask } = await open();
  const headers = { 'idempotency-key': 'mine' };
  const [first, other] = await Promise.all([
    ask('POST', '/api/v1/tasks', { body, headers }),
    ask('POST', '/api/v1/tasks', { body: { ...body, prompt: 'Twice' }, headers }),
  ]);
  expect([first.status, other.status]).toEqual([200, 422]);
  expect(other.body).toMatchObject({ code: 'CCM_IDEMPOTENCY_REUSED' });
  expect((await ask('POST', '/api/v1/panic', { headers })).status).toBe(422);
});

it('keeps refusals that would come again, and not trouble that may pass', async () => {
  const { ask, workspaces } = await open();
  const headers = { 'idempotency-key': 'refused' };
  const first = await ask('POST', '/api/v1/projects', { body: { path: '/nowhere' }, headers });
  workspaces.folders.set('/nowhere', {
    ok: true,
    value: { path: '/nowhere', kind: 'plain', root: null, branch: null, head: null, dirty: false, submodules: false },
  });
  const second = await ask('POST', '/api/v1/projects', { body: { path: '/nowhere' }, headers });
  expect([first.status, second.status, second.headers['content-type']]).toEqual([400, 400, 'application/problem+json']);
  expect(second.text).toBe(first.text);
});

it('is per token: the same key of another one is another request', async () => {
  const { ask, tokenOf, runtime } = await open();
  const headers = { 'idempotency-key': 'shared' };
  await ask('POST', '/api/v1/tasks', { body, headers });
  await ask('POST', '/api/v1/tasks', { body, headers, token: tokenOf(['act']) });
  expect(runtime.list({ kind: 'task' })).toHaveLength(2);
});

it('after a day the key is free again', async () => {
  const { ask, clock } = await open();
  const headers = { 'idempotency-key': 'daily' };
  await ask('POST', '/api/v1/verify', { body: {}, headers });
  clock.advance(86_400_001);
  const again = await ask('POST', '/api/v1/verify', { body: {}, headers });
  expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, undefined]);
  expect((await ask('POST', '/api/v1/verify', { body: {}, headers })).headers['idempotency-replayed']).toBe('true');
});

it.each(['', 'a b', 'x'.repeat(201), 'ümlaut'])('refuses the key %j in words', async (key) => {
  const { ask } = await open();
  expect(await ask('POST', '/api/v1/verify', { body: {}, headers: { 'idempotency-key': key } })).toMatchObject({
    status: 400,
    body: { field: 'Idempotency-Key' },
  });
});

it('an answer lost in a crash: the repeat finds the task that was made, and makes none', async () => {
  const { ask, house, runtime } = await open();
  const headers = { 'idempotency-key': 'crashed' };
  const first = await ask('POST', '/api/v1/tasks', { body, headers });
  // The daemon died between the commit of the task and the note of the answer.
  house.store.idempotency.prune(Number.MAX_SAFE_INTEGER);
  const second = await ask('POST', '/api/v1/tasks', { body, headers });
  expect((second.body.data as Task).id).toBe((first.body.data as Task).id);
  expect(runtime.list({ kind: 'task' })).toHaveLength(1);
});

it('the same for a message and for a command', async () => {
  const house = await open();
  const { ask, runtime } = house;
  const task = await house.data<Task>('POST', '/api/v1/tasks', body);
  const agent = await begin(house, task.id);
  await observe(house, agent, 'busy');
  const send = () => ask('POST', `/api/v1/tasks/${task.id}/messages`, { body: { text: 'More' }, headers: { 'idempotency-key': 'msg' } });
  const stop = () => ask('POST', `/api/v1/tasks/${task.id}/priority`, { body: { priority: 5 }, headers: { 'idempotency-key': 'cmd' } });
  const messages = [await send()];
  const commands = [await stop()];
  house.house.store.idempotency.prune(Number.MAX_SAFE_INTEGER);
  const seq = runtime.state(task.id)?.seq;
  messages.push(await send());
  commands.push(await stop());
  expect(new Set(messages.map(({ body: reply }) => (reply.data as Message).id)).size).toBe(1);
  expect(commands.map(({ status }) => status)).toEqual([200, 200]);
  expect(runtime.state(task.id)?.seq).toBe(seq);
  expect(runtime.list({ kind: 'message', parent: agent }).filter(({ title }) => title === 'More')).toHaveLength(1);
  const queue = runtime.state(agent)?.context['queue'] as { text: string }[];
  expect(queue.filter(({ text }) => text === 'More')).toHaveLength(1);
});
