/** Actors → the shapes of the contract. */

import type { AgentContext } from '../../../machines/agent/schema.ts';
import type { ApprovalContext } from '../../../machines/approval.ts';
import { worth } from '../../../machines/evidence.ts';
import type { MessageContext } from '../../../machines/message.ts';
import type { TaskContext } from '../../../machines/task/schema.ts';
import type { FeedRow, JournalRow } from '../../../src/api/contract/actor.ts';
import type { Agent } from '../../../src/api/contract/agent.ts';
import type { Command } from '../../../src/api/contract/common.ts';
import type { InboxItem } from '../../../src/api/contract/inbox.ts';
import type { Message } from '../../../src/api/contract/message.ts';
import type { Task } from '../../../src/api/contract/task.ts';
import type { Why } from '../../../src/api/contract/why.ts';
import type { Being, World } from './world.ts';

type Contexts = { task: TaskContext; agent: AgentContext; approval: ApprovalContext; message: MessageContext };
/** The context of an actor whose kind the caller knows. */
const contextOf = <K extends keyof Contexts>(world: World, being: Being, _kind: K): Contexts[K] => {
  const copy: Contexts[K] = JSON.parse(JSON.stringify(world.saved(being).context));
  return copy;
};
const lastRow = (being: Being): JournalRow | undefined => being.history.at(-1)?.row;
const since = (being: Being): number => {
  const rows = being.history.map((h) => h.row);
  const status = rows.at(-1)?.status;
  const first = rows.findLastIndex((row) => row.status !== status) + 1;
  return rows[first]?.at ?? being.createdAt;
};
const commands = (world: World, being: Being): Command[] =>
  world.legal(being).map(({ verb, label, danger = false, needs = [] }) => ({ verb, label, danger, needs: [...needs] }));

export const feedRow = (world: World, row: JournalRow): FeedRow => {
  const being = world.find(row.actor);
  const { event, ...step } = row;
  const rest = event['fact'] === 'progress' ? { ...step, progress: String(event['detail']) } : step;
  if (!being) return { ...rest, attention: 0, title: '' };
  const { attention, title, parent } = world.view(being);
  return { ...rest, attention, title, ...(parent ? { task: parent } : {}) };
};

export const taskView = (world: World, being: Being): Task => {
  const c = contextOf(world, being, 'task');
  const { status, attention, ended } = world.view(being);
  const agent = c.agent ? world.find(c.agent) : undefined;
  const last = lastRow(being);
  return {
    id: being.id,
    short: being.short,
    kind: 'task',
    status,
    attention,
    ended,
    title: c.title,
    prompt: c.prompt,
    project: { id: c.project, name: c.project },
    profile: c.profile.name,
    priority: c.priority,
    attempt: c.attempt,
    agent: c.agent,
    agents: c.agents,
    budget: c.budget,
    overrun: c.overrun,
    from: originOf(world, c),
    usage: null,
    branch: c.workspace?.branch ?? null,
    worktree: c.workspace?.worktree ?? null,
    base: c.workspace?.base ?? null,
    reason: c.reason ?? reasonOf(world, status, c),
    result: c.result,
    after: c.after,
    waitsFor: c.waitsFor,
    startAt: c.startAt,
    createdAt: c.createdAt,
    startedAt: c.startedAt,
    endedAt: c.endedAt,
    updatedAt: last?.at ?? being.createdAt,
    createdBy: c.createdBy,
    notes: [],
    commands: commands(world, being),
    agentState: agent
      ? {
          id: agent.id,
          short: agent.short,
          status: world.view(agent).status,
          progress: contextOf(world, agent, 'agent').progress,
          since: since(agent),
          limit: limitOf(world, agent),
        }
      : null,
    seq: being.seq,
  };
};

const originOf = (world: World, { from }: TaskContext): Task['from'] => {
  const source = from && world.find(from.task);
  return source ? { id: source.id, short: source.short, title: world.view(source).title, before: from.before } : null;
};

const reasonOf = (world: World, status: string, c: TaskContext): string | null => {
  if (status === 'needsApproval') return 'Its agent asks for permission.';
  if (status === 'needsAnswer') return 'Its agent asks a question.';
  if (status === 'limited') return 'Its agent has reached a limit of its provider.';
  if (status === 'queued') return 'All 4 places are taken.';
  if (status === 'blocked') return `Waits for ${c.waitsFor.length} tasks: ${c.waitsFor.map((id) => world.find(id)?.short).join(', ')}.`;
  return null;
};

const limitOf = (world: World, agent: Being): Agent['limit'] => {
  if (world.view(agent).status !== 'limited') return null;
  const due = world.timersOf(agent).find(({ id }) => id.includes('limitReset'))?.due ?? null;
  return { until: contextOf(world, agent, 'agent').limitedUntil, resumesAt: due };
};

