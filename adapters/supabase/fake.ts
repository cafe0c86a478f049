/**
 * The hub in memory, with the rules of `supabase/migrations`: passes the same contract suite. For tests and simulation: its clock, its ids and
 * what goes wrong on the way are given by whoever makes it.
 */
import type { Account, Answer, ConnectHub, Hub, HubTrouble, Op, Pushed, Ringing, SignedIn, Verdict } from '../../src/ports/hub.ts';
import {
  applyOp,
  beginAnew,
  claimRow,
  expire,
  forgot,
  type HubUser,
  moveSeal,
  newUser,
  pageOf,
  renewRow,
  seal,
  snapshotOf,
  tidy,
  userFrom,
} from './fake-rules.ts';

export type FakeHubOptions = { now: () => number; newId: () => string };
export type FakeHub = {
  connect: ConnectHub;
  addUser(email: string, password: string, code?: string): void;
  /** What the next calls meet; null = nothing. `lostReply`: it is done, and the answer does not arrive. */
  fault(rule: ((call: string) => HubTrouble | 'lostReply' | null) | null): void;
  silence(on: boolean): void;
  /** Everything as it was then; the epoch too, as with a restored backup. */
  backup(): () => void;
  user(email: string): HubUser | undefined;
};

const no = (reason: HubTrouble['reason'], evidence: string): { ok: false; trouble: HubTrouble } => ({
  ok: false,
  trouble: { reason, evidence },
});
const yes = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });

