/**
 * Drives the link: proves it, sends and reads in rounds, and tells the chart what was seen. The chart decides what the link is; this only
 * works while it says online or catching up. Rounds come from changes here, from the doorbell, and from a jittered clock as the guarantee.
 */
import type { Handlers } from '../../machines/effects.ts';
import type { Account, Doc, Hub, HubTrouble } from '../ports/hub.ts';
import type { Store } from '../ports/store.ts';
import type { Cancel, Clock, Log } from '../ports/system.ts';
import type { Addressed, Runtime } from '../runtime/types.ts';
import { type CaptureDeps, capture } from './capture.ts';
import type { Prepare } from './claim.ts';
import { doorbell } from './doorbell.ts';
import { leaving } from './leaving.ts';
import { eventOf, LINK_ID, type LinkEvent, outcome, schemaTrouble } from './link-events.ts';
import { type Obey, orderDesk } from './orders.ts';
import { patience } from './patience.ts';
import { roundsWith } from './rounds.ts';
import { systemNames } from './systems.ts';
import { roundTurns } from './turns.ts';
import { heart, readAnewAfterLong } from './upkeep.ts';
import { waitingRoom } from './waiting-room.ts';

const TICK_MS = 3_000;
/** Changes that follow each other closely go together. */
const SOON_MS = 20;
/** How often the progress of agents is looked at: it is no step of a chart. */
const PROGRESS_MS = 6_000;
/** After a task was handed over, the answer is looked for often. */
const BURST_MS = 30_000;
const MANY = 60;

export type Evidence = { reason: string; text: string; at: number };
export type EngineDeps = {
  runtime: Pick<Runtime, 'state' | 'send' | 'transaction'>;
  store: Pick<Store, 'sync' | 'projects' | 'views'>;
  clock: Clock;
  random: () => number;
  log: Log;
  prepare: Prepare;
  obey: Obey;
  /** What changes about this machine: load, running agents. */
  facts: () => Doc;
  /** UUIDv7. */
  newOp: () => string;
};
export type Engine = {
  handlers: Pick<Handlers, 'link.prove' | 'link.catchUp' | 'link.close'>;
  /** Inside the committing transaction: what changed becomes operations. */
  afterSteps(): Addressed[];
  use(hub: (Hub & Account) | null): void;
  /** Signing in and signing out share one session: what is done here is done before or after the other, never in between. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  hub(): (Hub & Account) | null;
  begin(): Promise<void>;
  kick(): void;
  /** What was seen last of the hub, good or bad. */
  evidence(): Evidence | null;
  /** The hub's time at its last answer, or null. */
  heardAt(): number | null;
  /** Looks again after each round until there is something, for `ms` at most; at once only, while the link is away. */
  until<T>(look: () => T | null, ms: number): Promise<T | null>;
  nextPollAt(): number | null;
  stop(): void;
};

const connected = new Set(['online', 'executing']);
const away = new Set(['offline', 'queuing']);

