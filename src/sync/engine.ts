/**
 * Drives the link: proves it, sends and reads in rounds, and tells the chart what was seen. The chart decides what the link is; this only
 * works while it says online or catching up. Rounds come from changes here, from the doorbell, and from a jittered clock as the guarantee.
 */
import type { HandlerResult, Handlers } from '../../machines/effects.ts';
import type { Account, Answer, Doc, Hub, HubTrouble } from '../ports/hub.ts';
import type { Store } from '../ports/store.ts';
import type { Cancel, Clock, Log } from '../ports/system.ts';
import type { Addressed, Runtime } from '../runtime/types.ts';
import { type CaptureDeps, capture } from './capture.ts';
import { claimOffers, type Prepare } from './claim.ts';
import { cycle } from './cycle.ts';
import { react } from './react.ts';
import { systemNames } from './systems.ts';

export const LINK_ID = 'sync-link';
const TICK_MS = 3_000;
/** Changes that follow each other closely go together. */
const SOON_MS = 20;
const BEAT_MS = 30_000;
/** After a task was handed over, the answer is looked for often. */
const BURST_MS = 30_000;
const MANY = 60;
/** What the hub took is kept this long, to send it again should the hub be restored from an older copy. */
const KEEP_MS = 30 * 86_400_000;

export type Evidence = { reason: string; text: string; at: number };
export type EngineDeps = {
  runtime: Pick<Runtime, 'state' | 'send' | 'transaction' | 'newId'>;
  store: Pick<Store, 'sync' | 'projects'>;
  clock: Clock;
  random: () => number;
  log: Log;
  prepare: Prepare;
  /** What changes about this machine: load, running agents. */
  facts: () => Doc;
};
export type Engine = {
  handlers: Pick<Handlers, 'link.prove' | 'link.catchUp' | 'link.close'>;
  /** Inside the committing transaction: what changed becomes operations. */
  afterSteps(): Addressed[];
  use(hub: (Hub & Account) | null): void;
  hub(): (Hub & Account) | null;
  begin(): Promise<void>;
  kick(): void;
  /** What was seen last of the hub, good or bad. */
  evidence(): Evidence | null;
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
  let turn: Promise<Answer<number>> | null = null;
  let again = false;
  let bell: { healthy: boolean; close: () => void } | null = null;
  let poll: Cancel | undefined;
  let pollAt: number | null = null;
  let tick: Cancel | undefined;
  let soon: Cancel | undefined;
  let burstUntil = 0;
  let beatAt = 0;
  let skew = 0;
  let seen: Evidence | null = null;
  let wall = clock.now();
  let awake = clock.awake();
  let asking = false;

  const isStopped = () => stopped;
  const names = systemNames(sync);
  const status = () => runtime.state(LINK_ID)?.status ?? 'localOnly';
  const writer: CaptureDeps = {
    store: sync,
    projects: store.projects,
    state: runtime.state,
    newOp: () => runtime.newId(),
    now: () => clock.now() + skew,
  };
  const tell = (event: { type: string; [field: string]: unknown }) =>
    runtime
      .send(LINK_ID, { by: 'link', ...event })
      .catch((error: unknown) => log.warn({ err: String(error) }, 'the link could not be told'));

  const saw = (trouble: HubTrouble | null) => {
    seen = { reason: trouble?.reason ?? 'proven', text: trouble?.evidence ?? 'the hub answered', at: clock.now() };
  };
  /** Our clock may be ahead; stamps then begin at the hub's time. One that is behind is lifted by the stamps it sees. */
  const heard = (now: number) => {
    const off = now - clock.now();
    skew = off < -30_000 ? off : 0;
  };
  const roundOf = () => Number(runtime.state(LINK_ID)?.context['round'] ?? 0);
  const failed = async (trouble: HubTrouble): Promise<void> => {
    saw(trouble);
    await tell(eventOf(trouble, roundOf()));
  };

  const inFlight = () =>
    sync.rows('task').filter(({ state }) => state['origin'] !== state['owner'] && ['claimed', 'running'].includes(String(state['exec'])))
      .length;
  const count = async (): Promise<void> => {
    const context = runtime.state(LINK_ID)?.context ?? {};
    const flowing = inFlight();
    if (flowing !== context['inFlight']) await tell({ type: flowing > 0 ? 'TASK_FLOWS' : 'TASK_LANDED', inFlight: flowing });
    const pending = sync.pending();
    if (Number(context['pending']) !== pending && Number(context['pending']) > 0) await tell({ type: 'OPERATION_SETTLED', pending });
  };

  const commit = <T>(work: () => T): Promise<T> => runtime.transaction(() => work());
  const round = async (): Promise<Answer<number>> => {
    const mine = hub;
    if (!mine) return { ok: false, trouble: { reason: 'signedOut', evidence: 'there is no hub' } };
    let moved = 0;
    do {
      again = false;
      await commit(() => void capture(writer));
      const link = sync.link();
      if (!link) break;
      const done = await cycle({
        hub: mine,
        store: sync,
        now: () => clock.now(),
        commit,
        stopped: () => stopped || hub !== mine,
        settled: () => undefined,
        changed: (changes) => {
          const view = { system: link.system, state: runtime.state, nameOf: names.of };
          later.push(...changes.flatMap((change) => react(change, view)));
          if (changes.some(({ after }) => after.tbl === 'task' && after.state['origin'] !== after.state['owner']))
            burstUntil = clock.now() + BURST_MS;
        },
      });
      await deliver();
      if (!done.ok) return done;
      moved += done.value.pushed + done.value.pulled;
      const claimed = await claimOffers({ ...writer, hub: mine, prepare: deps.prepare, nameOf: names.of, commit: runtime.transaction });
      if (!claimed.ok) return claimed;
      if (claimed.value > 0) again = true;
      await count();
    } while (again && !isStopped());
    return { ok: true, value: moved };
  };
  /** Events that pages led to. Their ids make a second delivery the first one, so a fall in between is caught up at the next start. */
  const later: Addressed[] = [];
  const deliver = async (): Promise<void> => {
    for (const { to, event } of later.splice(0)) {
      await runtime
        .send(to, event)
        .catch((error: unknown) => log.warn({ actor: to, err: String(error) }, 'news of the hub could not be delivered'));
    }
  };

  const run = (): Promise<Answer<number>> => {
    if (turn) {
      again = true;
      return turn;
    }
    turn = round()
      .catch((error: unknown): Answer<number> => {
        log.error({ err: String(error) }, 'a round with the hub broke off');
        return { ok: false, trouble: { reason: 'hubDown', evidence: 'a round broke off; see the log' } };
      })
      .finally(() => {
        turn = null;
      });
    return turn;
  };
  const kick = () => {
    soon?.();
    soon = undefined;
    if (stopped || !connected.has(status())) return;
    void run().then(async (done) => {
      if (stopped) return;
      if (!done.ok) await failed(done.trouble);
      schedule();
    });
  };
  const schedule = () => {
    poll?.();
    if (stopped || !hub) return;
    const wait = clock.now() < burstUntil ? 2_000 : bell?.healthy ? 30_000 + random() * 30_000 : 5_000 + random() * 10_000;
    pollAt = Math.round(clock.now() + wait);
    poll = clock.after(wait, kick);
  };

  const listen = () => {
    if (bell || !hub) return;
    const line = { healthy: false, close: () => undefined as void };
    bell = line;
    line.close = hub.listen({
      ring: kick,
      joined: () => {
        line.healthy = true;
        // What rang while nobody listened, and a sign that the network is back.
        if (away.has(status())) proveNow();
        else kick();
      },
      lost: (text) => {
        line.healthy = false;
        log.debug({ evidence: text }, 'the doorbell is silent');
        if (connected.has(status())) proveNow();
      },
    });
  };
  const proveNow = () => {
    if (asking || stopped) return;
    asking = true;
    void tell({ type: 'SYNC_NOW' }).finally(() => {
      asking = false;
    });
  };

  const beat = async (): Promise<void> => {
    const link = sync.link();
    if (!hub || !link || clock.now() - beatAt < BEAT_MS) return;
    beatAt = clock.now();
    const answer = await hub.heartbeat(link.system, deps.facts());
    if (answer.ok) heard(answer.value.now);
    sync.prune(clock.now() - KEEP_MS);
  };

  const everyTick = async (): Promise<void> => {
    tick = clock.after(TICK_MS, () => void everyTick());
    const slept = clock.now() - wall - (clock.awake() - awake) > 10_000;
    wall = clock.now();
    awake = clock.awake();
    if (sync.link()?.enabled && sync.dirty(1).length > 0) await commit(() => void capture(writer)).catch(() => undefined);
    if (slept && (connected.has(status()) || away.has(status()))) return proveNow();
    if (connected.has(status()) && sync.pending() > 0) kick();
    // A network that is back is noticed here; a hub that refuses keeps the chart's own patience.
    const reason = runtime.state(LINK_ID)?.context['reason'];
    if (hub && away.has(status()) && (reason === 'networkLost' || reason === null) && (await hub.reach())) proveNow();
    return undefined;
  };

  return {
    handlers: {
      'link.prove': async ({ round: number }) => {
        // Only the hub itself can say that a session is over.
        if (!hub) return outcome({ type: 'PROOF_FAILED', round: number, reason: 'networkLost' });
        const answer = await hub.ping();
        saw(answer.ok ? null : answer.trouble);
        if (!answer.ok) return outcome(eventOf(answer.trouble, number));
        const wrong = schemaTrouble(answer.value);
        if (wrong) {
          saw(wrong);
          return outcome(eventOf(wrong, number));
        }
        heard(answer.value.now);
        listen();
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
        const done = await run();
        saw(done.ok ? null : done.trouble);
        if (!done.ok) return outcome(eventOf(done.trouble, number));
        listen();
        void beat();
        schedule();
        return outcome({ type: 'CAUGHT_UP', round: number });
      },
      'link.close': async ({ signOut }) => {
        const old = hub;
        quiet();
        if (signOut) await old?.signOut();
        else old?.close();
        return { outcomes: [] };
      },
    },
    afterSteps: () => {
      if (capture(writer) === 0) return [];
      const now = status();
      if (now === 'offline') return [{ to: LINK_ID, event: { type: 'OPERATION_BUFFERED', pending: sync.pending(), by: 'link' } }];
      if (connected.has(now)) soon ??= clock.after(SOON_MS, kick);
      return [];
    },
    use: (next) => {
      quiet();
      if (hub !== next) hub?.close();
      hub = next;
    },
    hub: () => hub,
    begin: async () => {
      tick?.();
      tick = clock.after(TICK_MS, () => void everyTick());
      if (status() === 'localOnly') return;
      await tell({ type: 'BOOTED' });
      // Pages whose news were not delivered before the end: each has its own id, so what was heard is not heard again.
      const link = sync.link();
      if (!link) return;
      const view = { system: link.system, state: runtime.state, nameOf: names.of };
      for (const tbl of ['task', 'ask'] as const) later.push(...sync.rows(tbl).flatMap((after) => react({ before: after, after }, view)));
      await deliver();
    },
    kick,
    evidence: () => seen,
    nextPollAt: () => (connected.has(status()) ? pollAt : null),
    stop: () => {
      stopped = true;
      quiet();
      tick?.();
    },
  };

  function quiet(): void {
    poll?.();
    soon?.();
    soon = undefined;
    pollAt = null;
    bell?.close();
    bell = null;
    if (stopped) hub?.close();
  }
};

const outcome = (event: { type: string; [field: string]: unknown }): HandlerResult => ({ outcomes: [{ event }] });

const eventOf = ({ reason, retryAfterMs }: HubTrouble, round: number): { type: string; [field: string]: unknown } => {
  if (reason === 'signedOut') return { type: 'SESSION_REFUSED' };
  const known = reason === 'tooLarge' || reason === 'refused' ? 'hubDown' : reason;
  return { type: 'PROOF_FAILED', round, reason: known, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
};

/** The shape of the hub this version speaks with. */
export const ourSchema = 1;
export const schemaTrouble = ({ schema, oldest }: { schema: number; oldest: number }): HubTrouble | null => {
  if (oldest > ourSchema) return { reason: 'schemaMismatch', evidence: `the hub wants version ${oldest} or newer, this is ${ourSchema}` };
  return schema < ourSchema ? { reason: 'schemaMismatch', evidence: `the hub is of version ${schema}, this wants ${ourSchema}` } : null;
};
