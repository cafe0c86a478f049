import { beforeAll, expect, test, vi } from 'vitest';
import { agentKind, agentMachine } from '../../machines/agent/index.ts';
import { type SavedSnapshot } from '../../machines/kind.ts';
import { taskKind, taskMachine } from '../../machines/task/index.ts';
import { agentEvents, agentInputs, agentKey, pane, stamp, taskEvents, taskInputs, taskKey } from '../support/chart-events.ts';
import { allNodes, explore, follow, timersOf } from '../support/explore.ts';

// A whole chart is walked: seconds, on a machine with other work half a minute.
vi.setConfig({ hookTimeout: 180_000 });

/** One snapshot of every configuration the walk meets, with an agent and without. */
const configurations = (machine: typeof taskMachine | typeof agentMachine, options: Omit<Parameters<typeof explore>[1], 'onStep'>) => {
  const met = new Map<string, SavedSnapshot>();
  const meet = (saved: SavedSnapshot) => {
    const key = JSON.stringify([saved.value, saved.context['agent'] !== null]);
    if (!met.has(key)) met.set(key, saved);
  };
  explore(machine, { ...options, onStep: ({ to }) => meet(to) });
  return [...met.values()];
};
let tasks: SavedSnapshot[] = [];
let agents: SavedSnapshot[] = [];
beforeAll(() => {
  tasks = configurations(taskMachine, { inputs: taskInputs(1_000), events: taskEvents, key: taskKey, limit: 1_500 });
  agents = configurations(agentMachine, { inputs: agentInputs(1_000), events: agentEvents, key: agentKey, limit: 600 });
});

test('the walk meets every state that either chart can rest in, so that no test below passes for want of one', () => {
  const neverMet = (machine: typeof taskMachine | typeof agentMachine, met: readonly SavedSnapshot[]) => {
    const entered = new Set(met.flatMap(({ value }) => machine.resolveState({ value } as never)._nodes.map(({ id }) => id)));
    return allNodes(machine)
      .filter(({ id, type }) => type === 'atomic' && !entered.has(id))
      .map(({ id }) => id);
  };
  // These two are left in the step that enters them.
  expect(neverMet(taskMachine, tasks)).toEqual(['task.routing', 'task.concluding']);
  expect(neverMet(agentMachine, agents)).toEqual([]);
});

test('nothing blocks stop: from every state of a task, stop leads to an end although the agent never answers', () => {
  for (const saved of tasks) {
    const end = follow(taskMachine, saved, [
      stamp('STOP', 2_000_000),
      ...timersOf(taskMachine).map((type) => stamp(type, 3_000_000)),
      ...timersOf(taskMachine).map((type) => stamp(type, 4_000_000)),
    ]);
    expect(taskKind.view(end).ended, JSON.stringify(saved.value)).toBe(true);
  }
});

test('every end can be retried', () => {
  for (const saved of tasks) {
    if (!taskKind.view(saved).ended) continue;
    expect(taskKind.view(follow(taskMachine, saved, [stamp('RETRY', 2_000_000)])).ended, JSON.stringify(saved.value)).toBe(false);
  }
});

test('a dead program always reaches an end or a legal retry', () => {
  for (const saved of agents) {
    const launch = saved.context['launch'];
    const died = stamp('PROCESS_EXITED', 2_000_000, { launch, exit: { code: null, signal: 9 }, output: null, detail: '' });
    const status = agentKind.view(follow(agentMachine, saved, [died])).status;
    expect(['exited', 'backoff', 'absent'], `${JSON.stringify(saved.value)} → ${status}`).toContain(status);
  }
});

test('an agent whose kill is never confirmed ends as unknown, not never', () => {
  for (const saved of agents) {
    if (agentKind.view(saved).status === 'absent') continue;
    const timers = timersOf(agentMachine).filter((t) => /stopGrace|killGrace/.test(t));
    const end = follow(agentMachine, saved, [stamp('KILL', 2_000_000), ...timers.map((type) => stamp(type, 3_000_000))]);
    expect(agentKind.view(end).status, JSON.stringify(saved.value)).toBe('exited');
  }
});

test('a report that comes after an unknown exit still decides the task', () => {
  const agent = 'agent-1';
  const lost = follow(taskMachine, taskInputs(1_000)[0] ?? {}, [
    stamp('GRANTED', 1, { agent, message: 'm1', conversation: 'c' }),
    stamp('WORKSPACE_READY', 2, { attempt: 1, workspace: { dir: '/w', worktree: null, branch: null, base: null, notes: [] } }),
    stamp('AGENT_EXITED', 3, { agent, exit: { code: null, signal: null }, output: null, reason: null, lost: true }),
    stamp('WORKSPACE_MEASURED', 4, { attempt: 1, diff: null }),
  ]);
  expect(taskKind.view(lost).status).toBe('interrupted');
  const late = follow(taskMachine, lost, [
    stamp('AGENT_DONE', 5, { agent, summary: 'it was done' }),
    stamp('WORKSPACE_MEASURED', 6, { attempt: 1, diff: null }),
  ]);
  expect(taskKind.view(late).status).toBe('succeeded');
});

