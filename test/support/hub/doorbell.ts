/** Realtime, as far as we use it: private channels whose policies decide who joins, and broadcasts that the database sends. */
import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { HubDatabase } from './database.ts';
import type { Claims } from './token.ts';

type Frame = [joinRef: string | null, ref: string | null, topic: string, event: string, payload: unknown];
type Socket = { ws: WebSocket; topics: Map<string, string | null> };

/** The policies on realtime.messages are asked as the subscriber, in a transaction that is undone. */
const mayHear = async (database: HubDatabase, topic: string, claims: Claims): Promise<boolean> => {
  let may = false;
  const asked = new Error('undone');
  await database
    .within(async (query) => {
      await query(`select set_config('realtime.topic', $1, true), set_config('request.jwt.claims', $2, true)`, [
        topic,
        JSON.stringify(claims),
      ]);
      await query(`insert into realtime.messages (topic, extension) values ($1, 'broadcast')`, [topic]);
      await query('set local role authenticated');
      may = (await query('select 1 from realtime.messages where topic = $1 limit 1', [topic])).length > 0;
      throw asked;
    })
    .catch((error: unknown) => {
      if (error !== asked) may = false;
    });
  return may;
};

export const doorbells = async (options: {
  server: Server;
  database: HubDatabase;
  key: string;
  who: (token: string) => Claims | null;
  /** Tests: keeps broadcasts from being delivered. */
  silent: () => boolean;
}) => {
  const sockets = new Set<Socket>();
  const wss = new WebSocketServer({ server: options.server, path: '/realtime/v1/websocket' });
  const tell = (socket: Socket, frame: Frame) => void (socket.ws.readyState === 1 && socket.ws.send(JSON.stringify(frame)));

  const hear = async (socket: Socket, [joinRef, ref, topic, event, payload]: Frame): Promise<void> => {
    const reply = (status: string, response: unknown = {}) => tell(socket, [joinRef, ref, topic, 'phx_reply', { status, response }]);
    if (event === 'heartbeat') return reply('ok');
    const { access_token: token = '', config } = payload as { access_token?: string; config?: { private?: boolean } };
    const claims = options.who(token);
    if (event === 'phx_join') {
      const name = topic.replace(/^realtime:/, '');
      const refused = `Unauthorized: You do not have permissions to read from this Channel topic: ${name}`;
      if (!claims) return reply('error', { reason: 'InvalidJWTToken: Token has expired or is invalid' });
      if (config?.private === true && !(await mayHear(options.database, name, claims))) return reply('error', { reason: refused });
      socket.topics.set(topic, joinRef);
      return reply('ok', { postgres_changes: [] });
    }
    if (event === 'phx_leave') {
      socket.topics.delete(topic);
      return reply('ok');
    }
    if (event === 'access_token' && !claims) {
      tell(socket, [null, null, topic, 'phx_close', {}]);
      socket.topics.delete(topic);
    }
    return undefined;
  };

  wss.on('connection', (ws, request) => {
    const asked = new URL(request.url ?? '/', 'http://hub').searchParams;
    if (asked.get('apikey') !== options.key) return ws.close(4001, 'invalid apikey');
    const socket: Socket = { ws, topics: new Map() };
    sockets.add(socket);
    ws.on('close', () => sockets.delete(socket));
    ws.on('message', (data: Buffer) => {
      const frame: unknown = JSON.parse(data.toString());
      const old = frame as { join_ref: string; ref: string; topic: string; event: string; payload: unknown };
      const read = Array.isArray(frame) ? (frame as Frame) : ([old.join_ref, old.ref, old.topic, old.event, old.payload] satisfies Frame);
      void hear(socket, read);
    });
    return undefined;
  });

  await options.database.listen('hub_ring', (text) => {
    if (options.silent()) return;
    const { topic, event, payload } = JSON.parse(text) as { topic: string; event: string; payload: unknown };
    const name = `realtime:${topic}`;
    for (const socket of sockets)
      if (socket.topics.has(name)) tell(socket, [null, null, name, 'broadcast', { type: 'broadcast', event, payload }]);
  });
  const drop = () => {
    for (const { ws } of sockets) ws.terminate();
  };
  return {
    drop,
    close: () => {
      drop();
      wss.close();
    },
  };
};
