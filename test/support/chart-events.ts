/** One of everything each chart may hear, for walking it. */
import type { EventObject } from 'xstate';
import type { Pane, Profile, WorkspaceFacts } from '../../machines/effects.ts';

export const profile: Profile = {
  name: 'plain',
  kind: 'custom',
  command: ['true'],
  envNames: [],
  mode: 'oneshot',
  prompt: 'argument',
  ready: null,
  busy: null,
  ask: null,
  restart: 'never',
  maxRestarts: 1,
  resumable: false,
  bootMs: 5_000,
  idleMs: 600_000,
  settleMs: 300,
  concurrency: 0,
  timeoutMs: 0,
  autoResume: true,
};
export const chatty: Profile = {
  ...profile,
  name: 'chatty',
  mode: 'interactive',
  prompt: 'paste',
  restart: 'on-failure',
  resumable: true,
  ready: '^>',
  timeoutMs: 60_000,
};
export const workspace: WorkspaceFacts = { dir: '/w', worktree: '/w', branch: 'ccm-x/y', base: 'c0ffee', notes: [] };
export const pane: Pane = { generation: '1:2', window: '@1', pane: '%1', pid: 5, pidStart: '9' };

let serial = 0;
export const stamp = (type: string, at: number, fields: object = {}): EventObject & { at: number; id: string } => ({
  type,
  id: `e${++serial}`,
  at,
  ...fields,
});

const problem = { code: 'CCM_GIT_FAILED', detail: 'it did not work' };
const trouble = (at: number, effects: string[]) =>
  effects.flatMap((effect) => [
    stamp('EFFECT_FAILED', at, { effect, params: {}, problem }),
    stamp('EFFECT_UNSURE', at, { effect, params: {} }),
    stamp('EFFECT_CANCELLED', at, { effect, params: {} }),
  ]);
const exits = [
  { code: 0, signal: null },
  { code: 3, signal: null },
  { code: null, signal: 9 },
  { code: null, signal: null },
];

export const taskInputs = (at: number) => {
  const input = {
    id: 'task-1',
    at,
    project: 'p',
    title: 't',
    prompt: 'do it',
    profile,
    priority: 0,
    after: [],
    startAt: null,
    system: null,
    isolated: true,
    budget: null,
  };
  return [
    input,
    { ...input, profile: chatty },
    { ...input, startAt: at + 60_000 },
    { ...input, after: ['task-0'] },
    { ...input, after: ['task-0', 'task-00'] },
    { ...input, system: 'laptop' },
  ];
};

/** Kept out of the walks of laws: it leads only to where `system` as an input begins. */
export const handOver = (at: number): EventObject => stamp('HAND_OVER', at, { system: 'laptop' });

export const taskEvents = (context: Record<string, unknown>, at: number): EventObject[] => {
  const agent = context['agent'] ?? 'agent-1';
  const attempt = context['attempt'];
  return [
    ...['STOP', 'KILL', 'PAUSE', 'RESUME', 'RETRY', 'START_NOW', 'HUB_OFFERED', 'HUB_RUNNING', 'RUN_HERE'].map((type) => stamp(type, at)),
    stamp('SET_PRIORITY', at, { priority: 3 }),
    stamp('SET_BUDGET', at, { budget: 3_000_000 }),
    stamp('BUDGET_REACHED', at, { overrun: { scope: 'task', limit: 1_000_000, spent: 2_000_000 } }),
    stamp('BUDGET_REACHED', at, { overrun: { scope: 'day', limit: 9_000_000, spent: 9_000_001 } }),
    stamp('FOLLOW_UP', at, { message: 'm9', text: 'more' }),
    stamp('REOPEN', at, { message: 'm9', text: 'more' }),
    stamp('GRANTED', at, { agent: 'agent-1', message: 'm1', conversation: 'c1' }),
    stamp('WATCH_END', at, { task: 'task-2' }),
    ...['task-0', 'task-00'].flatMap((task) => ['succeeded', 'failed'].map((status) => stamp('DEPENDENCY_ENDED', at, { task, status }))),
    stamp('WORKSPACE_READY', at, { attempt, workspace }),
    stamp('WORKSPACE_FAILED', at, { attempt, problem }),
    stamp('WORKSPACE_MEASURED', at, { attempt, diff: { files: 1, insertions: 2, deletions: 0 } }),
    ...['booting', 'ready', 'busy', 'needsApproval', 'needsAnswer', 'limited', 'interrupted', 'detecting'].map((state) =>
      stamp('AGENT_STATE', at, { agent, state, detail: null }),
    ),
    stamp('AGENT_DONE', at, { agent, summary: 'done' }),
    stamp('AGENT_FAILED', at, { agent, summary: 'no' }),
    ...exits.map((exit) => stamp('AGENT_EXITED', at, { agent, exit, output: 'bye', reason: null, lost: false })),
    stamp('HUB_CLAIMED', at, { system: 'laptop' }),
    ...['succeeded', 'failed', 'cancelled', 'interrupted'].map((verdict) => stamp('HUB_ENDED', at, { verdict, summary: null })),
    stamp('HUB_TAKEN_OVER', at, { system: 'desk' }),
    ...trouble(at, ['workspace.prepare', 'workspace.measure']),
  ];
};
export const taskKey = (c: Record<string, unknown>) => [
  (c['profile'] as Profile).mode,
  c['verdict'],
  c['said'],
  c['followUp'] !== null,
  (c['waitsFor'] as string[]).length,
  (c['stuckOn'] as string[]).length,
  c['system'],
  c['startAt'] !== null,
  c['agent'] !== null,
  c['workspace'] !== null,
  (c['overrun'] as { scope: string } | null)?.scope,
];

