/** The session against the gateway: second factor, refreshing, and what may stand in between without ending it. */
import { TOTP } from 'otpauth';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connectHub } from '../../../adapters/supabase/index.ts';
import type { Account, Hub } from '../../../src/ports/hub.ts';
import { type Fault, type Gateway, startGateway } from '../../support/hub/gateway.ts';
import { signUp } from '../../support/two-machines.ts';

const password = 'correct horse battery';
const json = { 'content-type': 'application/json' };
let gateway: Gateway;
let people = 0;
beforeAll(async () => {
  // Shorter than what is kept in reserve: every call wants a fresh token.
  gateway = await startGateway({ folder: null, tokenSeconds: 60 });
}, 60_000);
afterEach(() => gateway.fault(null));
afterAll(() => gateway.close());

const boxOf = (text: string | null = null) => {
  const box = {
    text,
    shut: false,
    read: async () => {
      if (box.shut) throw new Error('the keychain is locked');
      return box.text;
    },
    write: async (given: string) => {
      box.text = given;
    },
    remove: async () => {
      box.text = null;
    },
  };
  return box;
};
const enter = async (): Promise<{ hub: Hub & Account; box: ReturnType<typeof boxOf>; email: string }> => {
  people += 1;
  const email = `session-${people}@example.org`;
  await signUp(gateway, { email, password });
  const box = boxOf();
  const hub = await connectHub({ url: gateway.url, key: gateway.key }, box);
  expect(await hub.signIn({ email, password })).toMatchObject({ ok: true });
  return { hub, box, email };
};
const onRefresh = (fault: Fault) => gateway.fault((_, path) => (path.startsWith('/auth/v1/token') ? fault : null));

describe('a second factor', () => {
  test('is turned on by its first code, wanted from then on, and takes no wrong and no used code', async () => {
    const { hub, email } = await enter();
    const begun = await hub.enrol();
    if (!begun.ok) throw new Error(begun.trouble.evidence);
    const totp = new TOTP({ secret: begun.value.secret });
    const wrong = await hub.confirm(begun.value.factor, '000000');
    expect(wrong).toMatchObject({ ok: false, trouble: { reason: 'refused' } });
    const first = totp.generate();
    expect(await hub.confirm(begun.value.factor, first)).toMatchObject({ ok: true, value: { strong: true } });
    expect(await hub.ping()).toMatchObject({ ok: true });

    const other = await connectHub({ url: gateway.url, key: gateway.key }, boxOf());
    expect(await other.signIn({ email, password })).toEqual({ ok: true, value: { needs: 'code' } });
    expect(other.who()).toBeNull();
    for (const code of ['123456', 'abc', first])
      expect(await other.signIn({ email, password, code }), code).toMatchObject({ ok: false, trouble: { reason: 'refused' } });
    const later = totp.generate({ timestamp: Date.now() + 30_000 });
    expect(await other.signIn({ email, password, code: later })).toMatchObject({ ok: true, value: { strong: true } });
    expect(await other.ping()).toMatchObject({ ok: true });
    hub.close();
    other.close();
  }, 30_000);
});

test('whoever is not signed in learns it here: nobody is asked, and a dead line hides it from nobody', async () => {
  const hub = await connectHub({ url: 'http://127.0.0.1:1', key: gateway.key }, boxOf());
  expect(await hub.ping()).toEqual({ ok: false, trouble: { reason: 'signedOut', evidence: 'nobody is signed in' } });
  hub.close();
});

describe('refreshing', () => {
  test('many who need a token at once make one request for it', async () => {
    const { hub } = await enter();
    let asked = 0;
    gateway.fault((_, path) => {
      if (path.startsWith('/auth/v1/token')) asked += 1;
      return null;
    });
    const answers = await Promise.all(Array.from({ length: 12 }, () => hub.ping()));
    // A busy machine may be slower than the patience of a ping; nobody is refused.
    for (const answer of answers) expect(answer.ok ? null : answer.trouble.reason).toBeOneOf([null, 'networkLost']);
    // Each wants one for itself, and one for its request: those that come together share it.
    expect(asked).toBeLessThanOrEqual(6);
    hub.close();
  }, 30_000);

  const between: ReadonlyArray<readonly [string, Fault, string]> = [
    ['a portal with 200', { status: 200, body: '<html>sign in to the café</html>' }, 'portal'],
    ['a portal with 403', { status: 403, body: '<html>no</html>' }, 'portal'],
    ['a portal with 511', { status: 511, body: '<html>no</html>' }, 'portal'],
    ['a proxy that wants a password', { status: 407, body: '' }, 'networkLost'],
    ['another site', { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } }, 'portal'],
    ['401 without a word', { status: 401, body: '{}', headers: json }, 'authExpired'],
    ['too many requests', { status: 429, body: '{}', headers: { ...json, 'retry-after': '7' } }, 'throttled'],
    ['an overloaded hub', { status: 503, body: '{}', headers: { ...json, 'retry-after': '7' } }, 'throttled'],
    ['a hub with trouble', { status: 500, body: '<html>oops</html>' }, 'hubDown'],
    ['a paused project', { status: 540, body: '<html>paused</html>' }, 'hubPaused'],
    ['a cut', 'reset', 'networkLost'],
  ];
  test('law 7: nothing that stands in between ends the session', async () => {
    const { hub, box } = await enter();
    for (const [name, fault, reason] of between) {
      onRefresh(fault);
      expect(await hub.ping(), name).toMatchObject({ ok: false, trouble: { reason } });
      expect(box.text, name).not.toBeNull();
      gateway.fault(null);
      const after = await hub.ping();
      expect(after, `${name}: ${JSON.stringify(after)}`).toMatchObject({ ok: true });
    }
    hub.close();
  }, 60_000);

  test('a session that the hub ended is over: told as such, and forgotten', async () => {
    const { hub, box } = await enter();
    const uid = hub.who()?.uid;
    await gateway.query('delete from auth.refresh_tokens where user_id::text = $1', [uid]);
    await gateway.query('delete from auth.sessions where user_id::text = $1', [uid]);
    expect(await hub.ping()).toMatchObject({ ok: false, trouble: { reason: 'signedOut' } });
    expect(box.text).toBeNull();
    hub.close();
  }, 30_000);

  test('a keychain that does not open at the start signs nobody out, and is tried again', async () => {
    const { hub, box } = await enter();
    hub.close();
    box.shut = true;
    const next = await connectHub({ url: gateway.url, key: gateway.key }, box);
    expect(await next.ping()).toMatchObject({ ok: false, trouble: { reason: 'authExpired', evidence: expect.stringContaining('locked') } });
    box.shut = false;
    expect(await next.ping()).toMatchObject({ ok: true });
    next.close();
  }, 30_000);
});

