/** Opens the door on the loopback addresses, and says plainly when somebody else stands in it. */
import { type AddressInfo, createConnection } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { CcmError } from '../errors.ts';

/**
 * Before anything is started: somebody may hold the port on either loopback address, or on all of them, where a second bind succeeds.
 * @throws CcmError CCM_PORT_TAKEN
 */
export const refuseTaken = async (port: number): Promise<void> => {
  if (port !== 0 && ((await answers('127.0.0.1', port)) || (await answers('::1', port)))) throw taken(port);
};

/** Listens on 127.0.0.1. @throws CcmError CCM_PORT_TAKEN. Returns the port. */
export const listen = async (app: Pick<FastifyInstance, 'listen' | 'server'>, port: number): Promise<number> => {
  try {
    await app.listen({ port, host: '127.0.0.1' });
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') throw taken(port);
    if (codeOf(error) === 'EACCES') throw new CcmError('CCM_PORT_TAKEN', `This user may not listen on port ${port}.`, { port });
    throw error;
  }
  return (app.server.address() as AddressInfo).port;
};

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
