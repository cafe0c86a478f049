/** The agent chart and what the runtime and the interface need to know of it. */
import type { MachineKind, SavedSnapshot, View } from '../kind.ts';
import { conversationRegion } from './conversation.ts';
import { processRegion } from './process.ts';
import { firstContext } from './rules.ts';
import { type AgentContext, context, events, input } from './schema.ts';
import { agentSetup } from './setup.ts';

export const agentMachine = agentSetup.createMachine({
  id: 'agent',
  version: '4',
  type: 'parallel',
  context: ({ input }) => firstContext(input),
  states: { process: processRegion, conversation: conversationRegion },
});

type AgentValue = { process: string | Record<string, string>; conversation: string };

/** One word: the process while there is no conversation, the conversation while there is one. */
export const agentStatus = (value: AgentValue): string => {
  const process = typeof value.process === 'string' ? value.process : (Object.keys(value.process)[0] ?? 'absent');
  if (process !== 'alive') return process;
  return typeof value.process !== 'string' && value.process['alive'] === 'suspended' ? 'suspended' : value.conversation;
};

const attention: Readonly<Record<string, View['attention']>> = {
  needsApproval: 2,
  needsAnswer: 2,
  lost: 1,
  detecting: 1,
  limited: 1,
  interrupted: 1,
};

const view = (saved: SavedSnapshot): View => {
  const { task, project, title } = saved.context as AgentContext;
  const status = agentStatus(saved.value as AgentValue);
  return { status, attention: attention[status] ?? 0, ended: status === 'exited', title, project, parent: task, priority: 0 };
};

export const agentKind: MachineKind = {
  kind: 'agent',
  machine: agentMachine,
  version: 4,
  input,
  events,
  context,
  upcasters: {
    // What version 4 changed is how old evidence of time to come is held to be, not what is kept.
    3: (saved) => saved,
    // What version 3 changed is when a doubt began, not what is kept.
    2: (saved) => saved,
    1: (saved) => ({
      ...saved,
      context: {
        ...saved.context,
        profile: { ...(saved.context['profile'] as object), autoResume: true },
        message: null,
        given: null,
        limits: 0,
      },
    }),
  },
  commands: {
    INTERRUPT: { verb: 'interrupt', label: 'Interrupt' },
    SUSPEND: { verb: 'suspend', label: 'Suspend' },
    CONTINUE: { verb: 'continue', label: 'Continue' },
    RESUME_NOW: { verb: 'resume-now', label: 'Try again now' },
    STOP: { verb: 'stop', label: 'Stop', danger: true },
    KILL: { verb: 'kill', label: 'Kill', danger: true },
  },
  wallDelays: ['limitReset'],
  view,
};
