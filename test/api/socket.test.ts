/** `/ws` over a real port, with a real client: who may watch, what they see, and that a slow one hurts nobody. */
import { createConnection } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { fakeTerminal } from '../../adapters/tmux/fake.ts';
import type { ServerFrame } from '../../src/api/contract/socket.ts';
import { windowBytes } from '../../src/api/contract/socket.ts';
import type { Task } from '../../src/api/contract/task.ts';
import { ok } from '../../src/errors.ts';
import type { PaneWatch, Terminal } from '../../src/ports/terminal.ts';
import { type ApiHouse, openApiHouse, project } from '../support/api-house.ts';
import { begin, observe, playedWorld } from '../support/played-world.ts';
import { realClock } from '../support/real-clock.ts';
import { until } from '../support/until.ts';

type Client = {
  socket: WebSocket;
  frames: ServerFrame[];
  bytes: Buffer[];
  closed: { code: number; reason: string }[];
  say: (frame: unknown) => void;
  next: (type: ServerFrame['type']) => Promise<ServerFrame>;
};

const connect = async (port: number, headers: Record<string, string> = {}): Promise<Client> => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers });
  const client: Client = {
    socket,
    frames: [],
    bytes: [],
    closed: [],
    say: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    next: (type) => until(`a frame ${type}`, () => client.frames.find((frame) => frame.type === type)),
  };
  socket.on('message', (data, isBinary) => {
    const buffer = Buffer.isBuffer(data) ? data : Buffer.concat(data as Buffer[]);
    if (isBinary) client.bytes.push(buffer);
    else client.frames.push(JSON.parse(buffer.toString()) as ServerFrame);
  });
  socket.on('close', (code, reason) => client.closed.push({ code, reason: reason.toString() }));
  onTestFinished(() => socket.terminate());
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return client;
};
const enter = async (house: ApiHouse, token = house.token): Promise<Client & { port: number }> => {
  const port = await house.listen();
  const client = await connect(port);
  client.say({ type: 'auth', token });
  await client.next('ready');
  return { ...client, port };
};
const closed = (client: Client) => until('a close', () => client.closed[0]);

/** A terminal whose one stream the test writes itself. */
const scripted = () => {
  const writes: ((bytes: Uint8Array) => void)[] = [];
  const log: string[] = [];
  const terminal: Terminal = {
    ...fakeTerminal({ clock: realClock }),
    generation: () => '1:1',
    watch: async (_pane, onBytes) => {
      onBytes(Buffer.from('screen'));
      writes.push(onBytes);
      const watch: PaneWatch = {
        pause: () => void log.push('pause'),
        resume: () => void log.push('resume'),
        close: () => void log.push('close'),
      };
      return ok(watch);
    },
    type: async (_pane, bytes) => {
      log.push(`type ${Buffer.from(bytes).toString()}`);
      return ok(undefined);
    },
    resize: async (_pane, cols, rows) => {
      log.push(`resize ${cols}x${rows}`);
      return ok(undefined);
    },
  };
  return { terminal, write: (bytes: Uint8Array) => writes.forEach((to) => to(bytes)), log };
};
const withAgent = async () => {
  const play = scripted();
  const house = await openApiHouse({ answer: playedWorld, app: { terminal: play.terminal } });
  await house.data('POST', '/api/v1/projects', { path: project });
  const task = await house.data<Task>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'x' });
  const agent = await begin(house, task.id);
  return { house, play, agent, task };
};

describe('/ws: who comes in', () => {
  it('a page of another origin is refused before it is a socket', async () => {
    const house = await openApiHouse();
    const port = await house.listen();
    await expect(connect(port, { origin: 'https://evil.example' })).rejects.toThrow('403');
    await expect(connect(port, { origin: `http://localhost:${port}` })).rejects.toThrow('403');
    expect((await connect(port, { origin: `http://127.0.0.1:${port}` })).socket.readyState).toBe(WebSocket.OPEN);
  });

  it.each([
    ['a wrong token', { type: 'auth', token: 'ccm_wrong' }],
    ['another frame first', { type: 'subscribe', since: null }],
    ['no JSON', 'hello'],
    ['an unknown frame', { type: 'dance' }],
  ])('%s is answered and hung up on', async (_what, frame) => {
    const house = await openApiHouse();
    const client = await connect(await house.listen());
    client.say(frame);
    expect((await closed(client)).code).toBe(4003);
    expect(client.frames.map(({ type }) => type)).toEqual(['error']);
  });

  it('an agent sees nothing', async () => {
    const house = await openApiHouse();
    const client = await connect(await house.listen());
    client.say({ type: 'auth', token: house.desk.issueForAgent('a1').secret });
    expect((await closed(client)).code).toBe(4003);
  });

  it('who says nothing for five seconds is hung up on', async () => {
    const house = await openApiHouse();
    const client = await connect(await house.listen());
    await until('the server knows of it', () => (house.clock.pending() > 2 ? true : undefined));
    house.clock.advance(5_000);
    expect((await closed(client)).code).toBe(4001);
  });

  it('a revoked token loses its open socket', async () => {
    const house = await openApiHouse();
    const issued = house.desk.issue({ name: 'phone', kind: 'api', scopes: ['read'] });
    const client = await enter(house, issued.secret);
    house.desk.revoke(issued.record.id);
    house.clock.advance(15_000);
    expect(await closed(client)).toEqual({ code: 4003, reason: 'the token was revoked' });
  });

  it('a shutdown says goodbye', async () => {
    const house = await openApiHouse();
    const client = await enter(house);
    const closing = house.app.close();
    expect(await closed(client)).toEqual({ code: 1001, reason: 'the daemon stops' });
    await closing;
  });
});

