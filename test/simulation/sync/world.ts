/** Some machines, one hub, one scheduler: every step takes its chances from its own number, so that steps can be left out and the rest stays. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fakeHub } from '../../../adapters/supabase/fake.ts';
import type { HubTrouble } from '../../../src/ports/hub.ts';
import { seededIds, seededRandom } from '../../support/seeded.ts';
import { expectOk } from '../../support/temp-store.ts';
import { type Device, device, type Start } from './device.ts';
import { hubWatch } from './hub-watch.ts';
import { network } from './network.ts';
import { acts, type Chance, credentials, projectOf } from './people.ts';
import { place, template } from './template.ts';
import { type Edit, watchStore } from './watch.ts';

/** What may go wrong in a schedule besides a bad line. */
export type Perils = { crashes: boolean; clocks: boolean; deviceRestore: boolean; hubRestore: boolean };
export type World = Awaited<ReturnType<typeof openWorld>>;

const BEGIN = Date.UTC(2026, 0, 1);
const HEARTBEATS_MS = 2 * 30_000 + 5_000;
const breath = () => new Promise<void>((resolve) => void setImmediate(resolve));

export const chanceOf = (seed: number): Chance => {
  const next = seededRandom(seed);
  for (let n = 0; n < 3; n += 1) next();
  return { next, pick: (from) => from[Math.floor(next() * from.length)], id: () => seededIds(Math.floor(next() * 2 ** 31)).next() };
};

