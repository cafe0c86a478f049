/**
 * `Idempotency-Key`: the same request sent twice is carried out once, and both get the same answer.
 * A finished answer is kept (a day); one under way is waited for. The key belongs to the token: nobody can read another's answers by it.
 * Answers that hold a secret are kept in memory only and for five minutes: no secret enters the database in the clear.
 */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CcmError, ensureError } from '../../errors.ts';
import type { Idempotency, IdempotentReply } from '../../ports/records.ts';
import type { Clock, Log } from '../../ports/system.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer holds a secret: never written down. */
    secretReply?: boolean;
  }
  interface FastifyRequest {
    idempotency: Running | null;
  }
}

/** How long an answer is kept; a client that repeats later gets the request carried out anew. */
const keptMs = 86_400_000;
const secretKeptMs = 5 * 60_000;
const maxSecretReplies = 100;

type Kept = Pick<IdempotentReply, 'request' | 'bodyHash' | 'status' | 'reply'> & { at: number };
type Running = { id: string; key: string; token: string; request: string; bodyHash: string; done: Promise<void>; finish: () => void };

export const idempotency = (
  app: FastifyInstance,
  { store, clock, log }: { store: Idempotency; clock: Clock; log: Pick<Log, 'error'> },
): void => {
  const running = new Map<string, Running>();
  const secrets = new Map<string, Kept>();

  const find = (request: FastifyRequest, key: string, token: string): Kept | undefined => {
    const kept = request.routeOptions.config.secretReply === true ? secrets.get(idOf(token, key)) : store.get(key, token);
    const limit = request.routeOptions.config.secretReply === true ? secretKeptMs : keptMs;
    return kept && clock.now() - kept.at < limit ? kept : undefined;
  };
  const keep = (request: FastifyRequest, key: string, token: string, kept: Kept): void => {
    if (request.routeOptions.config.secretReply !== true) return store.put({ key, token, ...kept });
    secrets.set(idOf(token, key), kept);
    const oldest = secrets.size > maxSecretReplies ? secrets.keys().next().value : undefined;
    if (oldest !== undefined) secrets.delete(oldest);
  };

  app.decorateRequest('idempotency', null);

  app.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === null) return undefined;
    const token = request.principal?.token ?? 'open';
    const mine = { request: `${request.method} ${request.raw.url ?? ''}`, bodyHash: hash(request.body) };
    const id = idOf(token, key);
    for (let other = running.get(id); other; other = running.get(id)) {
      refuseOther(mine, other);
      await other.done;
    }
    const kept = find(request, key, token);
    if (kept) {
      refuseOther(mine, kept);
      return replay(reply, kept);
    }
    let finish = (): void => undefined;
    const done = new Promise<void>((resolve) => {
      finish = resolve;
    });
    request.idempotency = { id, key, token, ...mine, done, finish };
    running.set(id, request.idempotency);
    return undefined;
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const mine = request.idempotency;
    if (!mine || typeof payload !== 'string') return;
    // What may turn out otherwise the next time is not kept: trouble inside, limits, refused tokens.
    if (reply.statusCode >= 500 || reply.statusCode === 429 || reply.statusCode === 401) return;
    const { key, token, request: what, bodyHash } = mine;
    try {
      keep(request, key, token, { request: what, bodyHash, status: reply.statusCode, reply: payload, at: clock.now() });
    } catch (thrown) {
      // The work is committed and its answer is true: it is given, and a repeat finds the work by its request id.
      log.error({ error: ensureError(thrown).message }, 'the answer could not be kept for repeats of its Idempotency-Key');
    }
  });

  const release = (request: FastifyRequest): void => {
    if (!request.idempotency) return;
    running.delete(request.idempotency.id);
    request.idempotency.finish();
    request.idempotency = null;
  };
  app.addHook('onResponse', async (request) => release(request));
};

const keyOf = (request: FastifyRequest): string | null => {
  if (request.method !== 'POST' && request.method !== 'DELETE') return null;
  const header = request.headers['idempotency-key'];
  if (header === undefined) return null;
  if (typeof header !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(header)) {
    throw new CcmError('CCM_BAD_INPUT', 'Idempotency-Key must be 1 to 200 printable characters without spaces.', {
      field: 'Idempotency-Key',
    });
  }
  return header;
};

const refuseOther = (mine: { request: string; bodyHash: string }, other: { request: string; bodyHash: string }): void => {
  if (mine.request === other.request && mine.bodyHash === other.bodyHash) return;
  throw new CcmError('CCM_IDEMPOTENCY_REUSED', 'The Idempotency-Key was sent before with another path or body.');
};

const replay = (reply: FastifyReply, { status, reply: text }: Kept): FastifyReply =>
  reply
    .code(status)
    .header('idempotency-replayed', 'true')
    .type(status >= 400 ? 'application/problem+json' : 'application/json; charset=utf-8')
    .serializer((payload: unknown) => String(payload))
    .send(text);

const idOf = (token: string, key: string): string => `${token}\0${key}`;
/** Of the validated body: the same values in another order of keys are the same request. */
const hash = (body: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(body ?? null))
    .digest('hex');