describe('/ws: a refused upgrade', () => {
  it('leaves no connection behind (regression: the gate answered, and the socket stayed open for ever)', async () => {
    const { app, listen } = await openApiHouse();
    const port = await listen();
    const answered = await new Promise<string>((resolve) => {
      const socket = createConnection(port, '127.0.0.1');
      let heard = '';
      socket.on('data', (bytes) => {
        heard += bytes.toString();
      });
      socket.on('close', () => resolve(heard));
      const lines = [
        'GET /ws HTTP/1.1',
        `Host: 127.0.0.1:${port}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ];
      socket.write([...lines, 'Sec-WebSocket-Version: 13', 'Origin: https://evil.example', '', ''].join('\r\n'));
    });
    expect(answered).toMatch(/^HTTP\/1\.1 403 /);
    const open = () => new Promise<number>((resolve) => app.server.getConnections((_error, count) => resolve(count)));
    await until('no connection', async () => ((await open()) === 0 ? true : undefined));
  });
});

describe('/ws: steps', () => {
  it('come after the mark, without gap or double, as the socket comes and goes', async () => {
    const house = await openApiHouse();
    await house.data('POST', '/api/v1/projects', { path: project });
    const rowsOf = (client: Client) => client.frames.flatMap((frame) => (frame.type === 'rows' ? frame.rows : []));
    const make = () => house.data<Task>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'x' });
    await make();
    const first = await enter(house);
    first.say({ type: 'subscribe', since: 0 });
    await make();
    await until('two rows', () => (rowsOf(first).length >= 2 ? true : undefined));
    first.socket.close();
    await make();
    const second = await connect(first.port);
    second.say({ type: 'auth', token: house.token });
    second.say({ type: 'subscribe', since: rowsOf(first).at(-1)?.gseq });
    await make();
    await until('two more rows', () => (rowsOf(second).length >= 2 ? true : undefined));
    const all = [...rowsOf(first), ...rowsOf(second)];
    expect(all.map(({ gseq }) => gseq)).toEqual([1, 2, 3, 4]);
    expect(all[3]).toMatchObject({ kind: 'task', seq: 1, status: 'queued', title: 'x', attention: 0 });
  });

  it('carry what an agent says it does, so that nobody has to ask for it', async () => {
    const house = await openApiHouse({ answer: playedWorld });
    await house.data('POST', '/api/v1/projects', { path: project });
    const { id } = await house.data<Task>('POST', '/api/v1/tasks', { project: 'shop', prompt: 'Do it' });
    const agent = await begin(house, id);
    const client = await enter(house);
    client.say({ type: 'subscribe', since: null });
    await observe(house, agent, 'progress', ' reading ');
    await observe(house, agent, 'ready', 'not a word of its own');
    const rows = await until('both steps', () => {
      const all = client.frames.flatMap((frame) => (frame.type === 'rows' ? frame.rows : []));
      return all.filter((row) => row.type === 'OBSERVED').length === 2 ? all : undefined;
    });
    expect(rows.flatMap(({ progress }) => progress ?? [])).toEqual(['reading']);
  });
  it('steps that were folded away before a viewer had caught up are told as a reset, not passed over', async () => {
    const house = await openApiHouse();
    const gaps: (() => void)[] = [];
    const { subscribe } = house.runtime.feed;
    house.runtime.feed.subscribe = (since, onRows, onGap) => {
      if (onGap) gaps.push(onGap);
      return subscribe(since, onRows, onGap);
    };
    const client = await enter(house);
    client.say({ type: 'subscribe', since: 0 });
    const events = await fetch(`http://127.0.0.1:${client.port}/api/v1/events?after=0`, {
      headers: { authorization: `Bearer ${house.token}` },
    });
    await until('both viewers', () => (gaps.length === 2 ? true : undefined));
    for (const tell of gaps) tell();
    expect(await client.next('reset')).toEqual({ type: 'reset', head: 0 });
    let heard = '';
    for await (const part of events.body ?? []) {
      heard += Buffer.from(part).toString('utf8');
      if (heard.includes('event: reset')) break;
    }
    expect(heard).toContain('event: reset');
  });
  it('a mark from another life is answered with a reset', async () => {
    const house = await openApiHouse();
    const client = await enter(house);
    client.say({ type: 'subscribe', since: 99 });
    expect(await client.next('reset')).toEqual({ type: 'reset', head: 0 });
    client.say({ type: 'ping' });
    expect(await client.next('pong')).toEqual({ type: 'pong' });
  });
});

describe('/ws: terminals', () => {
  it('the picture first, then bytes by channel; typing goes in, in order', async () => {
    const { house, play, agent } = await withAgent();
    const client = await enter(house);
    client.say({ type: 'watch', channel: 7, agent, cols: 100, rows: 30 });
    expect(await client.next('watching')).toEqual({ type: 'watching', channel: 7, cols: 100, rows: 30 });
    play.write(Buffer.from('more'));
    await until('both', () => (client.bytes.length === 2 ? true : undefined));
    expect(client.bytes.map((frame) => [frame[0], frame.subarray(1).toString()])).toEqual([
      [7, 'screen'],
      [7, 'more'],
    ]);
    for (const text of ['l', 's', '\r']) client.say({ type: 'input', channel: 7, data: Buffer.from(text).toString('base64') });
    client.say({ type: 'resize', channel: 7, cols: 80, rows: 24 });
    await until('all of it', () => (play.log.length === 5 ? true : undefined));
    expect(play.log.filter((line) => line.startsWith('type'))).toEqual(['type l', 'type s', 'type \r']);
    client.say({ type: 'unwatch', channel: 7 });
    await until('the end of the stream', () => (play.log.includes('close') ? true : undefined));
  });

  it('who may only read neither types nor resizes', async () => {
    const { house, play, agent } = await withAgent();
    const client = await enter(house, house.tokenOf(['read']));
    client.say({ type: 'watch', channel: 1, agent, cols: 10, rows: 10 });
    await client.next('watching');
    client.say({ type: 'input', channel: 1, data: 'eA==' });
    expect(await client.next('error')).toMatchObject({ code: 'CCM_FORBIDDEN', channel: 1 });
    client.say({ type: 'resize', channel: 1, cols: 10, rows: 10 });
    await until('two refusals', () => (client.frames.filter(({ type }) => type === 'error').length === 2 ? true : undefined));
    expect(play.log).toEqual([]);
  });

  it('a viewer that does not acknowledge pauses its stream, and goes on when it does', async () => {
    const { house, play, agent } = await withAgent();
    const client = await enter(house);
    client.say({ type: 'watch', channel: 1, agent });
    await client.next('watching');
    play.write(Buffer.alloc(windowBytes, 'x'));
    expect(play.log).toEqual(['pause']);
    client.say({ type: 'ack', channel: 1, bytes: windowBytes });
    await until('resume', () => (play.log.includes('resume') ? true : undefined));
  });

  it('one that never does is given up, and told', async () => {
    const { house, play, agent } = await withAgent();
    const client = await enter(house);
    client.say({ type: 'watch', channel: 1, agent });
    await client.next('watching');
    for (let i = 0; i < 20; i += 1) play.write(Buffer.alloc(windowBytes, 'x'));
    expect(await client.next('closed')).toEqual({ type: 'closed', channel: 1, reason: 'The viewer does not keep up.' });
    expect(play.log).toEqual(['pause', 'close']);
  });

  it('a socket that stops reading is dropped, and the daemon keeps nothing for it', async () => {
    const { house, play, agent } = await withAgent();
    const client = await enter(house);
    for (let channel = 1; channel <= 4; channel += 1) client.say({ type: 'watch', channel, agent });
    await until('four', () => (client.frames.filter(({ type }) => type === 'watching').length === 4 ? true : undefined));
    // The kernel's buffers fill first, then ours; acknowledgements of another reader keep the channels open.
    client.socket.pause();
    for (let i = 0; i < 200 && !play.log.includes('close'); i += 1) {
      play.write(Buffer.alloc(windowBytes, 'x'));
      for (let channel = 1; channel <= 4; channel += 1) client.say({ type: 'ack', channel, bytes: windowBytes });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(play.log.filter((line) => line === 'close')).toHaveLength(4);
    expect(house.app.websocketServer.clients.size).toBeLessThanOrEqual(1);
  });

  it.each([
    ['an agent that is not there', { type: 'watch', channel: 2, agent: 'zzzzz' }, 'CCM_NOT_FOUND'],
    ['a channel in use', { type: 'watch', channel: 1, agent: 'AGENT' }, 'CCM_CONFLICT'],
    ['a channel that is not open', { type: 'input', channel: 9, data: 'eA==' }, 'CCM_NOT_FOUND'],
  ])('%s is told on its channel', async (_what, frame, code) => {
    const { house, agent } = await withAgent();
    const client = await enter(house);
    client.say({ type: 'watch', channel: 1, agent });
    await client.next('watching');
    client.say({ ...frame, ...('agent' in frame && frame.agent === 'AGENT' ? { agent } : {}) });
    expect(await client.next('error')).toMatchObject({ code, channel: frame.channel });
    expect(client.closed).toEqual([]);
  });
});
