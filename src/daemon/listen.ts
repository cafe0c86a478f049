/** Opens the door on the loopback addresses, or takes over the one that the service manager or the daemon before us holds; says plainly when somebody else stands in it. */
import { type AddressInfo, createConnection, createServer, type Server } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { CcmError } from '../errors.ts';

type App = Pick<FastifyInstance, 'listen' | 'server'>;
type Note = (sentence: string, facts: Record<string, unknown>) => void;

export type Door = {
  port: number;
  /** All that listen, the app's own first. */
  servers: readonly Server[];
  /** Of both addresses; the app closes its own. */
  close(): void;
};

/**
 * Before anything is started: somebody may hold the port on either loopback address, or on all of them, where a second bind succeeds.
 * @throws CcmError CCM_PORT_TAKEN
 */
export const refuseTaken = async (port: number): Promise<void> => {
  if (port !== 0 && ((await answers('127.0.0.1', port)) || (await answers('::1', port)))) throw taken(port);
};

/** Listens on 127.0.0.1, and on ::1 where there is IPv6. @throws CcmError CCM_PORT_TAKEN. */
export const listen = async (app: App, port: number): Promise<Door> => {
  try {
    await app.listen({ port, host: '127.0.0.1' });
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') throw taken(port);
    if (codeOf(error) === 'EACCES') throw new CcmError('CCM_PORT_TAKEN', `This user may not listen on port ${port}.`, { port });
    throw error;
  }
  const got = portOf(app.server);
  const second = await alsoAt(app, { host: '::1', port: got, ipv6Only: true }).catch((error: unknown) => {
    // No IPv6 here. A port that was picked for us on the other address may be anybody's on this one: then we do without.
    if (['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(codeOf(error) ?? '') || port === 0) return null;
    app.server.close();
    throw codeOf(error) === 'EADDRINUSE' ? taken(port) : error;
  });
  return { port: got, servers: second ? [app.server, second] : [app.server], close: () => void second?.close() };
};

/** Sockets that are listening already, by their file numbers. Only loopback ones of one port are ours to use. @throws when they are not. */
export const takeOver = async (app: App, sockets: readonly number[], note: Note): Promise<Door> => {
  const [first = -1, ...more] = sockets;
  // The host is for Fastify's own bookkeeping only; the number decides.
  const options = { fd: first, host: '127.0.0.1' };
  await app.listen(options);
  const port = portOf(app.server);
  const others: Server[] = [];
  for (const fd of more) {
    const other = await alsoAt(app, { fd });
    others.push(other);
    if (portOf(other) !== port) note('the doors we were handed are at two ports', { port, other: portOf(other) });
  }
  for (const server of [app.server, ...others]) {
    const { address } = server.address() as AddressInfo;
    if (!['127.0.0.1', '::1'].includes(address)) {
      for (const one of [app.server, ...others]) one.close();
      throw new CcmError('CCM_PORT_TAKEN', `The door we were handed is at ${address}, where other machines could knock.`);
    }
  }
  return { port, servers: [app.server, ...others], close: () => void others.map((server) => server.close()) };
};

/** A second door into the same server: its connections count, time out and end like those of the first. */
const alsoAt = (app: App, where: { host: string; port: number; ipv6Only: boolean } | { fd: number }): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => void app.server.emit('connection', socket));
    server.once('error', reject);
    server.listen(where, () => resolve(server));
  });

const portOf = (server: Pick<Server, 'address'>): number => (server.address() as AddressInfo).port;
const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;
const taken = (port: number) => new CcmError('CCM_PORT_TAKEN', `Another program listens on port ${port}.`, { port });

const answers = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 300 });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
