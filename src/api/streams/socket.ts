/** `GET /ws`: the WebSocket under a session. No token in the URL; it comes in the first frame. */
import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RawData, WebSocket } from 'ws';
import type { Clock } from '../../ports/system.ts';
import type { AgentBehind } from '../auth/own-window.ts';
import { closeCodes } from '../contract/socket.ts';
import type { AuditDesk } from '../http/audit.ts';
import type { RouteDeps } from '../routes/deps.ts';
import type { OpenStream, OpenStreams } from './open-streams.ts';
import { session } from './session.ts';

/** A socket that does not answer a ping by the next one is dead. */
const pingMs = 30_000;
const maxFrameBytes = 128 * 1024;
const farewellMs = 1_000;
/** Sockets that have not said who they are. */
const maxStrangers = 64;

type Deps = Pick<RouteDeps, 'services' | 'runtime' | 'terminal' | 'clock' | 'desk'> & {
  streams: OpenStreams;
  behind: AgentBehind;
  refused: AuditDesk['refused'];
};

/**
 * Before the gate: the plugin's own first hook must have run when the gate refuses an upgrade, or the refused connection stays open for ever.
 */
export const acceptSockets = async (app: FastifyInstance, clock: Clock): Promise<void> => {
  await app.register(websocket, {
    options: { maxPayload: maxFrameBytes, perMessageDeflate: false },
    // Every socket is told why; one that does not answer the farewell is cut.
    preClose: (done) => {
      for (const socket of app.websocketServer.clients) socket.close(closeCodes.stopping, 'the daemon stops');
      const cancel = clock.after(farewellMs, () => {
        for (const socket of app.websocketServer.clients) socket.terminate();
      });
      app.websocketServer.close(() => {
        cancel();
        done();
      });
    },
  });
};

export const socketRoute = (app: FastifyInstance, deps: Deps): void => {
  let strangers = 0;
  app.get('/ws', { websocket: true, config: { access: 'open' }, schema: { hide: true } }, (socket, request) => {
    if (strangers >= maxStrangers) return socket.close(closeCodes.tooSlow, 'too many connections');
    strangers += 1;
    attend(socket, request, deps, () => {
      strangers -= 1;
    });
    return undefined;
  });
};

const attend = (
  socket: WebSocket,
  request: FastifyRequest,
  { streams, clock, behind, refused, ...deps }: Deps,
  onKnown: () => void,
): void => {
  let stream: OpenStream | null = null;
  let known = false;
  const becomeKnown = (): void => {
    if (!known) onKnown();
    known = true;
  };
  const ends = {
    stopping: [closeCodes.stopping, 'the daemon stops'],
    revoked: [closeCodes.unauthorized, 'the token was revoked'],
    slow: [closeCodes.tooSlow, 'too slow'],
  } as const;
  const viewer = session(
    {
      text: (frame) => socket.send(frame),
      bytes: (frame) => socket.send(frame, { binary: true }),
      behind: () => socket.bufferedAmount,
      close: (code, reason) => {
        socket.close(code, reason);
        // One that never answers the closing handshake is cut by ws itself after 30 s.
      },
    },
    {
      ...deps,
      clock,
      behind: () => behind(request),
      onRefused: refused,
      onAuth: (principal) => {
        becomeKnown();
        stream = {
          token: principal.token,
          end: (why) => {
            viewer.end();
            const [code, reason] = ends[why];
            socket.close(code, reason);
          },
        };
        return streams.add(stream);
      },
    },
  );
  let alive = true;
  let cancel = (): void => undefined;
  const ping = (): void => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
    cancel = clock.after(pingMs, ping);
    return undefined;
  };
  cancel = clock.after(pingMs, ping);
  socket.on('pong', () => {
    alive = true;
  });
  socket.on('message', (data: RawData, isBinary: boolean) => (isBinary ? viewer.receiveBytes() : viewer.receive(textOf(data))));
  socket.on('close', () => {
    cancel();
    viewer.end();
    becomeKnown();
    if (stream) streams.remove(stream);
  });
  // A frame too large or broken: ws closes the socket by itself.
  socket.on('error', () => viewer.end());
};

const textOf = (data: RawData): string =>
  (Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data)).toString('utf8');
