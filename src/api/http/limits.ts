/**
 * How often one caller may ask: by token, or by address for those without one. Loose enough for any person or script, tight enough for a loop. Agents
 * are many and nobody watches them: of one only so many requests are on the way at once, so that one which floods keeps the door for nobody else.
 */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CcmError } from '../../errors.ts';

export type Limits = {
  /** Requests per minute of one token. */
  perToken: number;
  /** Requests per minute of one address without a valid token. */
  perAddress: number;
  /** Requests per minute of one agent. */
  perAgent: number;
  /** Requests of one agent on the way at once, questions that wait for a decision included. */
  agentAtOnce: number;
};
export const defaultLimits: Limits = { perToken: 12_000, perAddress: 1_200, perAgent: 3_000, agentAtOnce: 64 };

export const rateLimits = async (app: FastifyInstance, limits: Limits): Promise<void> => {
  const allowed = ({ principal }: FastifyRequest): number =>
    principal === null ? limits.perAddress : principal.agent === null ? limits.perToken : limits.perAgent;
  await app.register(rateLimit, {
    timeWindow: 60_000,
    cache: 1_000,
    keyGenerator: (request) => request.principal?.token ?? `from ${request.ip}`,
    max: allowed,
    errorResponseBuilder: (_request, context) =>
      new CcmError('CCM_RATE_LIMITED', `More than ${context.max} requests within a minute.`, { retryAfterMs: context.ttl }),
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false, 'retry-after': true },
  });
  atOncePerAgent(app, limits.agentAtOnce);
};

const atOncePerAgent = (app: FastifyInstance, most: number): void => {
  /** By agent; who has none on the way is not in it. */
  const onTheWay = new Map<string, number>();
  app.addHook('onRequest', async (request, reply) => {
    const agent = request.principal?.agent ?? null;
    if (agent === null) return;
    const count = onTheWay.get(agent) ?? 0;
    if (count >= most) {
      void reply.header('retry-after', 1);
      throw new CcmError('CCM_RATE_LIMITED', `This agent has ${most} requests on the way.`, { retryAfterMs: 1_000 });
    }
    onTheWay.set(agent, count + 1);
    // Answered, or hung up on by either side: once in any case.
    reply.raw.once('close', () => {
      const left = (onTheWay.get(agent) ?? 1) - 1;
      if (left > 0) onTheWay.set(agent, left);
      else onTheWay.delete(agent);
    });
  });
};
