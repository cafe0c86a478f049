/** What another machine told of its tasks, questions and messages, in the same shape as this machine's own. What it did not tell is null. */

import type { Command } from '../../api/contract/common.ts';
import type { Approval, InboxItem } from '../../api/contract/inbox.ts';
import type { Message } from '../../api/contract/message.ts';
import type { Task, TaskResult } from '../../api/contract/task.ts';
import { firstOf } from '../../lib/cut-text.ts';
import type { SyncRow } from '../../ports/sync-store.ts';
import { shortOf } from '../../ports/system.ts';
import { outcomeOf } from '../../sync/orders.ts';
import { commandsTold, fieldOf, intOf, numberOf, textOf, textsOf } from './fields.ts';
import { AWAY_MS, type Standing, standing, when } from './standing.ts';

export type FarView = {
  nameOf: (system: string) => string;
  here: string;
  /** The hub's time at its last answer, null when it has not answered yet. */
  heardAt: number | null;
  link: Standing['link'];
  row: (tbl: 'system' | 'task' | 'agent', id: string) => SyncRow | null;
};

const over = new Set(['ended', 'cancelled', 'expired']);
const going = new Set(['claimed', 'running']);
const stop: Command = { verb: 'stop', label: 'Stop', danger: true, needs: [] };

export const ownerOf = ({ state }: SyncRow, here: string): string => textOf(state['owner']) ?? here;
/** It is under way at a machine that is not heard of any more. */
export const unreachable = (row: SyncRow, { here, heardAt, row: find }: FarView): number | null => {
  const owner = ownerOf(row, here);
  const lastSeen = numberOf(find('system', owner)?.state['lastSeen']);
  if (owner === here || heardAt === null || lastSeen === null || !going.has(textOf(row.state['exec']) ?? '')) return null;
  return heardAt - lastSeen > AWAY_MS ? lastSeen : null;
};

/** One word, as the machine that has it would say. */
export const farStatus = (row: SyncRow, view: FarView): string => {
  const exec = textOf(row.state['exec']) ?? 'queued';
  if (unreachable(row, view) !== null) return 'unreachable';
  return exec === 'offered' || exec === 'expired' || exec === 'cancelled' ? exec : (textOf(fieldOf(row.state['facts'], 'status')) ?? exec);
};
export const farEnded = ({ state }: SyncRow): boolean => over.has(textOf(state['exec']) ?? '');
export const farAttention = (row: SyncRow, view: FarView): 0 | 1 | 2 => {
  if (unreachable(row, view) !== null) return 1;
  const told = fieldOf(row.state['facts'], 'attention');
  return told === 1 || told === 2 ? told : 0;
};
/** What can be asked of it from here. */
export const farCommands = (row: SyncRow): Command[] => {
  if (row.state['exec'] === 'offered') return [stop];
  return commandsTold(fieldOf(row.state['facts'], 'commands')).filter(({ verb }) => verb !== 'run-here');
};
/** Where it stands between the machines, where that is all there is to say. */
const farStanding = (row: SyncRow, view: FarView): string | null => {
  const owner = ownerOf(row, view.here);
  if (farEnded(row) || owner === view.here) return null;
  const lastSeen = numberOf(view.row('system', owner)?.state['lastSeen']);
  const status = textOf(row.state['exec']) ?? '';
  return standing({ status, system: view.nameOf(owner), link: view.link, carrier: null, lastSeen, heardAt: view.heardAt });
};
export const farReason = (row: SyncRow, view: FarView): string | null => {
  const silent = unreachable(row, view);
  const told = textOf(fieldOf(row.state['facts'], 'reason'));
  if (silent === null) {
    const stands = farStanding(row, view);
    return told === null || stands === null ? (told ?? stands) : `${told.replace(/[.\s]+$/, '')}. ${stands}`;
  }
  const last = textOf(fieldOf(row.state['facts'], 'status'));
  return `${view.nameOf(ownerOf(row, view.here))} was last seen at ${when(silent)}${last === null ? '' : `; it was ${last} then`}`;
};

const diffOf = (value: unknown): TaskResult['diff'] => {
  const [files, insertions, deletions] = ['files', 'insertions', 'deletions'].map((key) => intOf(fieldOf(value, key)));
  return files == null || insertions == null || deletions == null ? null : { files, insertions, deletions };
};
export const farResult = ({ state }: SyncRow): TaskResult | null => {
  const told = fieldOf(state['facts'], 'result');
  if (typeof told !== 'object' || told === null) return null;
  return {
    exitCode: intOf(fieldOf(told, 'exitCode')),
    signal: intOf(fieldOf(told, 'signal')),
    summary: textOf(fieldOf(told, 'summary')),
    durationMs: intOf(fieldOf(told, 'durationMs')),
    diff: diffOf(fieldOf(told, 'diff')),
    output: textOf(fieldOf(told, 'output')),
  };
};

export const farAgent = (row: SyncRow, view: FarView): Task['agentState'] => {
  const id = textOf(fieldOf(row.state['facts'], 'agent'));
  const told = id === null ? null : view.row('agent', id);
  if (id === null || !told) return null;
  const since = intOf(fieldOf(row.state['facts'], 'at')) ?? 0;
  return {
    id,
    short: shortOf(id),
    status: textOf(told.doc['status']) ?? 'unknown',
    progress: textOf(told.doc['progress']),
    since,
    limit: null,
  };
};

const inPriorities = (value: unknown): number => Math.min(10, Math.max(-10, intOf(value) ?? 0));

