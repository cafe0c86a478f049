/** What the world answers to effects when nothing goes wrong: worktrees appear, programs start, and nobody says a word unless the test does. */
import type { HandlerResult } from '../../machines/effects.ts';
import type { ApiHouse } from './api-house.ts';
import type { Call } from './house.ts';

let panes = 0;

export const playedWorld = (call: Call): HandlerResult => {
  const { params } = call;
  const tell = (type: string, fields: Record<string, unknown>) => ({ outcomes: [{ event: { type, ...fields } }] });
  switch (call.name) {
    case 'workspace.prepare': {
      const dir = `/work-of-mine/worktrees/${String(params['task'])}-${String(params['attempt'])}`;
      const workspace = { dir, worktree: dir, branch: 'ccm-x/y', base: 'a'.repeat(40), notes: ['2 uncommitted files stay behind.'] };
      return tell('WORKSPACE_READY', { attempt: params['attempt'], workspace });
    }
    case 'workspace.measure':
      return tell('WORKSPACE_MEASURED', { attempt: params['attempt'], diff: { files: 1, insertions: 2, deletions: 0 } });
    case 'agent.launch':
      panes += 1;
      return tell('LAUNCHED', {
        launch: params['launch'],
        pane: { generation: '1:1', window: `@${panes}`, pane: `%${panes}`, pid: 100 + panes, pidStart: '1' },
      });
    case 'agent.type':
      return { outcomes: [{ to: String(params['message']), event: { type: 'SUBMITTED', attempt: params['attempt'] } }] };
    case 'agent.kill':
    case 'agent.stop':
      return tell('PROCESS_EXITED', { launch: params['launch'], exit: { code: null, signal: 15 }, output: null, detail: 'ended' });
    case 'approval.deliver':
      return tell('DELIVERED', {});
    default:
      return { outcomes: [] };
  }
};

/** Lets a queued task begin, as admission would, and waits until nothing moves any more. Returns its agent. */
export const begin = async ({ runtime }: Pick<ApiHouse, 'runtime'>, task: string): Promise<string> => {
  const agent = runtime.newId();
  await runtime.send(task, { type: 'GRANTED', agent, message: runtime.newId(), conversation: runtime.newId() });
  await runtime.idle();
  return agent;
};

/** The agent shows a sign of life or says something of itself. */
export const observe = async (
  { runtime, clock }: Pick<ApiHouse, 'runtime' | 'clock'>,
  agent: string,
  fact: string,
  detail = '',
  source = 'report',
): Promise<void> => {
  // Evidence has an order: nothing is seen twice in one millisecond.
  clock.advance(10);
  await runtime.send(agent, { type: 'OBSERVED', launch: null, fact, source, observedAt: clock.now(), detail });
  await runtime.idle();
};
