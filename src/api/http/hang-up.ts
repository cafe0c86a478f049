/**
 * The end of the daemon waits for answers, and for nobody else. Node stops timing its connections as soon as a server closes: one that never sends
 * a byte, half a request, or keeps its line after the answer would hold the end for ever (browsers open such lines in advance).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../ports/system.ts';

/** To say what is wanted: from its beginning for a line that is silent yet, from our end for half a request, and to take the answer. */
const wordMs = 1_000;
/** For an answer that is being made. */
const workMs = 10_000;

type Exchange = { request: IncomingMessage; response: ServerResponse };
type Caller = { since: number; exchanges: Set<Exchange> };

export const hangUp = (app: FastifyInstance, clock: Clock): void => {
  const callers = new Map<Socket, Caller>();
  let closing: number | null = null;

  /** Until when it may stay, by `clock.awake()`. */
  const until = ({ since, exchanges }: Caller, heard: boolean, end: number): number => {
    if (!heard) return since + wordMs;
    const atWork = [...exchanges].some(({ request, response }) => request.complete && !response.writableEnded);
    return end + (atWork ? workMs : wordMs);
  };
  let cancel = (): void => undefined;
  const watch = (end: number): void => {
    cancel();
    const now = clock.awake();
    let next = Number.POSITIVE_INFINITY;
    for (const [socket, caller] of callers) {
      const limit = until(caller, socket.bytesRead > 0, end);
      if (limit <= now) socket.destroy();
      else next = Math.min(next, limit);
    }
    if (next < Number.POSITIVE_INFINITY) cancel = clock.after(next - now, () => watch(end));
  };

  app.server.on('connection', (socket: Socket) => {
    callers.set(socket, { since: clock.awake(), exchanges: new Set() });
    socket.once('close', () => void callers.delete(socket));
    // The door is open until every farewell is said.
    if (closing !== null) watch(closing);
  });
  app.server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const caller = callers.get(request.socket);
    if (!caller) return;
    const exchange = { request, response };
    caller.exchanges.add(exchange);
    response.once('close', () => {
      caller.exchanges.delete(exchange);
      if (closing !== null && caller.exchanges.size === 0) request.socket.destroySoon();
    });
  });
  // A WebSocket has a farewell of its own, with a bound.
  app.server.prependListener('upgrade', (_request: IncomingMessage, socket: Socket) => void callers.delete(socket));
  // So that nobody writes the next request into a line that is closed after this answer.
  app.addHook('onSend', async (_request, reply) => void (closing !== null && reply.header('connection', 'close')));
  app.addHook('preClose', async () => {
    closing = clock.awake();
    watch(closing);
  });
};
