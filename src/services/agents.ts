/** Agents: listed, shown, commanded; their windows' text. */
import type { AgentContext } from '../../machines/agent/schema.ts';
import type { Agent } from '../api/contract/agent.ts';
import type { Consequence } from '../api/contract/envelope.ts';
import type { TaskLog } from '../api/contract/task.ts';
import { ok, type Result } from '../errors.ts';
import type { ActorState } from '../runtime/types.ts';
import type { Caller } from './caller.ts';
import type { ServiceDeps } from './deps.ts';
import type { Fields, Orders } from './orders.ts';
import { limitOf, presentAgent } from './present-agent.ts';
import type { Resolver } from './resolve.ts';
import type { SinceBook } from './since.ts';
import type { UsageService } from './usage.ts';

export type AgentService = {
  /** Newest first; ended ones only with `all`. */
  /** The newest `limit` of `total`. */
  list(query: { all: boolean; task?: string | undefined; limit: number }): Result<{ agents: Agent[]; total: number }>;
  get(text: string): Result<Agent>;
  command(text: string, verb: string, fields: Fields, caller: Caller, dry: boolean): Promise<Result<Agent | Consequence>>;
  /** Screen and `lines` of history; what was saved of it when the window is gone. */
  log(state: ActorState, lines: number): Promise<Result<TaskLog>>;
};

type Deps = Pick<ServiceDeps, 'runtime' | 'store' | 'terminal' | 'clock' | 'savedScreen'> & {
  orders: Orders;
  resolve: Resolver;
  since: SinceBook;
  usage: Pick<UsageService, 'of'>;
};

export const agentService = ({ runtime, store, terminal, clock, savedScreen, orders, resolve, since, usage }: Deps): AgentService => {
  const present = (state: ActorState): Agent => {
    const { task } = state.context as AgentContext;
    const taskTitle = runtime.state(task)?.view.title ?? state.view.title;
    return presentAgent(state, {
      terminal,
      since,
      now: clock.now(),
      taskTitle,
      usage: usage.of({ agent: state.id }),
      limit: limitOf(state, runtime.timers(state.id)),
    });
  };
  const saved = async (state: ActorState): Promise<TaskLog> => {
    const context = state.context as AgentContext;
    return { text: (await savedScreen?.(state.id)) ?? context.output ?? '', live: false };
  };
  return {
    list: ({ all, task, limit }) => {
      const parent = task === undefined ? null : resolve.task(task);
      if (parent && !parent.ok) return parent;
      const query = { kind: 'agent', ...(all ? {} : { ended: false }), ...(parent ? { parent: parent.value.id } : {}) };
      const agents = runtime.list({ ...query, limit }).flatMap(({ id }) => {
        const state = runtime.state(id);
        return state ? [present(state)] : [];
      });
      return ok({ agents, total: store.views.count(query) });
    },
    get: (text) => {
      const found = resolve.agent(text);
      return found.ok ? ok(present(found.value)) : found;
    },
    command: async (text, verb, fields, caller, dry) => {
      const found = resolve.agent(text);
      if (!found.ok) return found;
      const outcome = await orders.give(found.value, verb, fields, caller, dry);
      if (!outcome.ok) return outcome;
      return ok('consequence' in outcome.value ? outcome.value.consequence : present(outcome.value.state));
    },
    log: async (state, lines) => {
      const { pane } = state.context as AgentContext;
      if (pane?.generation !== undefined && pane.generation === terminal.generation()) {
        const screen = await terminal.capture(pane, { history: lines });
        if (screen.ok) return ok({ text: lastLines(screen.value, lines), live: true });
        if (screen.problem.code !== 'CCM_PANE_GONE') return screen;
      }
      const kept = await saved(state);
      return ok({ ...kept, text: lastLines(kept.text, lines) });
    },
  };
};

const lastLines = (text: string, lines: number): string => text.split('\n').slice(-lines).join('\n');
