/** `GET /events`: steps for curl and scripts, resumable. */
import { get, type IncomingMessage } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import type { FeedRow } from '../../src/api/contract/actor.ts';
import { type ApiHouse, openApiHouse, project } from '../support/api-house.ts';
import { until } from '../support/until.ts';

type Event = { id?: string; event?: string; data?: string; comment?: string };
type Stream = {
  status: number;
  headers: IncomingMessage['headers'];
  text: () => string;
  events: () => Event[];
  ended: () => boolean;
  close: () => void;
};

const parse = (text: string): Event[] =>
  text
    .split('\n\n')
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const event: Event = {};
      for (const line of block.split('\n')) {
        const at = line.indexOf(':');
        const [name, value] = [line.slice(0, at), line.slice(at + 1).trimStart()];
        if (name === '') event.comment = value;
        else if (name === 'id' || name === 'event' || name === 'data') event[name] = value;
      }
      return event;
    });

const open = (
  house: ApiHouse,
  port: number,
  headers: Record<string, string> = {},
  path = '/api/v1/events',
  token = house.token,
): Promise<Stream> =>
  new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path, headers: { authorization: `Bearer ${token}`, ...headers } }, (reply) => {
      let text = '';
      let ended = false;
      reply.setEncoding('utf8');
      reply.on('data', (part: string) => {
        text += part;
      });
      reply.on('close', () => {
        ended = true;
      });
      // Cut by the test or by the daemon: `ended` tells it.
      reply.on('error', () => undefined);
      resolve({
        status: reply.statusCode ?? 0,
        headers: reply.headers,
        text: () => text,
        events: () => parse(text),
        ended: () => ended,
        close: () => request.destroy(),
      });
    });
    request.on('error', reject);
    onTestFinished(() => void request.destroy());
  });
const steps = (stream: Stream): FeedRow[] =>
  stream.events().flatMap(({ event, data }) => (event === 'step' ? [JSON.parse(data ?? '') as FeedRow] : []));

const start = async () => {
  const house = await openApiHouse();
  await house.data('POST', '/api/v1/projects', { path: project });
  const port = await house.listen();
  const make = () => house.data('POST', '/api/v1/tasks', { project: 'shop', prompt: 'x' });
  return { house, port, make };
};

it('tells each step with its id, and resumes behind Last-Event-ID', async () => {
  const { house, port, make } = await start();
  await make();
  const first = await open(house, port, {}, '/api/v1/events?after=0');
  expect([first.status, first.headers['content-type'], first.headers['cache-control']]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
    'no-store',
  ]);
  await make();
  await until('two steps', () => (steps(first).length === 2 ? true : undefined));
  expect(
    first
      .events()
      .filter(({ event }) => event === 'step')
      .map(({ id }) => id),
  ).toEqual(['1', '2']);
  first.close();
  await make();
  const second = await open(house, port, { 'last-event-id': '2' });
  await until('the missed one', () => (steps(second).length === 1 ? true : undefined));
  expect(steps(second)[0]).toMatchObject({ gseq: 3, kind: 'task', status: 'queued', by: 'cli', title: 'x' });
});

it('is alive while nothing happens', async () => {
  const { house, port } = await start();
  const stream = await open(house, port);
  await until('the first bytes', () => (stream.text().startsWith('retry: 2000') ? true : undefined));
  house.clock.advance(15_000);
  await until('a heartbeat', () => stream.events().find(({ comment }) => comment === 'still here'));
  house.clock.advance(15_000);
  await until('another', () => (stream.events().filter(({ comment }) => comment === 'still here').length === 2 ? true : undefined));
});

it('says reset when the mark is of another life', async () => {
  const { house, port } = await start();
  const stream = await open(house, port, { 'last-event-id': '77' });
  const reset = await until('reset', () => stream.events().find(({ event }) => event === 'reset'));
  expect(reset).toEqual({ id: '0', event: 'reset', data: '{"head":0}' });
});

it('ends when its token is revoked, and when the daemon stops', async () => {
  const { house, port } = await start();
  const issued = house.desk.issue({ name: 'script', kind: 'api', scopes: ['read'] });
  const revoked = await open(house, port, {}, '/api/v1/events', issued.secret);
  const other = await open(house, port);
  house.desk.revoke(issued.record.id);
  house.clock.advance(15_000);
  await until('the end of the first', () => (revoked.ended() ? true : undefined));
  expect(other.ended()).toBe(false);
  await house.app.close();
  await until('the end of the other', () => (other.ended() ? true : undefined));
});

it('a reader that does not read is cut off', async () => {
  const { house, port, make } = await start();
  await make();
  const socket = await new Promise<IncomingMessage>((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/api/v1/events', headers: { authorization: `Bearer ${house.token}` } }, resolve);
    onTestFinished(() => void request.destroy());
  });
  socket.on('error', () => undefined);
  socket.pause();
  const connections = () => new Promise<number>((resolve) => house.app.server.getConnections((_error, count) => resolve(count)));
  expect(await connections()).toBe(1);
  const [task] = house.runtime.list({ kind: 'task' });
  // Each step carries its title: about 200 kB per turn on the wire.
  for (let i = 0; i < 400 && (await connections()) > 0; i += 1) {
    await Promise.all(
      Array.from({ length: 200 }, () => house.runtime.send(task?.id ?? '', { type: 'SET_PRIORITY', priority: i % 5, by: 'x'.repeat(190) })),
    );
  }
  await until('it is gone', async () => ((await connections()) === 0 ? true : undefined));
});
