/** A hub that answers its ping and fails at everything else: said as what it is, and not asked again and again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fakeHub } from '../../adapters/supabase/fake.ts';
import type { HubTrouble } from '../../src/ports/hub.ts';
import { LINK_ID } from '../../src/sync/link-events.ts';
import { device } from '../simulation/sync/device.ts';
import { place, template } from '../simulation/sync/template.ts';
import { seededIds } from '../support/seeded.ts';

const BEGIN = Date.UTC(2026, 0, 1);
const email = 'ada@example.org';

const machineWith = async () => {
  const folder = mkdtempSync(join(place, 'ccm-failing-'));
  const ids = seededIds(9);
  const hub = fakeHub({ now: () => one.clock.now(), newId: () => ids.next() });
  hub.addUser(email, 'password');
  const line = { pingMs: 0, lost: false, asked: 0 };
  const one = device(0, 5, folder, template(), BEGIN, {
    connect: () => async (address, sessions) => {
      const link = await hub.connect(address, sessions);
      return {
        ...link,
        ping: async () => {
          const { lost } = line;
          line.asked += 1;
          const ms = lost ? 4_000 : line.pingMs;
          if (ms > 0) await new Promise<void>((done) => void one.clock.after(ms, done));
          return lost ? { ok: false, trouble: { reason: 'networkLost', evidence: 'no answer in time' } } : link.ping();
        },
        reach: async () => !line.lost,
      };
    },
    watch: (_, store) => store,
    started: () => undefined,
    fatal: (words) => expect.fail(words),
  });
  await one.start();
  const life = one.life() ?? expect.fail('it did not start');
  onTestFinished(() => {
    life.engine.stop();
    one.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const states = new Set<string>();
  const pass = async (seconds: number) => {
    for (let n = 0; n < seconds; n += 1) {
      one.clock.advance(1_000);
      for (let breath = 0; breath < 12; breath += 1) {
        await new Promise<void>((done) => void setImmediate(done));
        states.add(life.runtime.state(LINK_ID)?.status ?? 'none');
      }
    }
  };
  const enable = async () => {
    const signed = await life.service.enable({ url: 'https://hub.example', key: 'sb_publishable_x', email, password: 'password' });
    expect(signed.ok).toBe(true);
  };
  return { hub, line, life, pass, enable, states };
};

test('the machine stays offline with the reason, asks ever more seldom, and goes on by itself when it is mended', async () => {
  const { hub, life, pass, enable, states } = await machineWith();
  let pulls = 0;
  const trouble: HubTrouble = { reason: 'schemaMismatch', evidence: '404 PGRST202' };
  hub.fault((call) => {
    if (call !== 'pull') return null;
    pulls += 1;
    return trouble;
  });
  await enable();
  await pass(600);
  expect([...states].filter((state) => ['online', 'executing'].includes(state))).toEqual([]);
  expect(life.service.status()).toMatchObject({ state: 'offline', reason: 'schemaMismatch', evidence: { text: '404 PGRST202' } });
  expect(pulls).toBeLessThan(20);
  hub.fault(null);
  await pass(400);
  expect(life.service.status()).toMatchObject({ state: 'online', reason: null });
});

test('a connected machine that meets it goes offline once, and does not come and go', async () => {
  const { hub, life, pass, enable, states } = await machineWith();
  await enable();
  await pass(5);
  expect(life.runtime.state(LINK_ID)?.status).toBe('online');
  hub.fault((call) => (call === 'pull' ? { reason: 'throttled', evidence: 'status 429', retryAfterMs: 90_000 } : null));
  await life.service.command('now', { by: 'person', requestId: null });
  await pass(2);
  states.clear();
  await pass(80);
  expect([...states]).toEqual(['offline']);
});

test('a sign-in page that stood in the way for long is found gone within seconds: patience with it does not grow as with a hub', async () => {
  const { hub, life, pass, enable } = await machineWith();
  await enable();
  await pass(5);
  let asked = 0;
  hub.fault(() => {
    asked += 1;
    return { reason: 'portal', evidence: 'text/html, not JSON' };
  });
  await life.service.command('now', { by: 'person', requestId: null });
  await pass(600);
  expect(life.service.status()).toMatchObject({ state: 'offline', reason: 'portal' });
  expect(asked).toBeLessThan(60);
  hub.fault(null);
  await pass(20);
  expect(life.service.status()).toMatchObject({ state: 'online', reason: null });
});

test('a line that takes connections and answers nothing costs the hub behind it no patience', async () => {
  const { hub, life, pass, enable } = await machineWith();
  await enable();
  await pass(5);
  let asked = 0;
  hub.fault((call) => {
    if (call === 'reach') return null;
    asked += 1;
    return { reason: 'networkLost', evidence: 'no answer in time' };
  });
  await pass(240);
  expect(life.service.status()).toMatchObject({ state: 'offline', reason: 'networkLost' });
  expect(asked, 'asked often enough to have lost all patience').toBeGreaterThan(20);
  hub.fault((call) => (call === 'reach' ? null : { reason: 'hubDown', evidence: 'status 503' }));
  await pass(10);
  expect(life.service.status()).toMatchObject({ state: 'offline', reason: 'hubDown' });
  hub.fault(null);
  await pass(20);
  expect(life.service.status()).toMatchObject({ state: 'online', reason: null });
});

test('a slow answer is waited for: no later question makes it void', async () => {
  const { line, life, pass, enable } = await machineWith();
  await enable();
  await pass(5);
  expect(life.service.status()).toMatchObject({ state: 'online' });
  line.pingMs = 3_500;
  await life.runtime.send(LINK_ID, { type: 'BOOTED', by: 'person' });
  await pass(1);
  expect(life.service.status()).toMatchObject({ state: 'offline' });
  await pass(60);
  expect(life.service.status()).toMatchObject({ state: 'online', reason: null });
});

test('a question that set out before the way was back is asked again as soon as it is known to be lost', async () => {
  const { line, life, pass, enable } = await machineWith();
  await enable();
  await pass(5);
  const seconds: number[] = [];
  for (let n = 0; n < 6; n += 1) {
    line.lost = true;
    await life.service.command('now', { by: 'person', requestId: null });
    await pass(10 + n);
    expect(life.service.status()).toMatchObject({ reason: 'networkLost' });
    // The moment after the next one set out.
    for (const before = line.asked; line.asked === before; ) await pass(1);
    line.lost = false;
    let waited = 0;
    for (; life.service.status().state !== 'online'; waited += 1) await pass(1);
    seconds.push(waited);
  }
  expect(Math.max(...seconds), seconds.join()).toBeLessThanOrEqual(5);
});