export const openWorld = async (seed: number, count: number, perils: Perils) => {
  const folder = mkdtempSync(join(place, 'ccm-sync-'));
  const wrong: string[] = [];
  const trace: string[] = [];
  const edits: Edit[] = [];
  const starts: Start[] = [];
  const say = (words: string) => void (wrong.includes(words) || wrong.push(words));
  const stuck = () => wrong.includes('I9 it goes round and round');
  let hubNow = BEGIN;
  let activity = 0;
  const hub = fakeHub({ now: () => hubNow, newId: () => ids.next() });
  const ids = seededIds(seed + 77);
  hub.addUser(credentials.email, credentials.password);
  const user = () => hub.user(credentials.email);
  const seen = hubWatch(user, say);
  const proven = new Map<number, number>();
  const net = network({
    before: seen.before,
    done: (done) => {
      activity += 1;
      seen.done(done);
    },
    heard: (index, call) => {
      activity += 1;
      if (call === 'ping') proven.set(index, devices[index]?.clock.awake() ?? 0);
    },
  });
  const started = (start: Start): void => {
    if (starts.some(({ effect, device: on }) => effect === start.effect && on === start.device)) return;
    seen.started(start);
    starts.push(start);
  };
  const devices: Device[] = Array.from({ length: count }, (_, index) =>
    device(index, seed, folder, template(), BEGIN, {
      connect: (of, clock, alive) => async (address, box) => net.join(of, clock, alive, await hub.connect(address, box)),
      watch: (of, store) =>
        watchStore(of, store, {
          wrong: say,
          moved: () => void (activity += 1),
          edited: (edit) => void edits.push(edit),
          stampedAnew: (op, hlc) => {
            for (const edit of edits) if (edit.op === op) edit.hlc = hlc;
          },
          wasAccepted: seen.wasAccepted,
        }),
      started,
      fatal: say,
    }),
  );
  const drain = async () => {
    for (let quiet = 0, before = activity, turns = 0; quiet < 4; quiet += 1) {
      await breath();
      turns += 1;
      if (turns > 3_000) return say('I9 it goes round and round');
      if (activity !== before) quiet = 0;
      before = activity;
    }
  };
  /** Time passes for everybody, alarm by alarm. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0 && !stuck(); ) {
      const piece = Math.min(left, 1_000);
      hubNow += piece;
      for (const one of devices) one.clock.advance(piece);
      left -= piece;
      await drain();
    }
  };
  const boot = async (one: Device) => {
    void one.start().catch((error: unknown) => one.life() && say(`device ${one.index} did not start: ${String(error)}`));
    await drain();
  };
  const cut = new Set<number>();
  const restored = new Set<number>();
  const backups = new Map<number, { back: () => void; at: number }>();
  let hubBackup: (() => void) | null = null;

  const fault = (chance: Chance): HubTrouble => {
    const kinds = ['networkLost', 'networkLost', 'portal', 'hubDown', 'throttled', 'hubPaused', 'authExpired', 'tooLarge'] as const;
    return { reason: chance.pick(kinds) ?? 'networkLost', evidence: 'made up' };
  };
  const line = async (chance: Chance): Promise<string> => {
    const flight = chance.pick(net.flights());
    if (!flight) return 'nothing is on its way';
    const name = `${flight.call} ${flight.leg} of ${flight.device}`;
    if (cut.has(flight.device) || chance.next() < 0.05) {
      net.drop(flight);
      if (chance.next() < 0.5) flight.fail({ reason: 'networkLost', evidence: 'refused' });
      return `${name} is lost`;
    }
    if (flight.leg === 'request' && chance.next() < 0.08) {
      net.twice(flight);
      await net.land(flight);
      return `${name} arrives, and will arrive again`;
    }
    if (flight.leg !== 'ring' && chance.next() < 0.06) {
      net.drop(flight);
      const trouble = fault(chance);
      flight.fail(trouble.reason === 'tooLarge' && flight.call !== 'push' ? { ...trouble, reason: 'hubDown' } : trouble);
      return `${name} meets ${trouble.reason}`;
    }
    await net.land(flight);
    return `${name} arrives`;
  };
  const act = async (chance: Chance): Promise<string> => {
    const one = chance.pick(devices.filter((each) => each.life()));
    const life = one?.life();
    if (!one || !life) return 'nobody is there';
    let rest = chance.next() * acts.reduce((sum, [, weight]) => sum + weight, 0);
    const [name, , doing] = acts.find(([, weight]) => (rest -= weight) < 0) ?? acts[0] ?? [];
    if (!name || !doing) return 'nothing';
    // What a chart does not allow now is refused; signing in travels, everything else is done before anything arrives.
    let done = name === 'sign in';
    const finished = async (work: Promise<unknown> | null) => {
      await work?.catch(() => undefined);
      done = true;
    };
    void finished(doing(life, chance, one));
    await drain();
    if (!done && one.life() === life) say(`I12 device ${one.index}: "${name}" waits for the hub`);
    return `${one.index}: ${name}`;
  };
  const blow = async (chance: Chance): Promise<string> => {
    const one = chance.pick(devices);
    if (!one) return 'nothing';
    const dice = chance.next();
    if (!one.life()) {
      await boot(one);
      return `${one.index} starts`;
    }
    if (dice < 0.3) {
      if (cut.delete(one.index)) return `${one.index} is connected again`;
      cut.add(one.index);
      return `${one.index} is cut off`;
    }
    if (dice < 0.5 && perils.clocks) {
      const ms = Math.round((chance.next() - 0.5) * 600_000);
      one.clock.sleep(ms);
      return `the clock of ${one.index} jumps by ${ms} ms`;
    }
    if (dice < 0.75 && perils.crashes) {
      if (chance.next() < 0.4) one.kill();
      else
        one.killAt(
          chance.pick(['commit-before', 'commit-after', 'savepoint-inside', 'handler-after', 'mark-done'] as const) ?? 'commit-after',
          1 + Math.floor(chance.next() * 5),
        );
      return `${one.index} falls`;
    }
    if (dice < 0.85 && perils.deviceRestore) {
      const back = backups.get(one.index);
      if (!back || chance.next() < 0.5) {
        backups.set(one.index, { back: one.backup(), at: edits.length });
        return `${one.index} is copied`;
      }
      one.kill();
      back.back();
      // What it had edited since is on its way, or gone with the disk; what the hub took is not lost.
      for (const edit of edits.slice(back.at)) if (edit.device === one.index && user()?.ops.get(edit.op)?.is !== 'ok') edit.unsure = true;
      restored.add(one.index);
      await boot(one);
      return `${one.index} is put back to its copy`;
    }
    // Never together with a machine put back.
    if (dice >= 0.75 && perils.hubRestore) {
      if (!hubBackup || chance.next() < 0.5) {
        hubBackup = hub.backup();
        return 'the hub is copied';
      }
      hubBackup();
      seen.rewind();
      return 'the hub is put back to its copy';
    }
    return 'nothing happens';
  };
  const honest = () => {
    for (const one of devices) {
      const status = one.life()?.runtime.state('sync-link')?.status;
      if ((status === 'online' || status === 'executing') && one.clock.awake() - (proven.get(one.index) ?? 0) > HEARTBEATS_MS)
        say(`I15 device ${one.index} says ${status} without a proof for ${one.clock.awake() - (proven.get(one.index) ?? 0)} ms`);
    }
  };

  net.fluent(true);
  for (const one of devices) {
    await boot(one);
    const life = one.life();
    life?.store.projects.add({
      id: projectOf(one.index),
      name: `home ${one.index}`,
      path: `/home/${one.index}`,
      agent: null,
      trusted: false,
      createdAt: BEGIN,
      removedAt: null,
    });
    const done = life?.service.enable({ url: 'http://hub', key: 'key', ...credentials, name: `device ${one.index}` });
    await drain();
    if (done) expectOk(await done);
  }
  await pass(2_000);
  for (const one of devices) one.life()?.engine.kick();
  await drain();
  net.fluent(false);

  return {
    wrong,
    trace,
    edits,
    starts,
    devices,
    hub,
    user,
    net,
    seen,
    restored,
    drain,
    pass,
    boot,
    step: async (stepSeed: number) => {
      const chance = chanceOf(stepSeed);
      const dice = chance.next();
      let words = '';
      if (stuck()) return;
      if (dice < 0.46) words = await line(chance);
      else if (dice < 0.8) words = await act(chance);
      else if (dice < 0.93) {
        const ms = Math.round(chance.next() ** 3 * 40_000);
        await pass(ms);
        words = `${ms} ms pass`;
      } else words = await blow(chance);
      await drain();
      honest();
      trace.push(words);
    },
    heal: () => cut.clear(),
    say,
    end: async () => {
      for (const one of devices) one.kill();
      await drain();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