export const agentInputs = (at: number) =>
  [
    { p: profile, message: 'm1' },
    { p: chatty, message: null },
    { p: { ...chatty, restart: 'never' as const, ready: null, timeoutMs: 0, autoResume: false }, message: null },
  ].map(({ p, message }) => ({
    id: 'agent-1',
    at,
    task: 'task-1',
    project: 'p',
    title: 't',
    attempt: 1,
    profile: p,
    workspace,
    prompt: null,
    message,
    conversation: 'c1',
    resume: false,
  }));

export const agentEvents = (context: Record<string, unknown>, at: number): EventObject[] => {
  const launch = context['launch'];
  const observed = (fact: string, source: string, when = at) =>
    stamp('OBSERVED', at, { launch, fact, source, observedAt: when, detail: fact });
  const ask = (kind: string, approval: string) =>
    stamp('ASKED', at, { approval, kind, text: 'may I?', tool: null, choices: [], expiresAt: null, source: 'report', observedAt: at });
  return [
    ...['STOP', 'KILL', 'INTERRUPT', 'SUSPEND', 'CONTINUE', 'START', 'RESUME_NOW', 'LET_GO', 'TASK_ENDED', 'TASK_REOPENED'].map((type) =>
      stamp(type, at),
    ),
    stamp('ENQUEUE', at, { message: 'm1', text: 'hello' }),
    stamp('DEQUEUE', at, { message: 'm1' }),
    stamp('MESSAGE_FAILED', at, { message: 'm1' }),
    stamp('LAUNCHED', at, { launch, pane }),
    stamp('LAUNCH_FAILED', at, { launch, problem }),
    ...exits.map((exit) => stamp('PROCESS_EXITED', at, { launch, exit, output: null, detail: '' })),
    stamp('PROCESS_EXITED', at, { launch: Number(launch) - 1, exit: exits[0], output: null, detail: 'an older start' }),
    stamp('PROCESS_GONE', at, { launch, detail: 'window closed' }),
    stamp('SUSPENDED', at, { launch }),
    stamp('CONTINUED', at, { launch }),
    ...['ready', 'busy', 'progress', 'asking', 'approval', 'limited', 'interrupted', 'done', 'failed'].map((fact) =>
      observed(fact, 'report'),
    ),
    observed('ready', 'pane', at + 10_000),
    observed('busy', 'pane', at + 10_000),
    observed('approval', 'pane', at + 10_000),
    observed('ready', 'silence', at - 5_000),
    ask('approval', 'x1'),
    ask('question', 'x2'),
    stamp('DECIDED', at, { approval: 'x1', decision: 'allow' }),
    stamp('DECIDED', at, { approval: 'x2', decision: 'answer' }),
    ...trouble(at, ['agent.launch', 'agent.type']),
  ];
};
export const agentKey = (c: Record<string, unknown>) => {
  const held = c['evidence'] as { fact: string; source: string }[];
  return [
    (c['profile'] as Profile).mode,
    (c['profile'] as Profile).restart,
    c['restarts'],
    c['ending'],
    c['reported'],
    c['taskEnded'],
    (c['queue'] as unknown[]).length > 0,
    (c['asks'] as unknown[]).length,
    c['exit'] !== null,
    c['current'] !== null,
    c['given'] !== null,
    held.at(-1)?.source,
    held.at(-1)?.fact,
  ];
};

