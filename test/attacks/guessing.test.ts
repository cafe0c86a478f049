/** Whoever tries tokens learns nothing from the answers, nor from how long they take, and is soon told to wait. */
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { tokenDesk } from '../../src/api/auth/tokens.ts';
import type { Tokens } from '../../src/ports/records.ts';
import { openApiHouse } from '../support/api-house.ts';
import { until } from '../support/until.ts';

it('the book of tokens is asked by hash only: how much of a guess is right cannot show', () => {
  const asked: string[] = [];
  const secret = `ccm_${'a'.repeat(43)}`;
  const never = () => expect.unreachable('nothing else is asked');
  const tokens: Tokens = {
    byHash: (hash) => void asked.push(hash),
    add: never,
    get: never,
    list: never,
    used: never,
    revoke: never,
    prune: never,
  };
  const desk = tokenDesk({
    tokens,
    clock: { now: () => 1, awake: () => 1, after: () => () => undefined, boot: () => 'x' },
    ids: { next: () => 'id' },
    random: () => new Uint8Array(32),
  });
  const guesses = [secret, `${secret.slice(0, -1)}b`, 'ccm_', ''];
  for (const guess of guesses) {
    expect(desk.recognise(guess)).toBeNull();
    expect(desk.redeem(guess).ok).toBe(false);
  }
  const hashes = guesses.map((guess) => createHash('sha256').update(guess).digest('hex'));
  expect(asked).toEqual(hashes.flatMap((hash) => [hash, hash]));
});

it('unknown, revoked and half-right tokens are answered alike, and after so many tries not at all', async () => {
  const house = await openApiHouse({ app: { limits: { perToken: 1e6, perAddress: 20 } } });
  const revoked = house.desk.issue({ name: 'old', kind: 'api', scopes: ['admin'] });
  house.desk.revoke(revoked.record.id);
  const answers: string[] = [];
  for (const token of [`${house.token.slice(0, -1)}x`, `ccm_${'x'.repeat(43)}`, revoked.secret, 'x']) {
    const reply = await house.ask('GET', '/api/v1/tasks', { token });
    answers.push(`${reply.status} ${reply.text}`);
  }
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toContain('CCM_UNAUTHORIZED');
  const statuses: number[] = [];
  for (let tries = 0; tries < 30; tries += 1) statuses.push((await house.ask('GET', '/api/v1/tasks', { token: `ccm_${tries}` })).status);
  expect(statuses.at(-1)).toBe(429);
  // The person goes on meanwhile.
  expect((await house.ask('GET', '/api/v1/tasks')).status).toBe(200);
});

it('a body that never ends is not waited for', async () => {
  const house = await openApiHouse();
  const port = await house.listen();
  house.app.server.requestTimeout = 300;
  const slow = connect(port, '127.0.0.1');
  slow.on('error', () => undefined); // A reset is an end like any other.
  slow.resume();
  slow.write(
    `POST /api/v1/tasks HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${house.token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
  );
  await until('it to be hung up on', () => (slow.closed ? true : undefined), 25_000);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`, { headers: { connection: 'close' } })).status).toBe(200);
}, 60_000);
