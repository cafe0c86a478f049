/** The caller as services know it. */
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../services/caller.ts';
import { callerOf } from '../auth/gate.ts';
import { byOf } from '../auth/principal.ts';

/** The request id is the same for every repeat of a request with an Idempotency-Key, and nobody else's. */
export const requestCaller = (request: FastifyRequest): Caller => {
  const principal = callerOf(request);
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string') return { by: byOf(principal), requestId: null };
  const digest = createHash('sha256')
    .update(`${principal.token}\0${key}\0${request.method} ${request.raw.url ?? ''}`)
    .digest('hex');
  return { by: byOf(principal), requestId: `request:${digest.slice(0, 40)}` };
};