describe('what a hostile or foreign hub answers', () => {
  const uuid = '00000000-0000-4000-8000-000000000001';
  const page = (rows: string) => `{"epoch":"${uuid}","head":1,"now":1,"seal":null,"reset":false,"lost":false,"rows":[${rows}]}`;
  const row = (doc: string, more = '') => `{"tbl":"project","id":"${uuid}","seq":1,"del":false,"doc":${doc},"clk":{},"state":{}${more}}`;
  const pull = async (hub: Hub, body: string) => {
    gateway.fault((_, path) => (path.endsWith('/ccm_pull') ? { status: 200, body, headers: json } : null));
    return hub.pull(null, 0, 10);
  };

  test('is taken in our shape only: not endless, not of wrong types, without keys that reach into objects', async () => {
    const { hub } = await enter();
    expect(await pull(hub, `"${'x'.repeat(17 << 20)}"`)).toMatchObject({ ok: false, trouble: { reason: 'portal' } });
    for (const body of ['[]', 'null', '7', page('7'), page(row('[]')), page(row('{}', ',"seq":-1')), page(row('{}').replace(uuid, 'x'))])
      expect(await pull(hub, body), body.slice(0, 80)).toMatchObject({ ok: false, trouble: { reason: 'portal' } });
    const read = await pull(hub, page(row('{"__proto__":{"admin":true},"constructor":1,"name":"\\u001b[31mred"}')));
    if (!read.ok) throw new Error(read.trouble.evidence);
    const doc = read.value.rows[0]?.doc ?? {};
    expect(Reflect.get(doc, 'admin')).toBeUndefined();
    expect(Object.getPrototypeOf(doc)).toBe(Object.prototype);
    // Rows of a table that only a newer version knows are passed over.
    expect(await pull(hub, page(`{"tbl":"galaxy","anything":1},${row('{}')}`))).toMatchObject({
      ok: true,
      value: { rows: [{ tbl: 'project' }] },
    });
    hub.close();
  }, 30_000);

  test('law 7: a door that is shut to every call is the way there or the set-up, and puts no operation aside', async () => {
    const { hub } = await enter();
    const op = { op: uuid, tbl: 'project', id: uuid, kind: 'set', set: { name: 'x' }, hlc: '000000000000001-000000-00000001' } as const;
    const cases = [
      [403, { message: 'forbidden' }, 'portal'],
      [404, {}, 'portal'],
      [403, { code: '42501', message: 'permission denied for function ccm_push' }, 'schemaMismatch'],
      // The hub's own word about what was sent: this one alone may be put aside.
      [400, { code: '22P05', message: 'unsupported Unicode escape sequence' }, 'refused'],
    ] as const;
    for (const [status, body, reason] of cases) {
      gateway.fault((_, path) => (path.endsWith('/ccm_push') ? { status, body: JSON.stringify(body), headers: json } : null));
      expect(await hub.push(uuid, null, [op]), JSON.stringify(body)).toMatchObject({ ok: false, trouble: { reason } });
    }
    gateway.fault(null);
    hub.close();
  }, 30_000);

  test('without our tables is told as that', async () => {
    const { hub } = await enter();
    const body = '{"code":"PGRST202","message":"Could not find the function","details":null,"hint":null}';
    gateway.fault((_, path) => (path.includes('/rpc/') ? { status: 404, body, headers: json } : null));
    expect(await hub.ping()).toMatchObject({ ok: false, trouble: { reason: 'schemaMismatch' } });
    hub.close();
  }, 30_000);
});
