/** The rules of the hub's SQL in TypeScript, for the hub in memory. Same words, same order, same refusals. */
import type { Doc, HubRow, Op, Page, Seen, Stamps } from '../../src/ports/hub.ts';

export type HubUser = {
  seq: number;
  epoch: string;
  /** Seal → number it reaches to. */
  seals: Map<string, number>;
  /** By `<table> <id>`. */
  rows: Map<string, HubRow>;
  ops: Map<string, { is: 'ok' | 'rejected'; err?: string }>;
  /** Task → the key of the call that took it. */
  claims: Map<string, string | null>;
};

const LEASE_MS = 90_000;
const DAY_S = 86_400;
const rankOf: Readonly<Record<string, number>> = { offered: 1, claimed: 2, running: 3, ended: 9, cancelled: 9, expired: 9 };
const rank = (row: HubRow) => rankOf[String(row.state['exec'])] ?? 0;

export const newUser = (epoch: string): HubUser => ({
  seq: 0,
  epoch,
  seals: new Map(),
  rows: new Map(),
  ops: new Map(),
  claims: new Map(),
});
export const snapshotOf = (user: HubUser): string =>
  JSON.stringify({ ...user, rows: [...user.rows], ops: [...user.ops], seals: [...user.seals], claims: [...user.claims] });
export const userFrom = (text: string): HubUser => {
  const saved = JSON.parse(text) as Omit<HubUser, 'rows' | 'ops' | 'seals' | 'claims'> & {
    seals: Array<[string, number]>;
    rows: Array<[string, HubRow]>;
    ops: Array<[string, { is: 'ok' | 'rejected' }]>;
    claims: Array<[string, string | null]>;
  };
  const { rows, ops, seals, claims } = saved;
  return { ...saved, rows: new Map(rows), ops: new Map(ops), seals: new Map(seals), claims: new Map(claims) };
};
const sealOf = (user: HubUser): string | null => [...user.seals].find(([, seq]) => seq === user.seq)?.[0] ?? null;
/** The end of a commit: a seal of its own when something was written. The seal of where the hub stands now. */
export const seal = (user: HubUser, before: number, newId: () => string): string | null => {
  if (user.seq > before) user.seals.set(newId(), user.seq);
  return sealOf(user);
};
/** A sign of life puts no seal, it moves the last one on. */
export const moveSeal = (user: HubUser): void => {
  for (const [each, seq] of user.seals) if (seq === user.seq - 1) user.seals.set(each, user.seq);
};
export const forgot = (user: HubUser, seen: Seen | null): boolean => seen !== null && !((user.seals.get(seen.seal) ?? -1) >= seen.seq);
/** An older copy than somebody saw: another history from here on, with numbers that nobody saw yet. */
export const beginAnew = (user: HubUser, seen: Seen, newId: () => string): void => {
  user.epoch = newId();
  user.seq = Math.max(user.seq, seen.seq);
  user.seals = new Map([[newId(), user.seq]]);
};
const put = (user: HubUser, row: HubRow) => void user.rows.set(`${row.tbl} ${row.id}`, row);
const next = (user: HubUser): number => {
  user.seq += 1;
  return user.seq;
};

const merged = (doc: Doc, clk: Stamps, edits: Doc, hlc: string): { doc: Doc; clk: Stamps } | null => {
  const out = { doc: { ...doc }, clk: { ...clk } };
  for (const [column, value] of Object.entries(edits)) {
    if (!/^[a-z][A-Za-z0-9]{0,39}$/.test(column)) return null;
    if ((out.clk[column] ?? '') >= hlc) continue;
    out.doc[column] = value;
    out.clk[column] = hlc;
  }
  return out;
};
const fits = (doc: Doc): boolean => {
  const { title = '', name = '', priority = 0 } = doc;
  const short = (text: unknown) => text === null || (typeof text === 'string' && text.length <= 200);
  return JSON.stringify(doc).length <= 262_144 && short(title) && short(name) && (typeof priority === 'number' || priority === null);
};