export const farTask = (row: SyncRow, view: FarView, whole: boolean, notes: readonly string[] = []): Task => {
  const { id, doc, state } = row;
  const facts = state['facts'];
  const createdAt = intOf(doc['createdAt']) ?? 0;
  const [startedAt, endedAt] = [intOf(fieldOf(facts, 'startedAt')), intOf(fieldOf(facts, 'endedAt'))];
  const agent = textOf(fieldOf(facts, 'agent'));
  const prompt = textOf(doc['prompt']) ?? '';
  return {
    id,
    short: shortOf(id),
    kind: 'task',
    status: farStatus(row, view),
    attention: farAttention(row, view),
    ended: farEnded(row),
    title: textOf(doc['title']) ?? shortOf(id),
    prompt: whole ? prompt : firstOf(prompt, 500),
    project: { id: textOf(doc['project']) ?? '', name: textOf(doc['projectName']) ?? '' },
    profile: textOf(doc['profile']) ?? '',
    priority: inPriorities(doc['priority']),
    attempt: intOf(fieldOf(facts, 'attempt')) ?? 0,
    agent,
    agents: agent === null ? [] : [agent],
    branch: textOf(fieldOf(facts, 'branch')),
    worktree: null,
    base: null,
    reason: farReason(row, view),
    system: view.nameOf(ownerOf(row, view.here)),
    result: farEnded(row) ? farResult(row) : null,
    after: [],
    waitsFor: [],
    startAt: null,
    createdAt,
    startedAt,
    endedAt,
    updatedAt: intOf(fieldOf(facts, 'at')) ?? endedAt ?? startedAt ?? createdAt,
    createdBy: textOf(doc['createdBy']),
    notes: [...notes],
    commands: farCommands(row),
    agentState: farAgent(row, view),
    budget: null,
    overrun: null,
    from: null,
    usage: null,
    seq: row.seq,
  };
};

const refOf = (id: string | null, view: FarView): InboxItem['task'] =>
  id === null ? null : { id, short: shortOf(id), title: textOf(view.row('task', id)?.doc['title']) ?? shortOf(id) };
const kindOf = (doc: SyncRow['doc']) => (doc['kind'] === 'approval' ? 'approval' : 'question');
const ways = (kind: string): Command[] =>
  kind === 'approval'
    ? [
        { verb: 'approve', label: 'Allow', danger: false, needs: [] },
        { verb: 'deny', label: 'Deny', danger: false, needs: [] },
      ]
    : [{ verb: 'answer', label: 'Answer', danger: false, needs: ['text'] }];

export const farAsk = ({ id, doc, state }: SyncRow, view: FarView): InboxItem => {
  const agent = textOf(doc['agent']);
  const task = textOf(doc['task']);
  const project = task === null ? null : view.row('task', task);
  return {
    id,
    short: shortOf(id),
    kind: kindOf(doc),
    status: 'pending',
    task: refOf(task, view),
    agent: agent === null ? null : { id: agent, short: shortOf(agent) },
    project: project && { id: textOf(project.doc['project']) ?? '', name: textOf(project.doc['projectName']) ?? '' },
    text: textOf(doc['text']) ?? '',
    tool: textOf(doc['tool']),
    choices: textsOf(doc['choices']),
    policy: null,
    since: intOf(doc['askedAt']) ?? 0,
    expiresAt: intOf(doc['expiresAt']),
    commands: ways(kindOf(doc)),
    system: view.nameOf(textOf(state['system']) ?? ''),
  };
};

/** Who decided, and on which machine where that is another one. */
const decider = ({ doc, state }: SyncRow, view: FarView): string | null => {
  const there = textOf(fieldOf(state['decision'], 'system')) ?? textOf(state['system']);
  const who = textOf(fieldOf(state['decision'], 'by')) ?? textOf(doc['decidedBy']);
  return who === null || there === null || there === view.here || who.includes(' on ') ? who : `${who} on ${view.nameOf(there)}`;
};
const decided: Readonly<Record<string, string>> = { approve: 'allowed', deny: 'denied', answer: 'answered' };
export const farApproval = (row: SyncRow, view: FarView, waits: string | null): Approval => {
  const { id, doc, state } = row;
  const decision = state['decision'];
  const verb = textOf(fieldOf(decision, 'verb'));
  return {
    id,
    short: shortOf(id),
    kind: kindOf(doc),
    status: verb === null ? (textOf(doc['status']) ?? 'pending') : (decided[verb] ?? 'pending'),
    task: textOf(doc['task']),
    agent: textOf(doc['agent']) ?? '',
    text: textOf(doc['text']) ?? '',
    tool: textOf(doc['tool']),
    choices: textsOf(doc['choices']),
    answer: textOf(fieldOf(decision, 'text')) ?? textOf(doc['answer']),
    decidedBy: decider(row, view),
    decidedAt: intOf(fieldOf(decision, 'at')),
    askedAt: intOf(doc['askedAt']) ?? 0,
    policy: null,
    expiresAt: intOf(doc['expiresAt']),
    commands: verb === null ? ways(kindOf(doc)) : [],
    system: view.nameOf(textOf(state['system']) ?? ''),
    waits,
  };
};

/** An order to send a message is the message, as long as it is not here. */
export const farMessage = (row: SyncRow, system: string): Message => {
  const { id, doc, state } = row;
  const outcome = outcomeOf(row);
  const at = intOf(doc['at']) ?? intOf(state['at']) ?? 0;
  return {
    id,
    short: shortOf(id),
    kind: 'message',
    status: outcome === null ? 'queued' : outcome.ok ? (textOf(outcome['status']) ?? 'queued') : 'failed',
    task: textOf(doc['task']) ?? '',
    agent: null,
    text: textOf(fieldOf(doc['fields'], 'text')) ?? '',
    at,
    updatedAt: at,
    answer: textOf(outcome?.['answer']),
    receipts: { queued: at },
    reason: outcome && !outcome.ok ? textOf(outcome['text']) : textOf(outcome?.['reason']),
    commands: [],
    system,
  };
};