export const messageInputs = (at: number) => [{ id: 'm1', at, agent: 'agent-1', task: 'task-1', text: 'hello' }];
export const messageEvents = (context: Record<string, unknown>, at: number): EventObject[] => [
  ...['CANCEL', 'ACCEPTED', 'TURN_STARTED', 'AGENT_LEFT', 'AGENT_RETURNS', 'GIVEN'].map((type) => stamp(type, at)),
  stamp('NUDGE', at, { pane, profile, text: 'go on' }),
  stamp('DELIVER', at, { pane, profile }),
  stamp('SUBMITTED', at, { attempt: context['attempt'] }),
  stamp('TYPE_FAILED', at, { attempt: context['attempt'], problem }),
  stamp('ANSWERED', at, { text: 'yes' }),
  ...trouble(at, ['agent.type']),
];
export const messageKey = (c: Record<string, unknown>) => [Number(c['attempt']) - Number(c['before']), c['nudge']];

export const approvalInputs = (at: number) => {
  const input = {
    id: 'x1',
    at,
    agent: 'agent-1',
    task: 'task-1',
    project: 'p',
    kind: 'approval',
    text: 'rm -r build?',
    tool: 'Bash',
    choices: [],
    expiresAt: at + 60_000,
  };
  const policy = (decision: string) => ({ decision, rule: `${decision} Bash`, reason: 'because' });
  return [
    { ...input, policy: null },
    { ...input, policy: null, kind: 'question', expiresAt: null },
    ...['allow', 'deny', 'ask'].map((decision) => ({ ...input, policy: policy(decision) })),
  ];
};
export const approvalEvents = (_: Record<string, unknown>, at: number): EventObject[] => [
  ...['ALLOW', 'DENY', 'WITHDRAW', 'DELIVERED'].map((type) => stamp(type, at)),
  stamp('ANSWER', at, { text: 'blue' }),
  stamp('DELIVERY_FAILED', at, { problem }),
  ...trouble(at, ['approval.deliver']),
];
export const approvalKey = (c: Record<string, unknown>) => [c['kind'], c['delivered']];

export const linkInputs = (at: number) => [{ id: 'link', at }];
export const linkEvents = (context: Record<string, unknown>, at: number): EventObject[] => {
  const round = context['round'];
  return [
    ...[
      'ENABLE',
      'DISABLE',
      'SIGN_IN',
      'SIGN_OUT',
      'PAUSE',
      'RESUME',
      'SYNC_NOW',
      'LOCAL_TASK',
      'BOOTED',
      'BACKLOG',
      'SESSION_REFUSED',
      'DOORBELL',
    ].map((type) => stamp(type, at)),
    stamp('OPERATION_BUFFERED', at, { pending: 1 }),
    stamp('OPERATION_SETTLED', at, { pending: 0 }),
    stamp('TASK_FLOWS', at, { inFlight: 1 }),
    stamp('TASK_LANDED', at, { inFlight: 0 }),
    stamp('TASK_LANDED', at, { inFlight: 1 }),
    stamp('PROVEN', at, { round, backlog: false }),
    stamp('PROVEN', at, { round, backlog: true }),
    stamp('PROVEN', at, { round: Number(round) - 1, backlog: false }),
    stamp('CAUGHT_UP', at, { round }),
    stamp('PROOF_FAILED', at, { round, reason: 'networkLost' }),
    ...trouble(at, ['link.prove', 'link.catchUp', 'link.close']),
  ];
};
export const linkKey = (c: Record<string, unknown>) => [c['inFlight'], Math.min(2, Number(c['failures'])), c['provenAt'] === null];
