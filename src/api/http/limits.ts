/** How often one caller may ask: by token, or by address for those without one. Loose enough for any person or script, tight enough for a loop. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { CcmError } from '../../errors.ts';

export type Limits = {
  /** Requests per minute of one token. */
  perToken: number;
  /** Requests per minute of one address without a valid token. */
  perAddress: number;
};
export const defaultLimits: Limits = { perToken: 12_000, perAddress: 1_200 };

export const rateLimits = async (app: FastifyInstance, limits: Limits): Promise<void> => {
  await app.register(rateLimit, {
    timeWindow: 60_000,
    cache: 1_000,
    keyGenerator: (request) => request.principal?.token ?? `from ${request.ip}`,
    max: (request) => (request.principal ? limits.perToken : limits.perAddress),
    errorResponseBuilder: (_request, context) =>
      new CcmError('CCM_RATE_LIMITED', `More than ${context.max} requests within a minute.`, { retryAfterMs: context.ttl }),
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false, 'retry-after': true },
  });
};
