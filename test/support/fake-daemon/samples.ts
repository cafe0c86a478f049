/** Things a fake daemon can hold, complete and plausible; every field can be given. */
import type { Agent, Approval, InboxItem, JournalRow, Message, Project, Task } from '../../../src/api/contract/index.ts';
import { shortOf } from '../../../src/ports/system.ts';

/** Noon, 4 March 2026 UTC: what a test's clock-dependent text is relative to is its own matter. */
export const noon = Date.UTC(2026, 2, 4, 12);

let count = 0;
/** Counts ids from one again: what is made next has the same ids in every test. */
export const countFromOne = (): void => {
  count = 0;
};
/** Like a UUIDv7, ascending. */
export const anId = (): string => {
  count += 1;
  return `0195a000-0000-7000-8000-${String(count).padStart(12, '0')}`;
};

const commands = (...verbs: string[]) => verbs.map((verb) => ({ verb, label: verb, danger: verb === 'kill', needs: [] }));

const verbsOf: Readonly<Record<string, string[]>> = {
  queued: ['stop', 'kill', 'pause', 'start', 'priority'],
  working: ['stop', 'kill', 'pause', 'interrupt'],
  needsApproval: ['stop', 'kill', 'interrupt'],
  paused: ['stop', 'kill', 'resume'],
};

export const commandsFor = (status: string) => commands(...(verbsOf[status] ?? ['retry']));

export const aTask = (given: Partial<Task> = {}): Task => {
  const id = given.id ?? anId();
  const status = given.status ?? 'working';
  const ended = ['succeeded', 'failed', 'cancelled', 'interrupted'].includes(status);
  return {
    id,
    short: shortOf(id),
    kind: 'task',
    status,
    attention: 0,
    ended,
    title: 'Fix the login redirect',
    prompt: 'Fix the login redirect\nIt loses the query string.',
    project: { id: 'p-shop', name: 'shop' },
    profile: 'claude',
    priority: 0,
    attempt: 1,
    agent: null,
    agents: [],
    branch: null,
    worktree: null,
    base: null,
    reason: null,
    result: null,
    after: [],
    waitsFor: [],
    startAt: null,
    createdAt: noon,
    startedAt: noon,
    endedAt: ended ? noon : null,
    updatedAt: noon,
    createdBy: 'cli',
    notes: [],
    commands: commandsFor(status),
    agentState: null,
    budget: null,
    overrun: null,
    from: null,
    usage: null,
    seq: 3,
    ...given,
  };
};

export const anAgent = (task: Task, given: Partial<Agent> = {}): Agent => {
  const id = given.id ?? anId();
  return {
    id,
    short: shortOf(id),
    kind: 'agent',
    status: 'busy',
    process: 'alive',
    conversation: 'busy',
    attention: 0,
    title: task.title,
    task: { id: task.id, short: task.short, title: task.title },
    project: task.project.id,
    profile: task.profile,
    attempt: task.attempt,
    launch: 1,
    restarts: 0,
    pid: 4711,
    pane: '%3',
    worktree: null,
    branch: null,
    progress: null,
    reported: null,
    evidence: [],
    exit: null,
    asks: [],
    limit: null,
    usage: null,
    since: noon,
    seq: 5,
    commands: commands('stop', 'kill', 'interrupt'),
    attach: ['printf', 'attached to %s\\n', task.short],
    ...given,
  };
};

export const anApproval = (task: Task, agent: Agent, given: Partial<Approval> = {}): Approval => {
  const id = given.id ?? anId();
  return {
    id,
    short: shortOf(id),
    kind: 'approval',
    status: 'pending',
    task: task.id,
    agent: agent.id,
    text: 'Delete the table old_carts?',
    tool: 'Bash',
    choices: [],
    answer: null,
    decidedBy: null,
    decidedAt: null,
    askedAt: noon,
    policy: null,
    expiresAt: null,
    commands: commands(given.kind === 'question' ? 'answer' : 'approve', 'deny'),
    ...given,
  };
};

export const inboxItemOf = (approval: Approval, task: Task, agent: Agent): InboxItem => ({
  id: approval.id,
  short: approval.short,
  kind: approval.kind,
  status: approval.status,
  task: { id: task.id, short: task.short, title: task.title },
  agent: { id: agent.id, short: agent.short },
  project: task.project,
  text: approval.text,
  tool: approval.tool,
  choices: approval.choices,
  policy: approval.policy,
  since: noon,
  expiresAt: approval.expiresAt,
  commands: approval.commands,
});

export const aProject = (given: Partial<Project> = {}): Project => ({
  id: 'p-shop',
  name: 'shop',
  path: '/home/me/code/shop',
  kind: 'git',
  branch: 'main',
  head: '0123456789abcdef0123456789abcdef01234567',
  agent: 'claude',
  trusted: false,
  trustMeans: 'What /home/me/code/shop brings for agents is ignored.',
  createdAt: noon,
  notes: [],
  ...given,
});

export const aMessage = (task: Task, text: string, given: Partial<Message> = {}): Message => {
  const id = given.id ?? anId();
  return {
    id,
    short: shortOf(id),
    kind: 'message',
    status: 'queued',
    task: task.id,
    agent: task.agent,
    text,
    at: noon,
    updatedAt: noon,
    answer: null,
    receipts: { queued: noon },
    reason: null,
    commands: commands('cancel'),
    ...given,
  };
};

export const aJournal = (task: Task): JournalRow[] =>
  (
    [
      ['CREATED', 'queued', 'cli', 'task.created → task.queued'],
      ['GRANTED', 'starting', 'timer', 'task.queued → task.starting'],
      ['AGENT_STATE', 'working', `actor:${task.agent ?? 'agent'}`, 'task.starting → task.running.working'],
    ] as const
  ).map(([type, status, by, edge], i) => ({
    gseq: i + 1,
    actor: task.id,
    kind: 'task',
    seq: i + 1,
    at: noon + i * 1000,
    type,
    event: { type, id: `e${i}`, at: noon + i * 1000, by },
    by,
    transitions: [edge],
    value: status === 'working' ? { running: 'working' } : status,
    status,
  }));
