/** The tables as kysely types them; the truth is in `migrations/`. */
import type { Generated } from 'kysely';
import type { OpKind, SyncTable } from '../../src/ports/hub.ts';
import type { OpState } from '../../src/ports/sync-store.ts';

export interface Tables {
  actors: {
    id: string;
    kind: string;
    version: number;
    seq: number;
    gseq: number;
    hash: string;
    short: string;
    created_at: number;
    updated_at: number;
  };
  machines: { id: Generated<number>; hash: string; kind: string; version: number; definition: string; at: number };
  journal: {
    gseq: number;
    actor: string;
    kind: string;
    version: number;
    machine: number;
    seq: number;
    prev: number;
    at: number;
    event: string;
    transitions: string;
    snapshot: string;
    hash: string;
  };
  bases: { actor: string; seq: number; prev: string; folded: number };
  outbox: {
    id: Generated<number>;
    actor: string;
    seq: number;
    idx: number;
    name: string;
    params: string;
    lane: 'normal' | 'urgent';
    state: 'pending' | 'running' | 'done' | 'failed' | 'cancelled' | 'unsure';
    attempts: number;
    due_at: number;
    generation: string | null;
    problem: string | null;
    created_at: number;
    finished_at: number | null;
  };
  timers: { actor: string; id: string; event: string; due: number; clock: 'wall' | 'awake'; held: Generated<number> };
  seen: { id: string; at: number; gseq: number | null };
  views: {
    id: string;
    short: string;
    kind: string;
    status: string;
    attention: number;
    ended: number;
    title: string;
    project: string | null;
    parent: string | null;
    priority: number;
    created_at: number;
    updated_at: number;
  };
  parked: { id: Generated<number>; actor: string; event_id: string; event: string; error: string; at: number; attempts: number };
  projects: {
    id: string;
    name: string;
    path: string;
    agent: string | null;
    trusted: number;
    created_at: number;
    removed_at: number | null;
  };
  tokens: {
    id: string;
    name: string;
    hash: string;
    scopes: string;
    kind: 'cli' | 'browser' | 'api' | 'agent' | 'link';
    created_at: number;
    last_used_at: number | null;
    expires_at: number | null;
    revoked_at: number | null;
  };
  idempotency: { key: string; token: string; request: string; body_hash: string; status: number; reply: string; at: number };
  audit: {
    id: Generated<number>;
    at: number;
    by: string;
    channel: string;
    what: string;
    outcome: string;
    inside: string | null;
    count: number;
  };
  kv: { key: string; value: string };
  usage: {
    task: string;
    request: string;
    agent: string;
    project: string;
    profile: string;
    model: string | null;
    at: number;
    day: string;
    input: number;
    output: number;
    cache_read: number;
    cache_write: number;
    cost: number | null;
    cost_by: 'program' | 'prices' | null;
    prices: string | null;
    source: 'hook' | 'transcript' | 'report';
    key: string;
    requests: Generated<number>;
  };
  turns: {
    agent: string;
    began: number;
    task: string;
    project: string;
    profile: string;
    day: string;
    at: number;
    turns: number;
    busy_ms: number;
    busy_since: number | null;
    over: number;
  };
  /** A view: rows of `usage` and of `turns`, each with nothing where the other has something. */
  used: Pick<
    Tables['usage'],
    'task' | 'agent' | 'project' | 'profile' | 'model' | 'day' | 'at' | 'input' | 'output' | 'cache_read' | 'cache_write' | 'cost'
  > & {
    requests: number;
    unpriced: number;
    turns: number;
    busy_ms: number;
    busy_since: number | null;
  };
  sync_link: {
    one: number;
    enabled: number;
    system: string;
    uid: string | null;
    epoch: string | null;
    cursor: number;
    stamp: string;
    seen: number | null;
    seal: string | null;
    claim: string | null;
    writer: Generated<number>;
  };
  sync_rows: { tbl: SyncTable; id: string; seq: number; del: number; doc: string; clk: string; state: string; mine: string | null };
  sync_ops: {
    lseq: Generated<number>;
    op: string;
    tbl: SyncTable;
    id: string;
    kind: OpKind;
    edits: string;
    arg: string;
    hlc: string;
    state: OpState;
    tries: Generated<number>;
    error: string | null;
    epoch: string | null;
    created_at: number;
    settled_at: number | null;
  };
  sync_dirty: { tbl: 'task' | 'agent' | 'ask' | 'project'; id: string; at: number };
  sync_conflicts: { place: Generated<number>; tbl: SyncTable; id: string; col: string; lost: string; kept: string; at: number };
}