test('an unknown exit status is never success', () => {
  for (const saved of tasks) {
    const ended = follow(taskMachine, saved, [
      stamp('AGENT_EXITED', 3, {
        agent: saved.context['agent'],
        exit: { code: null, signal: null },
        output: null,
        reason: null,
        lost: true,
      }),
      stamp('WORKSPACE_MEASURED', 4, { attempt: saved.context['attempt'], diff: null }),
    ]);
    const claimed =
      saved.context['said'] === 'done' || saved.context['verdict'] === 'succeeded' || taskKind.view(saved).status === 'succeeded';
    if (!claimed) expect(taskKind.view(ended).status, JSON.stringify(saved.value)).not.toBe('succeeded');
  }
});

test('the end of an older start changes nothing about the present one', () => {
  for (const saved of agents) {
    const older = stamp('PROCESS_EXITED', 2_000_000, {
      launch: Number(saved.context['launch']) - 1,
      exit: { code: 1, signal: null },
      output: null,
      detail: '',
    });
    expect(follow(agentMachine, saved, [older]).value).toEqual(saved.value);
  }
});

test('a program that died in its turn gets the same message again when it is back, and its task does not wait for ever', () => {
  const effects: string[] = [];
  const note = (type: string, params: unknown) => effects.push(`${type} ${JSON.stringify(params)}`);
  const [, chatty] = agentInputs(1_000);
  const observed = (fact: string, at: number, launch: number) =>
    stamp('OBSERVED', at, { launch, fact, source: 'report', observedAt: at, detail: '' });
  follow(
    agentMachine,
    chatty ?? {},
    [
      stamp('ENQUEUE', 1, { message: 'm1', text: 'do it' }),
      stamp('START', 2),
      stamp('LAUNCHED', 3, { launch: 1, pane }),
      observed('ready', 4, 1),
      observed('busy', 5, 1),
      stamp('PROCESS_EXITED', 6, { launch: 1, exit: { code: null, signal: 9 }, output: null, detail: '' }),
      stamp('xstate.after.backoff.agent.process.backoff', 7),
      stamp('LAUNCHED', 8, { launch: 2, pane }),
      observed('ready', 9, 2),
    ],
    note,
  );
  const told = effects.filter((text) => text.includes('"to":"m1"')).map((text) => /"type":"(\w+)"/.exec(text)?.[1]);
  expect(told).toEqual(['DELIVER', 'TURN_STARTED', 'AGENT_RETURNS', 'DELIVER']);
});

test('a program that dies again and again is started as often as its profile allows, and no more', () => {
  const [, input] = agentInputs(1_000);
  const died = (at: number, launch: number) =>
    stamp('PROCESS_EXITED', at, { launch, exit: { code: null, signal: 9 }, output: null, detail: '' });
  let saved = follow(agentMachine, input ?? {}, [stamp('START', 2)]);
  const { maxRestarts } = saved.context['profile'] as { maxRestarts: number };
  expect(maxRestarts).toBeGreaterThan(0);
  for (let launch = 1; launch <= maxRestarts + 1; launch += 1) {
    saved = follow(agentMachine, saved, [stamp('LAUNCHED', 10 * launch, { launch, pane }), died(10 * launch + 1, launch)]);
    expect(agentKind.view(saved).status).toBe(launch <= maxRestarts ? 'backoff' : 'exited');
    if (launch <= maxRestarts) saved = follow(agentMachine, saved, [stamp('xstate.after.backoff.agent.process.backoff', 10 * launch + 2)]);
  }
});

test('a turn that ends while a message waits is not the end of the task: the message is typed first', () => {
  // The interactive profile.
  const [, input] = agentInputs(1_000);
  const done = (at: number) => stamp('OBSERVED', at, { launch: 1, fact: 'done', source: 'hook', observedAt: at, detail: 'the answer' });
  const told: unknown[] = [];
  const play = (from: object, ...events: ReturnType<typeof stamp>[]) =>
    follow(agentMachine, from, events, (type, params) => {
      if (type === 'actor.send') told.push((params as { event: { type: string } }).event.type);
    });
  const busy = play(
    input ?? {},
    stamp('START', 2_000),
    stamp('LAUNCHED', 3_000, { launch: 1, pane }),
    stamp('OBSERVED', 4_000, { launch: 1, fact: 'busy', source: 'hook', observedAt: 4_000, detail: '' }),
    stamp('ENQUEUE', 5_000, { message: 'm2', text: 'and another thing' }),
  );
  const next = play(busy, done(6_000));
  expect(told).not.toContain('AGENT_DONE');
  expect(told).toContain('DELIVER');
  play(next, done(7_000));
  expect(told).toContain('AGENT_DONE');
});
