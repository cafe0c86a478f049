/** One round with the hub: send what waits, then read what is new. One at a time; every step is complete before the next begins. */
import type { Answer, Hub, HubTrouble, Page } from '../ports/hub.ts';
import type { QueuedOp, SyncStore } from '../ports/sync-store.ts';
import { type Asked, applyPage, type Change } from './apply.ts';
import { largestOp, mostOps, nextBatch, opOf } from './batch.ts';
import { beginHistory, type Settled, settle } from './settle.ts';

export const pageRows = 500;
/** Kept in one commit: whoever works on this machine meanwhile waits for no more than this. */
export const partRows = 100;

/** Answers in one reading or sending that bring nothing forward: more of them, and it would go round for ever. A hub in order needs one or two. */
const FRUITLESS = 20;

export type CycleDeps = {
  hub: Pick<Hub, 'push' | 'pull' | 'rewound'>;
  store: SyncStore;
  now: () => number;
  /** Runs the work in one commit on disk. */
  commit: <T>(work: () => T) => Promise<T>;
  /** Called inside the commit that applied a page. */
  changed: (changes: readonly Change[]) => void;
  /** Called inside the commit that took the answers. */
  settled: (settled: Settled) => void;
  /** The link was disabled or the daemon stops. */
  stopped: () => boolean;
};

export type CycleReport = { pushed: number; pulled: number };
const gone: HubTrouble = { reason: 'networkLost', evidence: 'stopped' };
const round: HubTrouble = { reason: 'hubDown', evidence: 'the hub answers, and nothing moves forward' };

export const cycle = async (deps: CycleDeps): Promise<Answer<CycleReport>> => {
  const sent = await pushAll(deps);
  if (!sent.ok) return sent;
  const read = await pullAll(deps);
  return read.ok ? { ok: true, value: { pushed: sent.value, pulled: read.value } } : read;
};

const pushAll = async ({ hub, store, now, commit, settled, stopped }: CycleDeps): Promise<Answer<number>> => {
  let count = 0;
  let most = mostOps;
  for (let fruitless = 0; fruitless < FRUITLESS; ) {
    if (stopped()) return { ok: false, trouble: gone };
    const plan = await commit(() => {
      const link = store.link();
      const { batch, tooLarge } = nextBatch(store.due(mostOps), most);
      for (const one of tooLarge) refuse(store, one, `larger than ${largestOp / 1024} KiB`, now());
      for (const one of batch) store.mark(one.op, 'sent', {});
      return link && { system: link.system, epoch: link.epoch, seen: link.seen, batch };
    });
    if (!plan) return { ok: false, trouble: gone };
    if (plan.batch.length === 0) return { ok: true, value: count };
    const answer = await hub.push(plan.system, plan.epoch, plan.batch.map(opOf), plan.seen);
    if (!answer.ok) {
      if (answer.trouble.reason !== 'tooLarge' && answer.trouble.reason !== 'refused') return answer;
      // The hub will not have these together; alone, the one it will not have is found and put aside.
      const [only] = plan.batch;
      if (plan.batch.length > 1) most = Math.max(1, Math.floor(plan.batch.length / 2));
      else if (only) await commit(() => refuse(store, only, answer.trouble.evidence, now()));
      continue;
    }
    const { applied, over } = await commit(() => {
      const link = store.link();
      if (!link) return { applied: 0, over: 0 };
      const done = settle(store, link, plan.batch, plan.epoch, answer.value, now());
      settled(done);
      return { applied: done.applied.length, over: plan.batch.filter((one) => !waits(store.op(one.op))).length };
    });
    count += applied;
    fruitless = over > 0 ? 0 : fruitless + 1;
  }
  return { ok: false, trouble: round };
};

const waits = (one: QueuedOp | null): boolean => one?.state === 'sent' || one?.state === 'queued';

const refuse = (store: SyncStore, one: QueuedOp, error: string, at: number): void => store.mark(one.op, 'rejected', { error, at });

const pullAll = async ({ hub, store, now, commit, changed, stopped }: CycleDeps): Promise<Answer<number>> => {
  let count = 0;
  for (let fruitless = 0; fruitless < FRUITLESS; ) {
    if (stopped()) return { ok: false, trouble: gone };
    const link = store.link();
    if (!link) return { ok: false, trouble: gone };
    const answer = await hub.pull(link.epoch, link.cursor, pageRows, link.seen);
    if (!answer.ok) return answer;
    const whole = answer.value;
    if (whole.lost && !whole.reset && whole.epoch !== null && link.seen) {
      // It knew more once. It begins another history, so that nobody takes its numbers for the old ones.
      const anew = await hub.rewound(whole.epoch, link.seen);
      if (!anew.ok) return anew;
      if (anew.value.epoch === whole.epoch) return { ok: false, trouble: { reason: 'hubDown', evidence: 'the hub went back in time' } };
      await commit(() => {
        const present = store.link();
        if (present) beginHistory(store, present, anew.value.epoch);
      });
      fruitless += 1;
      continue;
    }
    let kept = true;
    for (const { asked, page } of partsOf(whole, { epoch: link.epoch, after: link.cursor })) {
      const changes = await commit(() => {
        const present = store.link();
        const applied = present && applyPage(store, present, asked, page, now());
        if (applied) changed(applied);
        return applied;
      });
      kept = changes !== null;
      if (!kept) break;
      count += changes?.length ?? 0;
    }
    const last = whole.rows.at(-1);
    if (kept && (whole.head === null || !last || last.seq >= whole.head)) return { ok: true, value: count };
    // Not reset by what comes forward: a hub that begins a new history with every page comes forward in each.
    if (!kept || whole.reset || (last?.seq ?? 0) <= link.cursor) fruitless += 1;
  }
  return { ok: false, trouble: round };
};

/** As if the hub had answered in smaller pages: each part begins where the one before it ended. */
const partsOf = (page: Page, asked: Asked): Array<{ asked: Asked; page: Page }> => {
  const parts = [{ asked, page: { ...page, rows: page.rows.slice(0, partRows) } }];
  for (let from = partRows; from < page.rows.length; from += partRows) {
    const after = page.rows[from - 1]?.seq ?? 0;
    parts.push({ asked: { epoch: page.epoch, after }, page: { ...page, reset: false, rows: page.rows.slice(from, from + partRows) } });
  }
  return parts;
};
