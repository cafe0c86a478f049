/** What waits for a person, oldest first: approvals and questions, then tasks nobody asks anything about but that cannot go on alone. */
import type { ApprovalContext } from '../../machines/approval.ts';
import type { TaskContext } from '../../machines/task/schema.ts';
import type { Consequence } from '../api/contract/envelope.ts';
import type { Approval, InboxItem } from '../api/contract/inbox.ts';
import type { Task } from '../api/contract/task.ts';
import { fail, ok, type Result } from '../errors.ts';
import { shortOf } from '../ports/system.ts';
import { everyRow } from '../runtime/every-row.ts';
import type { ActorState } from '../runtime/types.ts';
import type { Caller } from './caller.ts';
import { commandsOf } from './commands.ts';
import { afterDecision, decidedText } from './decided-text.ts';
import type { ServiceDeps } from './deps.ts';
import type { Fields, Orders } from './orders.ts';
import { presentApproval } from './present-others.ts';
import type { Resolver } from './resolve.ts';
import type { SinceBook } from './since.ts';

export type InboxService = {
  list(): InboxItem[];
  /** Open items, without reading them. */
  count(): number;
  /** Everything the attempts of a task have asked, oldest first. */
  asked(task: string): Result<Approval[]>;
  decide(
    approval: string,
    verb: 'approve' | 'deny' | 'answer',
    fields: Fields,
    caller: Caller,
    dry: boolean,
  ): Promise<Result<Approval | Consequence>>;
};

type Deps = Pick<ServiceDeps, 'elsewhere' | 'runtime' | 'store'> & { orders: Orders; resolve: Resolver; since: SinceBook };
export const inboxService = ({ elsewhere, runtime, store, orders, resolve, since }: Deps): InboxService => {
  const project = (id: string | null) => {
    const found = id === null ? undefined : store.projects.get(id);
    return found ? { id: found.id, name: found.name } : null;
  };
  const taskOf = (id: string | null) => {
    const state = id === null ? null : runtime.state(id);
    return state ? { id: state.id, short: state.short, title: state.view.title } : null;
  };
  const agentOf = (id: string | null) => (id === null ? null : { id, short: runtime.state(id)?.short ?? shortOf(id) });

  const ofApproval = (state: ActorState): InboxItem => {
    const context = state.context as ApprovalContext;
    return {
      id: state.id,
      short: state.short,
      kind: context.kind,
      status: state.status,
      task: taskOf(context.task),
      agent: agentOf(context.agent),
      project: project(context.project),
      text: context.text,
      tool: context.tool,
      choices: [...context.choices],
      policy: context.policy,
      since: context.askedAt,
      expiresAt: context.expiresAt,
      commands: commandsOf(state.legal),
    };
  };
  const ofTask = (state: ActorState): InboxItem => {
    const context = state.context as TaskContext;
    return {
      id: state.id,
      short: state.short,
      kind: 'task',
      status: state.status,
      task: taskOf(state.id),
      agent: agentOf(context.agent),
      project: project(context.project),
      text: context.reason ?? waitsFor(state.status),
      tool: null,
      choices: [],
      policy: null,
      since: since(state),
      expiresAt: null,
      commands: commandsOf(state.legal),
    };
  };
  const waiting = () => {
    const approvals = everyRow(runtime, { kind: 'approval', ended: false, status: 'pending' });
    const asked = new Set(approvals.map(({ parent }) => parent));
    // A task whose agent asks is in the list already, with the question itself.
    const tasks = everyRow(runtime, { kind: 'task', ended: false, attention: 2 }).filter(({ id }) => !asked.has(id));
    return { approvals, tasks };
  };
  /** What other machines' agents ask, then their tasks that cannot go on alone. */
  const farItems = (): InboxItem[] => {
    if (!elsewhere?.here()) return [];
    const asks = elsewhere.far.asks();
    // A task whose agent asks is there by its question, and not any more when that was decided here.
    const asking = new Set(['needsApproval', 'needsAnswer']);
    const stuck = elsewhere.far.list({ ended: false }).filter(({ status, attention }) => attention === 2 && !asking.has(status));
    return [...asks, ...stuck.map(itemOfFar)];
  };
  const states = (rows: readonly { id: string }[]): ActorState[] => rows.flatMap(({ id }) => runtime.state(id) ?? []);

  return {
    count: () => {
      const { approvals, tasks } = waiting();
      return approvals.length + tasks.length + farItems().length;
    },
    list: () => {
      const { approvals, tasks } = waiting();
      return [...states(approvals).map(ofApproval), ...states(tasks).map(ofTask), ...farItems()].toSorted((a, b) => a.since - b.since);
    },
    asked: (text) => {
      const found = resolve.task(text);
      const there = elsewhere?.has(found, text) ?? null;
      if (elsewhere && there) return there.ok ? ok(elsewhere.far.asked(there.value)) : there;
      if (!found.ok) return found;
      const rows = everyRow(runtime, { kind: 'approval', parent: found.value.id });
      return ok(states(rows.toReversed()).map(presentApproval));
    },
    decide: async (text, verb, fields, caller, dry) => {
      const found = resolve.approval(text);
      if (!found.ok) return (await elsewhere?.far.decide(text, verb, fields, caller, dry)) ?? found;
      const outcome = await orders.give(found.value, verb, fields, caller, dry);
      if (!outcome.ok) {
        const { code, extra } = outcome.problem;
        const now = runtime.state(found.value.id) ?? found.value;
        const { decidedBy, decision, answer } = now.context as ApprovalContext;
        // The one who comes second learns who was first.
        return code === 'CCM_ILLEGAL_MOVE' && decision !== null
          ? fail(code, decidedText(now.status, decidedBy, answer), { ...extra, decidedBy, decision, next: afterDecision })
          : outcome;
      }
      return ok('consequence' in outcome.value ? outcome.value.consequence : presentApproval(outcome.value.state));
    },
  };
};

/** A task that needs an answer and is in the list by itself has no question that anybody could read. */
const waitsFor = (status: string): string =>
  status === 'needsAnswer' ? 'Nothing tells what its agent does: look at its terminal.' : `The task is ${status}.`;

/** A task of another machine that waits for a person without asking anything. */
const itemOfFar = ({ id, short, title, status, project, reason, updatedAt, commands, system }: Task): InboxItem => ({
  id,
  short,
  kind: 'task',
  status,
  task: { id, short, title },
  agent: null,
  project,
  text: reason ?? waitsFor(status),
  tool: null,
  choices: [],
  policy: null,
  since: updatedAt,
  expiresAt: null,
  commands,
  system: system ?? null,
});
