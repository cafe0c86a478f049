/**
 * While another program holds the database, nothing new can be stored. What came before that was noticed waits and is done then; a person who
 * comes later is told, instead of waiting without a word. What agents tell goes on waiting: their own patience ends in the spool.
 */
import type { FastifyInstance } from 'fastify';
import { CcmError } from '../../errors.ts';
import type { Clock } from '../../ports/system.ts';
import type { Runtime } from '../../runtime/types.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Does what it can although nothing of it can be stored yet. */
    evenHeld?: boolean;
  }
}

/** A backup tool lets go within this; whoever holds it longer has forgotten it. */
const PATIENCE_MS = 2_000;

type Held = Pick<Runtime, 'stats' | 'transaction'>;

export const refuseWhileHeld = (app: FastifyInstance, clock: Clock, runtime: Held): void => {
  const heldSince = () => runtime.stats().heldSince;
  app.addHook('preHandler', async ({ routeOptions, query }) => {
    const { access, evenHeld } = routeOptions.config;
    const dry = typeof query === 'object' && query !== null && 'dry_run' in query && query.dry_run === true;
    const since = heldSince();
    if (since === null || access !== 'act' || evenHeld || dry) return;
    const ms = clock.now() - since;
    if (ms >= PATIENCE_MS)
      throw new CcmError('CCM_DB_BUSY', `Another program has held the database for ${Math.round(ms / 1000)} s: nothing was done.`);
  });
  app.addHook('onError', async (_request, _reply, error) => {
    if (!(error instanceof CcmError) || error.code !== 'CCM_DB_BUSY' || heldSince() !== null) return;
    // Met by a write beside the turns: one that waits for its turn notices how long it lasts, and status and doctor tell it.
    runtime.transaction(() => undefined).catch(() => undefined); // We are stopping: nobody asks any more.
  });
};
