/**
 * Somebody who asks and does not read: the answer would lie in memory for as long as they like. Streams look after themselves (`../streams`); every
 * other answer must have left within a minute, however much of it was taken until then.
 */
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../ports/system.ts';

const mostMs = 60_000;
/** Connections at once, streams and held hooks included: of any local user, before anything is known of them. */
const mostConnections = 1_024;

export const slowReaders = (app: FastifyInstance, clock: Clock): void => {
  app.server.maxConnections = mostConnections;
  app.addHook('onSend', async (_request, reply) => {
    const { raw } = reply;
    // Whoever asked is gone: nothing is waited for, and no `close` will come any more.
    if (raw.destroyed) return;
    const cancel = clock.after(mostMs, () => {
      // `finish`: handed to the system to the last byte. What it buffers is its own, and bounded.
      if (!raw.writableFinished) raw.destroy();
    });
    raw.once('finish', cancel);
    raw.once('close', cancel);
  });
};
