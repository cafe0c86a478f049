import { expect, test } from 'vitest';
import { createActor } from 'xstate';
import { agentMachine } from '../../machines/agent/index.ts';
import { durable, type Step } from '../../src/runtime/durable.ts';
import { agentInputs, pane, stamp } from '../support/chart-events.ts';

test('a delay without end is no timer: an agent without a time limit has none', () => {
  const timers = (timeoutMs: number): string[] => {
    const steps: Step[] = [];
    const [input] = agentInputs(1_000);
    if (!input) throw new Error('no input');
    const actor = createActor(
      durable(agentMachine, (step) => void steps.push(step)),
      { input: { ...input, profile: { ...input.profile, timeoutMs } } },
    ).start();
    actor.send(stamp('START', 1));
    actor.send(stamp('LAUNCHED', 2, { launch: 1, pane }));
    return steps.flatMap(({ timers }) => timers.flatMap((change) => ('set' in change ? [change.set.id] : [])));
  };
  expect(timers(0).filter((id) => id.includes('timeLimit'))).toEqual([]);
  expect(timers(60_000).filter((id) => id.includes('timeLimit'))).toHaveLength(1);
});