export const fakeHub = ({ now, newId }: FakeHubOptions): FakeHub => {
  const people = new Map<string, { password: string; code: string | null; uid: string }>();
  const users = new Map<string, HubUser>();
  const bells = new Map<string, Set<Ringing>>();
  let rule: ((call: string) => HubTrouble | 'lostReply' | null) | null = null;
  let silent = false;

  const ring = (uid: string) => {
    const user = users.get(uid);
    const news = user && { head: user.seq, epoch: user.epoch };
    if (!silent) for (const bell of bells.get(uid) ?? []) queueMicrotask(() => bell.ring(news));
  };

  const connect: ConnectHub = async (address, sessions): Promise<Hub & Account> => {
    const kept = await sessions.read();
    let who: SignedIn | null = kept === null ? null : (JSON.parse(kept) as SignedIn);
    const mine: Ringing[] = [];

    const asked = async <T>(call: string, work: (user: HubUser) => Answer<T>): Promise<Answer<T>> => {
      const fault = rule?.(call) ?? null;
      if (fault !== null && fault !== 'lostReply') return { ok: false, trouble: fault };
      const person = [...people.values()].find(({ uid }) => uid === who?.uid);
      if (!who || !person) return no('signedOut', 'nobody is signed in');
      if (person.code !== null && !who.strong) return no('signedOut', 'the account wants its second factor');
      const user = users.get(who.uid) ?? newUser(newId());
      users.set(who.uid, user);
      const before = user.seq;
      const answer = work(user);
      if (user.seq > before && call !== 'heartbeat') ring(who.uid);
      return fault === 'lostReply' ? no('networkLost', 'the answer was lost') : answer;
    };
    const own = (user: HubUser, system: string): boolean => user.rows.get(`system ${system}`)?.del === false;

    const pushOne = (user: HubUser, system: string, op: Op): Verdict => {
      const known = user.ops.get(op.op);
      if (known) return { op: op.op, ...known };
      if (Number(op.hlc.slice(0, 15)) > now() + 60_000) return { op: op.op, is: 'clock' };
      // Whatever is refused is refused before anything was written.
      const err = applyOp(user, system, op, now());
      const verdict = err === null ? { is: 'ok' as const } : { is: 'rejected' as const, err };
      user.ops.set(op.op, verdict);
      return { op: op.op, ...verdict };
    };

    return {
      signIn: async ({ email, password, code }) => {
        const fault = rule?.('signIn') ?? null;
        if (fault !== null && fault !== 'lostReply') return { ok: false, trouble: fault };
        const person = people.get(email);
        if (!person || person.password !== password) return no('refused', '400 invalid_credentials');
        if (person.code !== null && code === undefined) return yes({ needs: 'code' as const });
        if (person.code !== null && code !== person.code) return no('refused', '422 mfa_verification_failed');
        who = { uid: person.uid, email, strong: person.code !== null };
        await sessions.write(JSON.stringify(who));
        return yes(who);
      },
      who: () => who,
      enrol: async () => yes({ factor: 'factor', secret: 'SECRET', uri: 'otpauth://totp/fake' }),
      confirm: async (_factor, code) => {
        const person = [...people.values()].find(({ uid }) => uid === who?.uid);
        if (!person || !who || !/^\d{6}$/.test(code)) return no('refused', '422 mfa_verification_failed');
        person.code = code;
        who = { ...who, strong: true };
        await sessions.write(JSON.stringify(who));
        return yes(who);
      },
      signOut: async () => {
        who = null;
        await sessions.remove();
      },
      close: () => {
        for (const set of bells.values()) for (const bell of mine) set.delete(bell);
      },
      reach: async () => rule?.('reach') == null,
      ping: () =>
        asked('ping', (user) => yes({ uid: who?.uid ?? '', now: now(), head: user.seq, epoch: user.epoch, schema: 2, oldest: 2 })),
      push: (system, epoch, ops, seen = null) =>
        asked('push', (user): Answer<Pushed> => {
          if (ops.length > 60) return no('tooLarge', 'batch too large');
          if (epoch === user.epoch && seen && forgot(user, seen)) beginAnew(user, seen, newId);
          const base = { epoch: user.epoch, now: now() };
          if (epoch !== null && epoch !== user.epoch) return yes({ ...base, head: user.seq, resync: true, verdicts: [] });
          const before = user.seq;
          const verdicts = ops.map((op) => pushOne(user, system, op));
          return yes({ ...base, head: user.seq, seal: seal(user, before, newId), resync: false, verdicts });
        }),
      pull: (epoch, after, limit, seen = null) => asked('pull', (user) => yes(pageOf(user, { epoch, after, limit, seen }, now()))),
      claim: (system, limit, seen = null, key = null) =>
        asked('claim', (user) => {
          if (!own(user, system)) return no('refused', 'unknown system');
          const base = { epoch: user.epoch, head: user.seq };
          if (forgot(user, seen)) return yes({ ...base, seal: null, rows: [] });
          expire(user, now());
          const rows = claimRow(user, { system, limit, key }, now());
          return yes({ epoch: user.epoch, head: user.seq, seal: seal(user, base.head, newId), rows });
        }),
      renew: (system, task, fence) => asked('renew', (user) => yes(renewRow(user, system, task, fence, now()))),
      heartbeat: (system, told) =>
        asked('heartbeat', (user) => {
          const row = user.rows.get(`system ${system}`);
          if (!row) return no('refused', 'unknown system');
          const before = user.seq;
          expire(user, now());
          seal(user, before, newId);
          tidy(user, now());
          user.seq += 1;
          moveSeal(user);
          user.rows.set(`system ${system}`, {
            ...row,
            seq: user.seq,
            state: { lastSeen: now(), facts: Object.fromEntries(Object.entries(told).filter(([name]) => name !== 'cursor')) },
          });
          return yes({ now: now(), head: user.seq, epoch: user.epoch });
        }),
      rewound: (epoch, seen) =>
        asked('rewound', (user) => {
          if (epoch === user.epoch && forgot(user, seen)) beginAnew(user, seen, newId);
          return yes({ epoch: user.epoch, head: user.seq });
        }),
      listen: (bell) => {
        if (!who) return () => undefined;
        const heard = bells.get(who.uid) ?? new Set();
        bells.set(who.uid, heard.add(bell));
        mine.push(bell);
        queueMicrotask(() => bell.joined());
        return () => void heard.delete(bell);
      },
    };
  };

  return {
    connect,
    addUser: (email, password, code) => void people.set(email, { password, code: code ?? null, uid: newId() }),
    fault: (next) => {
      rule = next;
    },
    silence: (on) => {
      silent = on;
    },
    backup: () => {
      const saved = [...users].map(([uid, user]) => [uid, snapshotOf(user)] as const);
      return () => {
        users.clear();
        for (const [uid, text] of saved) users.set(uid, userFrom(text));
      };
    },
    user: (email) => users.get(people.get(email)?.uid ?? ''),
  };
};
