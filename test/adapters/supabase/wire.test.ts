/** A connection that fails has its reason: nobody there, or somebody else in between. No call waits longer than its deadline. */
import { getEventListeners } from 'node:events';
import { createServer } from 'node:http';
import { expect, test, vi } from 'vitest';
import { judgedFetch, troubleOf } from '../../../adapters/supabase/wire.ts';

test.each([
  ['ECONNREFUSED', 'networkLost'],
  ['ENOTFOUND', 'networkLost'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'portal'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'portal'],
  // What answers speaks no TLS at all.
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'portal'],
])('%s is %s', async (code, reason) => {
  const failing = async () => Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) }));
  const reply = await judgedFetch(() => 1_000, failing)('https://hub.example/rest/v1/rpc/ccm_ping');
  const said: { code: string; message: string } = JSON.parse(await reply.text());
  expect(troubleOf(said, reply.status)).toEqual({ reason, evidence: code });
});

const saidBy = async (reply: Response) => {
  const said: { code: string; message: string } = JSON.parse(await reply.text());
  return troubleOf(said, reply.status);
};
const late = { reason: 'networkLost', evidence: 'no answer in time' };

test('a hub that falls silent in the middle of an answer is given up at the deadline', async () => {
  const closed = Promise.withResolvers<true>();
  const server = createServer((_, response) => {
    response.once('close', () => closed.resolve(true));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '4096' });
    response.write('{"rows": [');
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  expect(await saidBy(await judgedFetch(() => 200)(`http://127.0.0.1:${port}/rest/v1/rpc/ccm_pull`))).toEqual(late);
  // Nothing is left hanging there either.
  expect(await closed.promise).toBe(true);
  await new Promise((done) => void server.close(done));
});

test.each<[string, typeof fetch]>([
  ['before the first byte', () => new Promise(() => undefined)],
  ['in the body', async () => new Response(new ReadableStream({ pull: () => new Promise(() => undefined) }))],
])('the deadline holds also where the signal is heard by nobody: %s', async (_, deaf) => {
  expect(await saidBy(await judgedFetch(() => 50, deaf)('https://hub.example/rest/v1/rpc/ccm_ping'))).toEqual(late);
});

test('the signal of the caller ends a call too, and a call that is over leaves nothing behind', async () => {
  const waiting: typeof fetch = (_, init) =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
    });
  const leave = new AbortController();
  const call = judgedFetch(() => 3_600_000, waiting)('https://hub.example/auth/v1/token', { signal: leave.signal });
  leave.abort(new DOMException('left', 'AbortError'));
  expect(await saidBy(await call)).toEqual({ reason: 'networkLost', evidence: 'AbortError' });
  const gone = await judgedFetch(() => 3_600_000, waiting)('https://hub.example/auth/v1/token', { signal: leave.signal });
  expect(await saidBy(gone)).toEqual({ reason: 'networkLost', evidence: 'AbortError' });
  const stays = new AbortController();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    await judgedFetch(
      () => 3_600_000,
      async () => new Response('{}'),
    )('https://hub.example/', { signal: stays.signal });
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
  expect(getEventListeners(stays.signal, 'abort')).toEqual([]);
});