export const expire = (user: HubUser, now: number): void => {
  for (const row of user.rows.values()) {
    if (row.tbl !== 'task' || row.state['exec'] !== 'offered' || Number(row.state['expiresAt'] ?? Number.POSITIVE_INFINITY) >= now)
      continue;
    put(user, { ...row, seq: next(user), state: { ...row.state, exec: 'expired' } });
  }
};

const isSystem = (user: HubUser, id: unknown) => user.rows.get(`system ${String(id)}`)?.del === false;

const reassign = (user: HubUser, row: HubRow | undefined, target: unknown, ttlS: number, now: number): string | null => {
  if (!isSystem(user, target)) return '42501 unknown system';
  if (!row || row.del) return '22023 no such task';
  const { state } = row;
  const fresh = { owner: target, fence: Number(state['fence']) + 1, run: 0, exec: 'offered', leaseUntil: null, cancel: false };
  put(user, { ...row, seq: next(user), state: { ...state, ...fresh, expiresAt: now + ttlS * 1000 } });
  return null;
};

const report = (user: HubUser, row: HubRow | undefined, system: string, arg: Doc): string | null => {
  if (!row) return '22023 no such task';
  const { state } = row;
  if (state['owner'] !== system || state['fence'] !== arg['fence']) return '42501 stale fence';
  if (state['exec'] === 'offered' || state['exec'] === 'expired') return '42501 not claimed';
  const exec = String(arg['exec']);
  const wanted = exec === 'offered' || exec === 'expired' ? undefined : rankOf[exec];
  const [run, old] = [Number(arg['run']), Number(state['run'])];
  if (wanted === undefined) return '22023 bad state';
  if (run < old || (run === old && wanted < rank(row))) return '42501 backwards';
  if (run === old && rank(row) === 9 && state['exec'] !== exec) return '42501 it has ended';
  const cancel = run > old ? false : state['cancel'];
  put(user, { ...row, seq: next(user), state: { ...state, run, exec, facts: arg['facts'] ?? {}, cancel } });
  return null;
};

const cancel = (user: HubUser, row: HubRow | undefined): string | null => {
  if (!row || rank(row) >= 9) return '22023 nothing to cancel';
  const exec = row.state['exec'] === 'offered' ? 'cancelled' : row.state['exec'];
  put(user, { ...row, seq: next(user), state: { ...row.state, cancel: true, exec } });
  return null;
};

const decide = (user: HubUser, row: HubRow | undefined, system: string, arg: Doc, now: number): string | null => {
  if (!row || row.state['decision'] || (row.doc['status'] ?? 'pending') !== 'pending') return '22023 decided already';
  put(user, { ...row, seq: next(user), state: { ...row.state, decision: { ...arg, system, at: now } } });
  return null;
};

const done = (user: HubUser, row: HubRow | undefined, system: string, arg: Doc): string | null => {
  const told = row?.state['outcome'];
  const final = typeof told === 'object' && told !== null && Reflect.get(told, 'final') === true;
  const owner = user.rows.get(`task ${String(row?.doc['task'])}`)?.state['owner'];
  if (!row || row.tbl !== 'order' || final || owner !== system) return '22023 no open order';
  put(user, { ...row, seq: next(user), state: { ...row.state, outcome: arg } });
  return null;
};

const firstState = (op: Op, system: string, now: number): Doc => {
  if (op.tbl === 'system') return { lastSeen: now, facts: {} };
  if (op.tbl === 'ask') return { system, decision: null };
  if (op.tbl === 'order') return { system, at: now, outcome: null };
  if (op.tbl !== 'task') return { system };
  const base = { origin: system, run: 0, cancel: false, facts: {}, leaseUntil: null };
  if (op.kind !== 'offer') return { ...base, owner: system, fence: 0, exec: 'running', expiresAt: null };
  return { ...base, owner: op.arg?.['target'], fence: 1, exec: 'offered', expiresAt: now + Number(op.arg?.['ttl'] ?? DAY_S) * 1000 };
};

