/** A preview of the chart → one sentence a person can decide on. */
import type { Consequence } from '../api/contract/envelope.ts';
import type { ActorState, Preview } from '../runtime/types.ts';

const inWords: Readonly<Record<string, string>> = {
  'workspace.prepare': 'its worktree is made',
  'workspace.measure': 'its changes are counted',
  'agent.launch': 'its program is started',
  'agent.type': 'the text is typed into its window',
  'agent.interrupt': 'the running turn is interrupted',
  'agent.suspend': 'its program is halted',
  'agent.continue': 'its program goes on',
  'agent.stop': 'its program is asked to end',
  'agent.kill': 'its program and everything it started is killed',
  'agent.probe': 'its window is looked at',
  'agent.close': 'its window is closed',
  'approval.deliver': 'the decision is handed to the agent',
  'link.prove': 'the hub is asked for a proof',
  'link.catchUp': 'the backlog is worked off',
  'link.close': 'the connection is closed',
};

/** Orders from chart to chart tell more than "an event is sent". */
const orders: Readonly<Record<string, string>> = {
  STOP: 'its agent is told to stop',
  KILL: 'its agent is told to end at once',
  SUSPEND: 'its agent is halted',
  CONTINUE: 'its agent goes on',
  TASK_ENDED: 'its agent may be let go',
  DEPENDENCY_ENDED: 'tasks that wait for it are told',
  DECIDED: 'its agent hears the decision',
  DEQUEUE: 'it is taken from the queue of its agent',
};

const effectInWords = ({ type, params }: { type: string; params: unknown }): string | null => {
  if (type !== 'actor.send') return inWords[type] ?? null;
  const sent = (params as { event?: { type?: string } } | null)?.event?.type;
  return sent === undefined ? null : (orders[sent] ?? null);
};

export const consequenceOf = (state: ActorState, command: { label: string; verb: string }, preview: Preview): Consequence => {
  const name = `${state.kind} "${state.view.title}" (${state.short})`;
  const { legal } = preview;
  const parts = [...new Set(preview.effects.map(effectInWords).filter((part) => part !== null))];
  const from = state.status;
  const to = preview.view.status;
  const change = from === to ? `leaves the ${name} ${from}` : `takes the ${name} from ${from} to ${to}`;
  const sentence = legal
    ? `${command.label} ${change}${parts.length > 0 ? `; ${parts.join(', ')}` : ''}.`
    : `${command.label} is not possible while the ${name} is ${from}${state.legal.length > 0 ? `; possible are ${state.legal.map(({ verb }) => verb).join(', ')}` : ''}.`;
  return {
    dryRun: true,
    legal,
    consequence: sentence,
    becomes: legal ? to : from,
    effects: preview.effects.map(({ type }) => type),
    timers: preview.timers.map(({ id, dueIn }) => ({ id, dueIn: Math.round(dueIn) })),
    transitions: [...preview.transitions],
  };
};

/** Where no chart has to be asked. `becomes`: empty where no state changes by it. */
export const told = (legal: boolean, becomes: string, consequence: string): Consequence => ({
  dryRun: true,
  legal,
  consequence,
  becomes,
  effects: [],
  timers: [],
  transitions: [],
});