export const syncEngine = (deps: EngineDeps): Engine => {
  const { runtime, store, clock, random, log } = deps;
  const { sync } = store;
  let hub: (Hub & Account) | null = null;
  let stopped = false;
  let poll: Cancel | undefined;
  let pollAt: number | null = null;
  let tick: Cancel | undefined;
  let soon: Cancel | undefined;
  let burstUntil = 0;
  let skew = 0;
  let offset = 0;
  let answeredAt: number | null = null;
  let looked = 0;
  let seen: Evidence | null = null;
  let wall = clock.now();
  let awake = clock.awake();
  let asking = false;
  /** Proofs under way. The chart hears only the newest: one asked for meanwhile would put off what the first finds out. */
  let proving = 0;
  /** The way was found open while one was under way, which may have set out before that and be lost. */
  let wayOpened = false;

  const names = systemNames(sync);
  const status = () => runtime.state(LINK_ID)?.status ?? 'localOnly';
  const door = leaving({ hub: () => hub, status, quiet });
  const writer: CaptureDeps = {
    store: sync,
    projects: store.projects,
    state: runtime.state,
    newOp: deps.newOp,
    now: () => clock.now() + skew,
  };
  const hubNow = () => clock.now() + offset;
  const commit = <T>(work: () => T): Promise<T> => runtime.transaction(() => work());
  const { within } = patience(clock);
  const desk = orderDesk({ ...writer, obey: deps.obey, commit, hubNow, within, log });
  const pulse = heart(store, () => clock.now(), deps.facts);
  const room = waitingRoom(clock);
  const tell = (event: LinkEvent) =>
    runtime
      .send(LINK_ID, { by: 'link', ...event })
      .catch((error: unknown) => log.warn({ err: String(error) }, 'the link could not be told'));

  const saw = (trouble: HubTrouble | null) => {
    seen = { reason: trouble?.reason ?? 'proven', text: trouble?.evidence ?? 'the hub answered', at: clock.now() };
  };
  /** Our clock may be ahead; stamps then begin at the hub's time. One that is behind is lifted by the stamps it sees. */
  const heard = (now: number) => {
    offset = now - clock.now();
    skew = offset < -30_000 ? offset : 0;
    answeredAt = now;
  };
  const roundOf = () => Number(runtime.state(LINK_ID)?.context['round'] ?? 0);
  const failed = async (trouble: HubTrouble): Promise<void> => {
    saw(trouble);
    await tell(eventOf(trouble, roundOf()));
    await toldQueuing();
  };
  /** What was buffered while the link still looked online waits as visibly as what comes after. */
  const toldQueuing = async (): Promise<void> => {
    const pending = status() === 'offline' ? sync.pending() : 0;
    if (pending > 0) await tell({ type: 'OPERATION_BUFFERED', pending });
  };

  const rounds = roundsWith({
    runtime,
    store,
    writer,
    log,
    now: () => clock.now(),
    prepare: (row, by) => within(row.id, () => deps.prepare(row, by)),
    nameOf: names.of,
    commit,
    tell,
    orders: desk.work,
    looked: room.look,
    foreign: () => {
      burstUntil = clock.now() + BURST_MS;
    },
    current: (mine) => !stopped && hub === mine,
  });
  const turns = roundTurns({ hub: () => hub, once: rounds.once, unread: () => bell.unread(), stopped: () => stopped, log });
  const kick = () => {
    soon?.();
    soon = undefined;
    if (stopped || !connected.has(status())) return;
    void turns.run().then(async (done) => {
      if (stopped) return;
      if (!done.ok) await failed(done.trouble);
      else if (turns.unfinished()) return kick();
      return schedule();
    });
  };
  const schedule = () => {
    poll?.();
    if (stopped || !hub) return;
    const wait = clock.now() < burstUntil ? 2_000 : bell.healthy() ? 30_000 + random() * 30_000 : 5_000 + random() * 10_000;
    pollAt = Math.round(clock.now() + wait);
    poll = clock.after(wait, kick);
  };

  const bell = doorbell(clock, {
    // A round that is under way looks at its end whether it has read so far.
    ring: () => void (!turns.busy() && kick()),
    hasRead: ({ head, epoch }) => {
      const link = sync.link();
      return link !== null && link.epoch === epoch && link.cursor >= head;
    },
    // What rang while nobody listened, and a sign that the network is back.
    joined: () => (away.has(status()) ? proveNow() : kick()),
    lost: (evidence) => {
      log.debug({ evidence }, 'the doorbell is silent');
      if (connected.has(status())) proveNow();
    },
  });
  const proveNow = () => {
    if (asking || proving > 0 || stopped) return;
    asking = true;
    void tell({ type: 'SYNC_NOW' }).finally(() => {
      asking = false;
    });
  };

  const beat = async (): Promise<void> => {
    const now = hub && (await pulse.beat(hub, commit, desk.tidy));
    if (now !== null) heard(now);
  };
  const anew = async (now: number): Promise<void> => {
    heard(now);
    await commit(() => {
      const link = sync.link();
      return link !== null && readAnewAfterLong(sync, link, now);
    });
  };
  const touchProgress = (): void => {
    if (clock.now() - looked < PROGRESS_MS) return;
    looked = clock.now();
    for (const { id } of store.views.list({ kind: 'agent', ended: false, limit: 200 })) sync.touch('agent', id, looked);
  };

  const everyTick = async (): Promise<void> => {
    tick = clock.after(TICK_MS, () => void everyTick());
    const slept = clock.now() - wall - (clock.awake() - awake) > 10_000;
    wall = clock.now();
    awake = clock.awake();
    if (sync.link()?.enabled) {
      await commit(() => {
        touchProgress();
        if (sync.dirty(1).length > 0) capture(writer);
      }).catch((error: unknown) => log.warn({ err: String(error) }, 'what changed could not be kept for the hub yet'));
      await desk.work();
      await toldQueuing();
    }
    if (connected.has(status()) && bell.mustAsk()) proveNow();
    if (slept && (connected.has(status()) || away.has(status()))) return proveNow();
    if (connected.has(status()) && sync.pending() > 0) kick();
    // A network that is back is noticed here; a hub that refuses keeps the chart's own patience.
    const reason = runtime.state(LINK_ID)?.context['reason'];
    if (!hub || !away.has(status()) || (reason !== 'networkLost' && reason !== null) || !(await hub.reach())) return;
    wayOpened = true;
    proveNow();
  };

  return {
    handlers: {
      'link.prove': async ({ round: number }) => {
        // Only the hub itself can say that a session is over.
        if (!hub) return outcome({ type: 'PROOF_FAILED', round: number, reason: 'networkLost' });
        proving += 1;
        wayOpened = false;
        const answer = await hub.ping().finally(() => {
          proving -= 1;
        });
        saw(answer.ok ? null : answer.trouble);
        if (!answer.ok) {
          if (wayOpened && answer.trouble.reason === 'networkLost') clock.after(SOON_MS, proveNow);
          return outcome(eventOf(answer.trouble, number));
        }
        const wrong = schemaTrouble(answer.value);
        if (wrong) {
          saw(wrong);
          return outcome(eventOf(wrong, number));
        }
        await anew(answer.value.now);
        // The ping alone was not enough the last time.
        const tried = turns.failing() && !connected.has(status()) ? await turns.run() : null;
        if (tried && !tried.ok) {
          saw(tried.trouble);
          return outcome(eventOf(tried.trouble, number));
        }
        if (!connected.has(status())) bell.wayIsBack();
        bell.listen(hub);
        void beat();
        const link = sync.link();
        const backlog = sync.pending() > MANY || (link !== null && answer.value.head - link.cursor > 500);
        clock.after(SOON_MS, kick);
        return outcome({ type: 'PROVEN', round: number, backlog });
      },
      'link.catchUp': async ({ round: number }) => {
        // Only the hub itself can say that a session is over.
        if (!hub) return outcome({ type: 'PROOF_FAILED', round: number, reason: 'networkLost' });
        const proof = await hub.ping();
        const wrong = proof.ok ? schemaTrouble(proof.value) : proof.trouble;
        saw(wrong);
        if (wrong) return outcome(eventOf(wrong, number));
        if (proof.ok) await anew(proof.value.now);
        const done = await turns.run();
        saw(done.ok ? null : done.trouble);
        if (!done.ok) return outcome(eventOf(done.trouble, number));
        bell.listen(hub);
        void beat();
        if (turns.unfinished()) clock.after(SOON_MS, kick);
        schedule();
        return outcome({ type: 'CAUGHT_UP', round: number });
      },
      'link.close': async ({ signOut }) => {
        await door.leave(signOut);
        return { outcomes: [] };
      },
    },
    afterSteps: () => {
      if (capture(writer) === 0) return [];
      // From the list, which is level with the steps here: the actor itself costs more, and this is on the path of every local change.
      const now = store.views.get(LINK_ID)?.status ?? 'localOnly';
      if (now === 'offline') return [{ to: LINK_ID, event: { type: 'OPERATION_BUFFERED', pending: sync.pending(), by: 'link' } }];
      if (connected.has(now)) soon ??= clock.after(SOON_MS, kick);
      return [];
    },
    use: (next) => {
      quiet();
      if (hub !== next) hub?.close();
      hub = next;
    },
    inTurn: door.inTurn,
    hub: () => hub,
    begin: async () => {
      tick?.();
      tick = clock.after(TICK_MS, () => void everyTick());
      if (status() === 'localOnly') return;
      await tell({ type: 'BOOTED' });
      await rounds.again();
    },
    kick,
    evidence: () => seen,
    heardAt: () => answeredAt,
    until: (look, ms) => (connected.has(status()) ? room.until(look, ms) : Promise.resolve(look())),
    nextPollAt: () => (connected.has(status()) ? pollAt : null),
    stop: () => {
      stopped = true;
      room.close();
      quiet();
      tick?.();
    },
  };

  function quiet(): void {
    poll?.();
    soon?.();
    soon = undefined;
    pollAt = null;
    bell.close();
    if (stopped) hub?.close();
  }
};
