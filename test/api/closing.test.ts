/** The end of the daemon waits for answers, and for nobody who only waits. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ApiHouse, openApiHouse, project } from '../support/api-house.ts';
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
}, 60_000);

/** Closes, and lets the clock go on by at most `most` ms meanwhile. */
const closes = async ({ app, clock }: ApiHouse, most: number): Promise<void> => {
  let over = false;
  void app.close().then(() => {
    over = true;
  });
  let passed = 0;
  await until('the end', () => {
    if (over) return true;
    if (passed < most) clock.advance(100);
    passed += 100;
    return undefined;
  });
};

/** A line that is let in and has said `words`; what it is told is collected. */
const caller = async (house: ApiHouse, port: number, words: string): Promise<{ socket: Socket; heard: () => string }> => {
  const taken = once(house.app.server, 'connection') as Promise<[Socket]>;
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.on('data', (chunk: Buffer) => void (text += chunk.toString('latin1')));
  socket.on('error', () => undefined); // A reset is an end like any other.
  const [other] = await taken;
  socket.write(words);
  await until('the words to come', () => (other.bytesRead === words.length ? true : undefined));
  return { socket, heard: () => text };
};

describe('lines that hold nobody up (regression: each of them kept the daemon from ending, for ever)', () => {
  const host = 'Host: 127.0.0.1\r\n';
  it.each([
    ['one that never sends a byte', ''],
    ['half a header', 'GET /healthz HTTP/1.1\r\nHost: '],
    ['half a body', `POST /api/v1/tasks HTTP/1.1\r\n${host}content-type: application/json\r\ncontent-length: 100\r\n\r\n{`],
  ])('%s', async (_what, words) => {
    const house = await openApiHouse();
    await caller(house, await house.listen(), words);
    await closes(house, 1_500);
  });

  it('a reader of steps who does not hang up at the end of the stream', async () => {
    const house = await openApiHouse();
    const port = await house.listen();
    const line = `GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${house.token}\r\n\r\n`;
    const { heard } = await caller(house, port, line);
    await until('the stream', () => (heard().includes('retry:') ? true : undefined));
    await closes(house, 1_500);
  });

  it('whoever was asking is answered, told that the line ends with it, and it does', async () => {
    const opened = Promise.withResolvers<void>();
    const house = await openApiHouse({ app: { opened: opened.promise } });
    const port = await house.listen();
    const { heard } = await caller(house, port, `GET /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    const closing = closes(house, 5_000);
    await until('the patience with the others to be over', () => (house.clock.awake() > 5_000 + 4_000 ? true : undefined));
    expect(heard()).toBe('');
    opened.resolve();
    await closing;
    expect(heard()).toMatch(/^HTTP\/1\.1 401[^]*connection: close/i);
  });

  it('an answer whose head was out before the end has its rest, and nothing is left of its line', async () => {
    const house = await openApiHouse();
    const rest = Promise.withResolvers<void>();
    house.app.get('/half', { config: { access: 'open' }, schema: { hide: true } }, async (_request, reply) => {
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, { 'content-length': '2' }).write('a');
      await rest.promise;
      raw.end('b');
    });
    const port = await house.listen();
    const { heard } = await caller(house, port, `GET /half HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    await until('the head', () => (heard().endsWith('a') ? true : undefined));
    const closing = closes(house, 900);
    await until('the door to be shut', () => (house.app.server.listening ? undefined : true));
    rest.resolve();
    await closing;
    expect(heard().endsWith('ab')).toBe(true);
  });

  it('a request that is never done is given up after ten seconds', async () => {
    const house = await openApiHouse({ app: { opened: new Promise<void>(() => undefined) } });
    const port = await house.listen();
    await caller(house, port, `GET /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    await closes(house, 10_100);
  });
});
