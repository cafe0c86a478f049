/** A hub that is out of reach, told as events of the link's own chart, with what the daemon would say about it. */
import type { RemoteAsk, RemoteTask, SyncConflict, SyncOp, SyncStatus, System } from '../../../src/api/contract/sync.ts';
import type { World } from './world.ts';

const minute = 60_000;
const linkId = 'sync-link';
const here = { id: 'system-1', name: 'desk' };
const there = { id: 'system-2', name: 'workshop' };

const op = (n: number, more: Partial<SyncOp> & Pick<SyncOp, 'kind' | 'title' | 'createdAt'>): SyncOp => ({
  id: `op-${n}`,
  short: `op${n}`,
  status: 'queued',
  table: 'task',
  row: `row-${n}`,
  tries: 0,
  problem: null,
  settledAt: null,
  cancellable: true,
  ...more,
});

/** Connected eight minutes ago, lost for two. */
export const tellHub = (world: World, clock: { now: number }, present: number) => {
  const step = (minutes: number, event: { type: string; [field: string]: unknown }): void => {
    clock.now = present - minutes * minute;
    world.send(linkId, { by: 'link', ...event });
  };
  clock.now = present - 20 * minute;
  const link = world.create('sync-link', linkId, {});
  const roundOf = (): number => Number(world.saved(link).context['round']);
  step(8, { type: 'ENABLE', by: 'cli' });
  step(7, { type: 'CAUGHT_UP', round: roundOf() });
  step(2, { type: 'PROOF_FAILED', round: roundOf(), reason: 'networkLost' });
  step(1, { type: 'OPERATION_BUFFERED', pending: 3 });
  step(0, { type: 'PROOF_FAILED', round: roundOf(), reason: 'networkLost', retryAfterMs: 95_000 });
  clock.now = present;

  let ops: SyncOp[] = [
    op(1, {
      kind: 'report',
      title: 'Add a retry to the webhook sender',
      createdAt: present - 2 * minute,
      status: 'sent',
      tries: 2,
      cancellable: false,
    }),
    op(2, { kind: 'offer', title: 'Paint the shed', createdAt: present - minute }),
    op(3, {
      kind: 'set',
      table: 'project',
      title: 'shop',
      createdAt: present - minute,
      status: 'rejected',
      tries: 1,
      problem: 'The hub knows a newer name of this project.',
    }),
  ];
  const systems: System[] = [
    {
      ...here,
      short: 'sys01',
      here: true,
      os: 'linux',
      version: '0.1.0',
      agents: ['claude', 'gemini'],
      load: 0.4,
      running: 3,
      lastSeen: present - 2 * minute,
      projects: [{ id: 'p1', name: 'shop' }],
    },
    {
      ...there,
      short: 'sys02',
      here: false,
      os: 'darwin',
      version: '0.1.0',
      agents: ['codex'],
      load: 1.2,
      running: 1,
      lastSeen: present - 6 * minute,
      projects: [{ id: 'p2', name: 'shed' }],
    },
  ];
  const far = (n: number, more: Pick<RemoteTask, 'title' | 'status' | 'hub' | 'summary'>): RemoteTask => ({
    id: `far-${n}`,
    short: `far0${n}`,
    attention: 0,
    ended: more.summary !== null,
    project: 'shed',
    profile: 'codex',
    system: there,
    reason: null,
    here: false,
    createdAt: present - (30 + n) * minute,
    ...more,
  });
  const tasks = [
    far(1, { title: 'Sort the screws by size', status: 'working', hub: 'unreachable', summary: null }),
    far(2, { title: 'Count the paint tins', status: 'succeeded', hub: 'ended', summary: 'Eleven tins, two of them empty.' }),
  ];
  let asks: RemoteAsk[] = [
    {
      id: 'far-ask-1',
      short: 'fask1',
      kind: 'approval',
      task: 'far-1',
      title: 'Sort the screws by size',
      text: 'rm -r /tmp/screws',
      choices: [],
      system: there,
      since: present - 3 * minute,
    },
  ];
  const moves: string[] = [];
  const conflicts: SyncConflict[] = [
    { table: 'task', row: 'far-1', title: 'Sort the screws by size', column: 'priority', lost: 2, kept: 5, at: present - 40 * minute },
  ];
  const status = (): SyncStatus => {
    const { context } = world.saved(link);
    const state = world.view(link).status;
    const reason = context['reason'];
    return {
      state,
      reason: typeof reason === 'string' ? reason : null,
      evidence: { reason: 'networkLost', text: 'fetch failed: UND_ERR_SOCKET', at: present },
      pending: ops.filter((one) => one.status !== 'rejected').length,
      inFlight: 0,
      provenAt: typeof context['provenAt'] === 'number' ? context['provenAt'] : null,
      nextAt: world.timersOf(link)[0] ? present + 95_000 : null,
      url: 'https://hub.example.org',
      email: 'ada@example.org',
      strong: true,
      system: here,
      conflicts: conflicts.length,
      rejected: ops.filter((one) => one.status === 'rejected').length,
      commands: world.legal(link).map(({ verb, label, danger = false, needs = [] }) => ({ verb, label, danger, needs: [...needs] })),
    };
  };
  return {
    link,
    status,
    lists: (): Record<string, unknown> => ({ outbox: ops, systems, tasks, asks, conflicts }),
    /** What was asked of other machines, as `verb id body`. */
    moves,
    move: (what: string, id: string, body: Record<string, unknown>): Record<string, unknown> => {
      moves.push(`${what} ${id} ${JSON.stringify(body)}`);
      if (what === 'decide') asks = asks.filter((one) => one.id !== id);
      return { task: id, id, system: there.name, op: 'op-9' };
    },
    cancel: (id: string): boolean => {
      const known = ops.some((one) => one.id === id && one.cancellable);
      if (known) ops = ops.filter((one) => one.id !== id);
      return known;
    },
  };
};
export type Hub = ReturnType<typeof tellHub>;
