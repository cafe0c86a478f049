/** Every described route attacked from its schema. What is wrong with an answer is told in words, with the request that brought it. */
import fc from 'fast-check';
import { problemDocument } from '../../../src/api/contract/envelope.ts';
import type { Furnished } from './furnished.ts';
import { type ApiDocument, type Operation, operationsOf, resolver } from './operations.ts';
import { type Wish, wishOf } from './requests.ts';

/** An answer that takes longer is none. */
const patienceMs = 10_000;
/** Real milliseconds after which a request that waits on purpose (a long poll) has its time passed for it. */
const nudgeMs = 20;
const host = '127.0.0.1:8765';

type Answer = { status: number; type: string; body: string };

const ask = async ({ house, agentToken }: Furnished, { method, url, payload, headers }: Wish, agent: boolean): Promise<Answer | null> => {
  const asked = house.app.inject({
    method: method as 'POST',
    url,
    headers: {
      host,
      authorization: `Bearer ${agent ? agentToken : house.token}`,
      ...(payload === null ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(payload === null ? {} : { payload }),
  });
  // Somebody who waits is answered when their time is over: the clock of this house is moved by hand.
  const nudge = setInterval(() => house.clock.advance(61_000), nudgeMs);
  let late: NodeJS.Timeout | undefined;
  try {
    const silence = new Promise<null>((done) => {
      late = setTimeout(() => done(null), patienceMs);
    });
    const reply = await Promise.race([asked, silence]);
    return reply && { status: reply.statusCode, type: reply.headers['content-type']?.toString() ?? '', body: reply.body };
  } finally {
    clearInterval(nudge);
    clearTimeout(late);
  }
};

/** What is wrong with it, or null. */
const wrongWith = (answer: Answer | null): string | null => {
  if (answer === null) return `no answer within ${patienceMs} ms`;
  const { status, type, body } = answer;
  if (status < 300) return body === '' ? 'a success without a word' : null;
  if (status < 400) return `${status}: sends elsewhere`;
  if (!type.startsWith('application/problem+json')) return `${status}: not a problem document but ${type}: ${body.slice(0, 200)}`;
  const document = problemDocument.safeParse(JSON.parse(body));
  if (!document.success || !document.data.code.startsWith('CCM_') || document.data.detail.length < 3)
    return `${status}: half a problem: ${body}`;
  if (document.data.status !== status) return `${status}: says it is ${document.data.status}`;
  // Kept closed by this house on purpose, or not there: a sentence of the catalogue. 500 is never meant.
  return status === 500 ? `500: ${body}` : null;
};

/** An event stream has no end: it is attacked through a real door, in `frames.ts`. */
const endless = ({ path }: Operation): boolean => path.endsWith('/events');

export type Attack = { requests: number; operations: number; statuses: Record<string, number>; wrong: string[] };

/** `each`: requests per operation; `over`: asked before each operation. */
export const attackRoutes = async (
  furnished: Furnished,
  { seed, each, over = () => false }: { seed: number; each: number; over?: () => boolean },
): Promise<Attack> => {
  const { house, pool } = furnished;
  const document: ApiDocument = (await house.app.inject({ url: '/openapi.json', headers: { host } })).json();
  const making = { resolve: resolver(document), pool };
  const done: Attack = { requests: 0, operations: 0, statuses: {}, wrong: [] };
  for (const operation of operationsOf(document).filter((one) => !endless(one))) {
    if (over()) break;
    done.operations += 1;
    const run = await fc.check(
      fc.asyncProperty(wishOf(operation, making), async (wish) => {
        const answer = await ask(furnished, wish, operation.agent);
        done.requests += 1;
        const kind = String(answer?.status ?? 'none');
        done.statuses[kind] = (done.statuses[kind] ?? 0) + 1;
        const wrong = wrongWith(answer);
        if (wrong !== null) throw new Error(wrong);
      }),
      { seed, numRuns: each },
    );
    if (run.failed) {
      const [wish] = run.counterexample ?? [];
      done.wrong.push(
        `seed ${seed}: ${operation.method} ${operation.path}: ${JSON.stringify(wish)}: ${String(run.errorInstance)}`.slice(0, 1_500),
      );
    }
  }
  // Whoever asks next is answered as before.
  const still = await ask(furnished, { method: 'GET', url: '/readyz', payload: null, headers: {} }, false);
  if (still?.status !== 200) done.wrong.push(`seed ${seed}: after all this /readyz says ${still?.status ?? 'nothing'}`);
  for (const { level, fields, message } of house.house.log.lines)
    if (level === 'error') done.wrong.push(`seed ${seed}: logged: ${message} ${JSON.stringify(fields).slice(0, 600)}`);
  return done;
};
