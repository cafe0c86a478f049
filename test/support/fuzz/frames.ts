/** The WebSocket attacked from the schema of its frames, through a real door: right ones, broken ones, bytes, and everything in a wrong order. */
import { once } from 'node:events';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { clientFrame } from '../../../src/api/contract/socket.ts';
import { until } from '../until.ts';
import type { Furnished } from './furnished.ts';
import { broken, hostile, type Schema, valueOf } from './schema.ts';

const codes = new Set([1001, 1007, 1008, 1009, 4001, 4003, 4008]);
const said = z.looseObject({ type: z.enum(['ready', 'rows', 'reset', 'watching', 'closed', 'pong', 'error']) });

type Sent = { text: string } | { bytes: Uint8Array };

const sentOf = (schema: Schema, pool: Furnished['pool']): fc.Arbitrary<Sent> => {
  const right = valueOf(schema, { pool, resolve: (ref) => ({ $ref: ref }) });
  const asText = (value: unknown): Sent => ({ text: JSON.stringify(value) ?? 'null' });
  return fc.oneof(
    { weight: 8, arbitrary: right.map(asText) },
    { weight: 3, arbitrary: broken(right).map(asText) },
    { weight: 1, arbitrary: hostile.map((value) => ({ text: typeof value === 'string' ? value : JSON.stringify(value) })) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }).map((bytes) => ({ bytes })) },
  );
};

const understood = (frame: Sent): boolean => {
  if ('bytes' in frame) return false;
  try {
    return clientFrame.safeParse(JSON.parse(frame.text)).success;
  } catch {
    return false; // Not even JSON.
  }
};

/** One conversation; resolves when the server has hung up or has answered a last ping. @throws Error in words. */
const converse = async (port: number, token: string | null, frames: readonly Sent[]): Promise<number> => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
  const heard: string[] = [];
  const ends: number[] = [];
  socket.on('message', (data, isBinary) => {
    if (!isBinary && Buffer.isBuffer(data)) heard.push(data.toString('utf8'));
  });
  socket.on('close', (code) => ends.push(code));
  // A reset is an end like any other.
  socket.on('error', () => undefined);
  try {
    await once(socket, 'open');
    if (token !== null) socket.send(JSON.stringify({ type: 'auth', token }));
    for (const frame of frames) {
      if (socket.readyState !== WebSocket.OPEN) break;
      socket.send('text' in frame ? frame.text : frame.bytes);
    }
    if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"ping"}');
    const answered = () => (ends.length > 0 || heard.some((text) => text.includes('"pong"')) ? true : undefined);
    await until('an answer or an end', answered);
    const told = heard.map((text) => said.parse(JSON.parse(text)).type);
    // Whoever is known is told of each mistake; who is not is hung up on at the first.
    const mistakes = frames.filter((frame) => !understood(frame)).length;
    const errors = told.filter((type) => type === 'error').length;
    if (ends.length === 0 && errors < mistakes) throw new Error(`${mistakes} frames of no known shape, and ${errors} complaints`);
    const strange = ends.find((code) => !codes.has(code));
    if (strange !== undefined) throw new Error(`hung up with ${strange}`);
    return heard.length;
  } finally {
    socket.terminate();
  }
};

export const attackFrames = async (
  { house, pool }: Furnished,
  { seed, conversations }: { seed: number; conversations: number },
): Promise<{ conversations: number; frames: number; wrong: string[] }> => {
  const port = await house.listen();
  const schema = z.toJSONSchema(clientFrame) as Schema;
  const channel = [1, 2];
  const sent = sentOf(schema, { agent: pool['agent'] ?? [], channel });
  const done = { conversations: 0, frames: 0, wrong: new Array<string>() };
  const known = fc.constantFrom(house.token, house.tokenOf(['read']), null, 'ccm_wrong');
  const run = await fc.check(
    fc.asyncProperty(known, fc.array(sent, { maxLength: 30 }), async (token, frames) => {
      await converse(port, token, frames);
      done.conversations += 1;
      done.frames += frames.length;
    }),
    { seed, numRuns: conversations },
  );
  if (run.failed) done.wrong.push(`seed ${seed}: ${JSON.stringify(run.counterexample)?.slice(0, 800)}: ${String(run.errorInstance)}`);
  for (const mark of ['0', '-1', '1e99', 'NaN', 'x', '9'.repeat(400), '%']) {
    const leave = new AbortController();
    const reply = await fetch(`http://127.0.0.1:${port}/api/v1/events`, {
      headers: { authorization: `Bearer ${house.token}`, 'last-event-id': mark },
      signal: AbortSignal.any([leave.signal, AbortSignal.timeout(10_000)]),
    });
    if (reply.status !== 200 && reply.status !== 400) done.wrong.push(`events from ${mark}: ${reply.status}`);
    leave.abort();
  }
  const open = () => (house.app.websocketServer.clients.size === 0 ? true : undefined);
  await until('all sockets to be let go', open).catch((error: unknown) => done.wrong.push(String(error)));
  return done;
};
