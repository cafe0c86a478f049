/** Messages to the agent of a task: into its queue while it lives, as more work when the task has ended. */
import type { TaskContext } from '../../machines/task/schema.ts';
import type { Consequence } from '../api/contract/envelope.ts';
import type { Message } from '../api/contract/message.ts';
import { fail, ok, type Result } from '../errors.ts';
import { shortOf } from '../ports/system.ts';
import { everyRow } from '../runtime/every-row.ts';
import type { ActorState, Transaction } from '../runtime/types.ts';
import type { Caller } from './caller.ts';
import { commandsOf } from './commands.ts';
import type { ServiceDeps } from './deps.ts';
import type { Marks } from './marks.ts';
import type { Orders } from './orders.ts';
import { presentMessage } from './present-others.ts';
import type { Resolver } from './resolve.ts';
import { cleanText } from './text.ts';

export type MessageService = {
  /** `CCM_ILLEGAL_MOVE` while there is nobody to take it. */
  send(task: string, raw: string, caller: Caller): Promise<Result<Message>>;
  /** Of all attempts, oldest first. */
  list(task: string): Result<Message[]>;
  cancel(message: string, caller: Caller, dry: boolean): Promise<Result<Message | Consequence>>;
};

type Deps = Pick<ServiceDeps, 'elsewhere' | 'runtime' | 'clock'> & { orders: Orders; resolve: Resolver; marks: Marks };
type Draft = { id: string; at: number; text: string; task: ActorState };

export const messageService = ({ elsewhere, runtime, clock, orders, resolve, marks }: Deps): MessageService => {
  const shown = (draft: Draft): Message => {
    const state = runtime.state(draft.id);
    if (state) return presentMessage(state);
    // More work for an ended task: its message is made with the next attempt.
    const { id, at, text, task } = draft;
    return {
      id,
      short: shortOf(id),
      kind: 'message',
      status: 'queued',
      task: task.id,
      agent: null,
      text,
      at,
      updatedAt: at,
      answer: null,
      receipts: { queued: at },
      reason: null,
      commands: [],
    };
  };

  /**
   * Where it goes is decided in the commit that takes it there: the agent that was looked at before may be gone by then, and its queue read by
   * nobody. Returns what it says when nobody can take it.
   */
  const place = (step: Transaction, { id, at, text, task: { id: taskId } }: Draft, caller: Caller) => {
    const task = runtime.state(taskId);
    if (!task) return fail('CCM_NOT_FOUND', `There is no task ${taskId}.`);
    const { agent: agentId, attempt } = task.context as TaskContext;
    const agent = agentId === null ? null : runtime.state(agentId);
    const alive = agent !== null && !agent.view.ended;
    if (!task.view.ended) {
      if (!alive) return nobody(task, 'no agent yet');
      step.create('message', { id, at, agent: agent.id, task: task.id, text }, caller.by);
      step.send(agent.id, { type: 'ENQUEUE', message: id, text, by: caller.by });
    } else {
      if (attempt === 0) return nobody(task, 'never started');
      // The living window goes on with it; one that is being ended takes nothing any more.
      const type = alive && agent.status !== 'stopping' ? 'REOPEN' : 'FOLLOW_UP';
      const { handled } = step.send(task.id, { type, message: id, text, by: caller.by });
      if (!handled) return nobody(task, 'cannot be opened again now');
    }
    if (caller.requestId !== null) marks.setMadeBy(caller.requestId, id, at);
    return null;
  };

  return {
    send: async (text, raw, caller) => {
      const clean = cleanText(raw, 'text');
      if (!clean.ok) return clean;
      const found = resolve.task(text);
      const there = elsewhere?.has(found, text) ?? null;
      if (elsewhere && there) return there.ok ? elsewhere.far.send(there.value, clean.value.text, caller) : there;
      if (!found.ok) return found;
      const task = found.value;
      const before = caller.requestId === null ? null : marks.madeBy(caller.requestId);
      const draft: Draft = { id: before ?? runtime.newId(), at: clock.now(), text: clean.value.text, task };
      if (before !== null) return ok(shown(draft));
      return (await runtime.transaction((step) => place(step, draft, caller))) ?? ok(shown(draft));
    },
    list: (text) => {
      const found = resolve.task(text);
      const there = elsewhere?.has(found, text) ?? null;
      if (elsewhere && there) return there.ok ? ok(elsewhere.far.messages(there.value)) : there;
      if (!found.ok) return found;
      const { agents } = found.value.context as TaskContext;
      const states = agents
        .flatMap((agent) => everyRow(runtime, { kind: 'message', parent: agent }))
        .flatMap(({ id }) => runtime.state(id) ?? []);
      return ok(states.map(presentMessage).toSorted((a, b) => a.at - b.at));
    },
    cancel: async (text, caller, dry) => {
      const found = resolve.message(text);
      if (!found.ok) return found;
      const outcome = await orders.give(found.value, 'cancel', {}, caller, dry);
      if (!outcome.ok) return outcome;
      return ok('consequence' in outcome.value ? outcome.value.consequence : presentMessage(outcome.value.state));
    },
  };
};

const nobody = (task: ActorState, why: string) =>
  fail('CCM_ILLEGAL_MOVE', `A message needs an agent, and the task "${task.view.title}" is ${task.status}: ${why}.`, {
    state: task.status,
    legal: commandsOf(task.legal),
  });
