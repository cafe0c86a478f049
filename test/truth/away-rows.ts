/** What is concluded after an absence from windows that are not there: too short a moment to be played. */
import assert from 'node:assert/strict';
import { fakeTerminal } from '../../adapters/tmux/fake.ts';
import { ok } from '../../src/errors.ts';
import { reconciler } from '../../src/supervisor/observe/reconcile.ts';
import { places } from '../../src/supervisor/places.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { taskProfile } from '../support/truth-house.ts';
import type { Row } from './chart-rows.ts';

const window = { generation: 'g', window: '@1', pane: '%1', pid: 1, pidStart: '1' };

/** Agents that count as gone, when the terminal has no window at all. */
const gone = async (pane: typeof window | null): Promise<string[]> => {
  const clock = fakeClock();
  const agent = { id: 'a', status: 'launching', ended: false };
  const context = { project: 'p', launch: 1, pane, exit: null, profile: taskProfile({}) };
  const lost: string[] = [];
  const deps = {
    actors: {
      send: async () => undefined,
      newId: () => 'an id',
      state: () => ({ ...agent, context }),
      list: () => [{ ...agent, context }],
    },
    clock,
    terminal: { ...fakeTerminal({ clock }), list: async () => ok([]) },
    note: () => undefined,
  };
  const compare = reconciler(deps, places('/nowhere'), {
    spool: { empty: async () => ({ taken: 0, left: 0 }) },
    ends: { exited: async () => undefined, gone: async (of) => void lost.push(of.agent) },
    adopt: () => undefined,
    catchUp: async () => undefined,
  });
  await compare();
  return lost;
};

export const awayRows: readonly Row[] = [
  { name: 'a window that is gone after an absence is noticed', judge: async () => assert.deepEqual(await gone(window), ['a']) },
  { name: 'a start that is still due after an absence is not gone', judge: async () => assert.deepEqual(await gone(null), []) },
];