export const agentView = (world: World, being: Being, now: number): Agent => {
  const c = contextOf(world, being, 'agent');
  const { status, attention, title } = world.view(being);
  const value = world.saved(being).value as { process: string | Record<string, unknown>; conversation: string };
  const task = world.find(c.task);
  return {
    id: being.id,
    short: being.short,
    kind: 'agent',
    status,
    attention,
    title,
    conversation: value.conversation,
    process: typeof value.process === 'string' ? value.process : (Object.keys(value.process)[0] ?? 'absent'),
    task: { id: c.task, short: task?.short ?? '', title: task ? world.view(task).title : '' },
    project: c.project,
    profile: c.profile.name,
    attempt: c.attempt,
    launch: c.launch,
    restarts: c.restarts,
    pid: c.pane?.pid ?? null,
    pane: c.pane?.pane ?? null,
    worktree: c.workspace.worktree,
    branch: c.workspace.branch,
    progress: c.progress,
    reported: c.reported,
    exit: c.exit,
    asks: c.asks,
    limit: limitOf(world, being),
    usage: null,
    since: since(being),
    seq: being.seq,
    evidence: evidenceOf(c, now),
    commands: commands(world, being),
    attach: c.pane ? ['tmux', '-S', '/home/me/.ccm/tmux/server', 'attach', '-t', 'shop'] : [],
  };
};

const evidenceOf = (c: AgentContext, now: number) =>
  c.evidence.map((e) => ({ fact: e.fact, source: e.source, trust: worth[e.source].trust, ageMs: now - e.at, detail: e.detail }));

export const inboxView = (world: World): InboxItem[] => {
  const approvals = world.of('approval').filter((a) => world.view(a).status === 'pending');
  const tasks = world.of('task').filter((t) => ['failed', 'stuck', 'interrupted'].includes(world.view(t).status));
  return [...approvals.map((a) => askItem(world, a)), ...tasks.map((t) => taskItem(world, t))];
};

const askItem = (world: World, being: Being): InboxItem => {
  const c = contextOf(world, being, 'approval');
  const task = world.find(c.task);
  return {
    id: being.id,
    short: being.short,
    kind: c.kind,
    status: 'pending',
    text: c.text,
    tool: c.tool,
    choices: c.choices,
    policy: c.policy,
    task: task ? { id: task.id, short: task.short, title: world.view(task).title } : null,
    agent: { id: c.agent, short: world.find(c.agent)?.short ?? '' },
    project: { id: c.project, name: c.project },
    since: c.askedAt,
    expiresAt: c.expiresAt,
    commands: commands(world, being),
  };
};

const taskItem = (world: World, being: Being): InboxItem => {
  const task = taskView(world, being);
  return {
    id: task.id,
    short: task.short,
    kind: 'task',
    status: task.status,
    task: { id: task.id, short: task.short, title: task.title },
    agent: null,
    project: task.project,
    text: task.reason ?? `It ended ${task.status}.`,
    tool: null,
    choices: [],
    policy: null,
    since: task.updatedAt,
    expiresAt: null,
    commands: task.commands.filter((c) => c.verb === 'retry'),
  };
};

export const messageView = (world: World, being: Being): Message => {
  const c = contextOf(world, being, 'message');
  return {
    id: being.id,
    short: being.short,
    kind: 'message',
    status: world.view(being).status,
    task: c.task,
    agent: c.agent,
    text: c.text,
    at: being.createdAt,
    updatedAt: lastRow(being)?.at ?? being.createdAt,
    answer: c.answer,
    receipts: c.receipts,
    reason: c.reason,
    commands: commands(world, being),
  };
};

export const whyView = (world: World, being: Being, now: number): Why => {
  const last = being.history.findLast((h) => h.row.transitions.length > 0)?.row;
  const { status } = world.view(being);
  const isAgent = being.kind.kind === 'agent';
  const c = isAgent ? contextOf(world, being, 'agent') : null;
  const newest = c?.evidence.at(-1);
  return {
    id: being.id,
    short: being.short,
    status,
    since: since(being),
    sentence: newest
      ? `It is ${status}, since its ${newest.source} said “${newest.detail}”.`
      : ((being.kind.kind === 'task' ? taskView(world, being).reason : null) ?? `It is ${status}.`),
    evidence: c ? evidenceOf(c, now) : [],
    lastTransition: last
      ? { gseq: last.gseq, seq: last.seq, at: last.at, event: last.type, by: last.by, transitions: last.transitions }
      : null,
    timers: world.timersOf(being).map((t) => ({ ...t, in: t.due - now })),
    effects: [],
  };
};
