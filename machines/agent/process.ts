/** Is the program alive? Facts of the kernel and of the terminal server, never a guess from the screen. */

import { launchParams } from './rules.ts';
import type { AgentContext } from './schema.ts';
import { agentSetup, tellTask } from './setup.ts';

type Args = { context: AgentContext };
const onPane = (type: 'agent.interrupt' | 'agent.suspend' | 'agent.continue') =>
  agentSetup.enqueueActions(({ context, enqueue }) => {
    if (context.pane) enqueue({ type, params: { agent: context.id, pane: context.pane, profile: context.profile } });
  });
const ending = ({ context }: Args) => ({ agent: context.id, launch: context.launch, pane: context.pane, profile: context.profile });
const stop = { type: 'agent.stop', params: ending } as const;
const kill = { type: 'agent.kill', params: ending } as const;
const probe = { type: 'agent.probe', params: ending } as const;
const closeWindow = agentSetup.enqueueActions(({ context, enqueue }) => {
  if (context.pane) enqueue({ type: 'agent.close', params: { agent: context.id, pane: context.pane } });
});
const sayGone = (detail: string) =>
  agentSetup.raise(({ context, event }) => ({
    type: 'PROCESS_GONE',
    id: `${event.id}/gone`,
    at: event.at,
    launch: context.launch,
    detail,
  }));

const exited = { guard: 'thisLaunch', target: 'exited', actions: 'keepExit' } as const;
const endings = {
  PROCESS_EXITED: [{ guard: 'startsAgain', target: 'backoff', actions: 'keepExit' }, exited],
  PROCESS_GONE: { guard: 'thisLaunch', target: 'lost', actions: 'keepExit' },
} as const;
const orders = {
  STOP: { target: 'stopping', actions: 'endByPerson' },
  KILL: { target: '#agent.process.stopping.killing', actions: 'endByForce' },
} as const;

export const processRegion = agentSetup.createStateConfig({
  initial: 'absent',
  states: {
    absent: { on: { START: 'launching', STOP: 'exited', KILL: 'exited' } },
    launching: {
      entry: ['beginLaunch', { type: 'agent.launch', params: ({ context }: Args) => launchParams(context) }],
      on: {
        ...endings,
        ...orders,
        LAUNCHED: { guard: 'thisLaunch', target: 'alive', actions: 'keepPane' },
        LAUNCH_FAILED: [{ guard: 'startsAgain', target: 'backoff', actions: 'keepExit' }, exited],
        EFFECT_FAILED: { guard: 'launchTrouble', target: 'exited', actions: ['keepExit', 'hangUp'] },
        // Half a launch in a terminal server that is gone: nobody can tell whether it began.
        EFFECT_UNSURE: { guard: 'launchTrouble', target: 'lost', actions: 'keepExit' },
      },
      after: { launchTimeout: { actions: [kill, sayGone('the program could not be started in a minute')] } },
    },
    alive: {
      initial: 'running',
      on: {
        ...endings,
        ...orders,
        LET_GO: { target: 'stopping', actions: 'endByIdleness' },
      },
      after: { timeLimit: { guard: 'timeLimited', target: 'stopping', actions: 'endByTimeLimit' } },
      states: {
        running: {
          on: {
            INTERRUPT: { actions: onPane('agent.interrupt') },
            SUSPEND: { actions: onPane('agent.suspend') },
            SUSPENDED: { guard: 'thisLaunch', target: 'suspended' },
          },
        },
        suspended: { on: { CONTINUE: { actions: onPane('agent.continue') }, CONTINUED: { guard: 'thisLaunch', target: 'running' } } },
      },
    },
    stopping: {
      initial: 'asking',
      on: {
        PROCESS_EXITED: exited,
        PROCESS_GONE: exited,
        // It started although it shall end: now there is a window to close.
        LAUNCHED: { guard: 'thisLaunch', target: '.killing', actions: 'keepPane', reenter: true },
        LAUNCH_FAILED: exited,
      },
      states: {
        asking: { entry: stop, on: { KILL: { target: 'killing', actions: 'endByForce' } }, after: { stopGrace: 'killing' } },
        killing: { entry: kill, after: { killGrace: { actions: sayGone('its end could not be confirmed') } } },
      },
    },
    backoff: {
      entry: ['countRestart', 'requeueCurrent'],
      after: { backoff: 'launching' },
      on: { STOP: { target: 'exited', actions: 'endByPerson' }, KILL: { target: 'exited', actions: 'endByForce' }, START: 'launching' },
    },
    lost: {
      entry: ['requeueCurrent', probe],
      on: {
        ...orders,
        LAUNCHED: { guard: 'thisLaunch', target: 'alive', actions: 'keepPane' },
        PROCESS_EXITED: endings.PROCESS_EXITED,
        START: 'launching',
      },
      after: { lostTimeout: [{ guard: 'mayStartAgain', target: 'backoff' }, { target: 'exited' }] },
    },
    exited: {
      tags: 'ended',
      entry: [
        'keepExit',
        tellTask((context) => ({
          type: 'AGENT_EXITED',
          exit: context.exit ?? { code: null, signal: null },
          output: context.output,
          reason: context.problem?.detail ?? (context.ending === 'none' ? null : `ended by ${context.ending}`),
          lost: context.exit?.code == null && context.exit?.signal == null && context.ending === 'none',
        })),
        'dropQueue',
      ],
      on: { START: 'launching' },
      // The dead window stays for a while, for the person who looks at it.
      after: { closeDelay: { actions: closeWindow } },
    },
  },
});