/** Null: applied. Otherwise why not. */
export const applyOp = (user: HubUser, system: string, op: Op, now: number): string | null => {
  const row = user.rows.get(`${op.tbl} ${op.id}`);
  const arg = op.arg ?? {};
  if (JSON.stringify(op).length > 65_536) return '22001 operation too large';
  if (op.tbl !== 'system' && !isSystem(user, system)) return '42501 unknown system';
  if (op.kind === 'report') return report(user, row, system, arg);
  if (op.kind === 'cancel') return cancel(user, row);
  if (op.kind === 'reassign') return reassign(user, row, arg['target'], Math.min(Number(arg['ttl'] ?? DAY_S), 2_592_000), now);
  if (op.kind === 'done') return done(user, row, system, arg);
  if (op.kind === 'decide') return decide(user, row, system, arg, now);
  const home = op.tbl === 'system' ? op.id : (row?.state['system'] ?? system);
  if (op.tbl !== 'task' && op.tbl !== 'project' && home !== system) return '42501 row of another system';
  const edits = merged(row?.doc ?? {}, row?.clk ?? {}, op.set ?? {}, op.hlc);
  if (!edits) return '22023 bad column name';
  if (!fits(edits.doc)) return '23514 does not fit';
  if (op.kind === 'offer' && !isSystem(user, arg['target'])) return '42501 unknown system';
  const del = (row?.del ?? false) || op.kind === 'del';
  put(user, { tbl: op.tbl, id: op.id, seq: next(user), del, ...edits, state: row?.state ?? firstState(op, system, now) });
  return null;
};

type Claim = { system: string; limit: number; key: string | null };
export const claimRow = (user: HubUser, { system, limit, key }: Claim, now: number): HubRow[] => {
  const again = ({ id, state }: HubRow) => state['exec'] === 'claimed' && key !== null && user.claims.get(id) === key;
  const open = [...user.rows.values()]
    .filter(({ tbl, del, state }) => tbl === 'task' && !del && state['owner'] === system && state['cancel'] !== true)
    .filter(
      (row) => row.state['exec'] === 'offered' || again(row) || (row.state['exec'] === 'claimed' && Number(row.state['leaseUntil']) < now),
    )
    .toSorted((a, b) => a.seq - b.seq)
    .slice(0, limit);
  return open.map((row) => {
    // Its answer was lost: the same once more.
    if (again(row)) return structuredClone(row);
    user.claims.set(row.id, key);
    const state = { ...row.state, exec: 'claimed', fence: Number(row.state['fence']) + 1, leaseUntil: now + LEASE_MS };
    const taken = { ...row, seq: next(user), state };
    put(user, taken);
    return structuredClone(taken);
  });
};

/** False: not this system's under this fence. */
export const renewRow = (user: HubUser, system: string, id: string, fence: number, now: number): boolean => {
  const row = user.rows.get(`task ${id}`);
  if (!row || row.state['owner'] !== system || row.state['fence'] !== fence || row.state['exec'] !== 'claimed') return false;
  put(user, { ...row, state: { ...row.state, leaseUntil: now + LEASE_MS } });
  return true;
};

/** What nobody asks for any more: orders of the day before yesterday. */
export const tidy = (user: HubUser, now: number): void => {
  for (const [key, { tbl, doc, state }] of user.rows) {
    const age = now - Number(state['at']);
    if (tbl === 'order' && age > (doc['verb'] === 'log' ? 900_000 : 172_800_000)) user.rows.delete(key);
  }
};

type Asked = { epoch: string | null; after: number; limit: number; seen: Seen | null };
export const pageOf = (user: HubUser, { epoch, after, limit, seen }: Asked, now: number): Page => {
  const reset = epoch !== user.epoch;
  const rows = [...user.rows.values()]
    .filter(({ seq }) => seq > (reset ? 0 : after))
    .toSorted((a, b) => a.seq - b.seq)
    .slice(0, Math.min(limit, 1000));
  const lost = forgot(user, seen);
  return { epoch: user.epoch, head: user.seq, seal: sealOf(user), now, reset, lost, rows: structuredClone(rows) };
};
