/** The interactive demo agent in a real terminal: message, work, interruption, question, end. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Profile } from '../../machines/effects.ts';
import { until } from '../support/until.ts';
import { type World, type WorldOptions, world } from './support/world.ts';

const demo: Partial<Profile> = { kind: 'demo', command: ['demo'], mode: 'interactive', prompt: 'paste' };
const start = async (options: WorldOptions = {}) => {
  const w = await world({ real: true, ...options });
  const { agent } = await w.begin(demo, null);
  await w.fact(agent, 'ready');
  return { w, agent };
};
const type = (w: World, agent: string, text: string) => w.run('agent.type', { ...w.onPane(agent), message: 'm', attempt: 1, text }, 'm');
const screenShows = (w: World, agent: string, text: string) =>
  until(`“${text}” on the screen`, async () => {
    const captured = await w.terminal.capture(w.onPane(agent).pane);
    return captured.ok && captured.value.includes(text) ? captured.value : undefined;
  });

test('two messages are two turns of one conversation, and /exit ends it well', async () => {
  const { w, agent } = await start();
  await type(w, agent, 'first message');
  expect(await w.fact(agent, 'done')).toMatchObject({
    source: 'report',
    detail: 'Wrote demo/roman.mjs with its test: 3 passed, 0 failed.',
  });
  await type(w, agent, 'second message');
  await until('the second turn', () => w.actors.of('OBSERVED').find((event) => String(event['detail']).includes('demo/duration.mjs with')));
  expect((await readFile(join(w.project, 'demo', 'DEMO.md'), 'utf8')).split('\n').length).toBe(3);
  await w.run('agent.stop', w.facts(agent), agent);
  expect(await w.exited(agent)).toMatchObject({ exit: { code: 0, signal: null }, detail: 'the demo agent ended by itself' });
});

test('an interruption ends the turn and not the program', async () => {
  const { w, agent } = await start();
  await type(w, agent, 'please hang');
  await screenShows(w, agent, 'Think about it');
  expect(await w.run('agent.interrupt', w.onPane(agent), agent)).toMatchObject({
    outcomes: [{ event: { type: 'OBSERVED', fact: 'interrupted', source: 'keys' } }],
  });
  await screenShows(w, agent, 'Interrupted. What shall I do instead?');
});

test('a stop in the middle of a turn ends it: /exit is heard there too', async () => {
  const { w, agent } = await start();
  await type(w, agent, 'please hang');
  await screenShows(w, agent, 'Think about it');
  await w.run('agent.stop', w.facts(agent), agent);
  expect(await w.exited(agent)).toMatchObject({ exit: { code: 0, signal: null } });
});

test('a decision nobody waits for is typed into the window of an interactive program', async () => {
  const w = await world({ real: true });
  const { agent } = await w.begin(
    { command: ['sh', '-c', 'printf "Go on? "; read answer; echo "$answer" > answer'], mode: 'interactive', prompt: 'paste' },
    null,
  );
  await screenShows(w, agent, 'Go on?');
  const result = await w.run('approval.deliver', { approval: 'approval-1', agent, decision: 'allow', text: null }, 'approval-1');
  expect(result).toEqual({ outcomes: [{ to: 'approval-1', event: { type: 'DELIVERED' } }] });
  expect(await until('the answer', () => readFile(join(w.project, 'answer'), 'utf8').catch(() => undefined))).toBe('y\n');
});

test('a decision somebody waits for is not typed', async () => {
  const asked: string[] = [];
  const awaited = (approval: string): Promise<boolean> => {
    asked.push(approval);
    return Promise.resolve(true);
  };
  const { w, agent } = await start({ deps: { awaited } });
  expect(
    await w.run('approval.deliver', { approval: 'approval-1', agent, decision: 'answer', text: 'typed by mistake' }, 'approval-1'),
  ).toEqual({
    outcomes: [{ to: 'approval-1', event: { type: 'DELIVERED' } }],
  });
  expect(asked).toEqual(['approval-1']);
  const screen = await w.terminal.capture(w.onPane(agent).pane);
  expect(screen.ok && screen.value.includes('typed by mistake')).toBe(false);
});

test('a decision for a program that has ended is told as not delivered', async () => {
  const w = await world({ real: true });
  const { agent } = await w.begin({ command: ['true'], mode: 'interactive', prompt: 'paste' }, null);
  await w.exited(agent);
  expect(await w.run('approval.deliver', { approval: 'a', agent, decision: 'deny', text: null }, 'a')).toMatchObject({
    outcomes: [{ to: 'a', event: { type: 'DELIVERY_FAILED', problem: { code: 'CCM_PANE_GONE' } } }],
  });
});

test('closing the window of an ended program keeps its screen and removes what it was given', async () => {
  const w = await world({ real: true });
  const { agent } = await w.begin({ command: ['sh', '-c', 'echo kept for later'], prompt: 'argument' }, 'x'.repeat(100_000));
  const closing = w.onPane(agent);
  await w.exited(agent);
  await w.run('agent.close', closing, agent);
  expect(await w.terminal.list()).toMatchObject({ value: [] });
  expect(await w.supervisor.savedScreen({ agent, launch: 1 })).toBe('kept for later\n');
  const gone = (path: string) =>
    readFile(path).then(
      () => false,
      () => true,
    );
  expect(await gone(join(w.home, 'exits', `${agent}-1.json`))).toBe(true);
  expect(await gone(join(w.home, 'launches', `${agent}-1`, 'prompt.txt'))).toBe(true);
  // A repeat after a crash finds nothing to do.
  expect(await w.run('agent.close', closing, agent)).toEqual({ outcomes: [] });
});

test('a probe tells what it finds: a living program, a dead one, none', async () => {
  const w = await world({ real: true });
  const { agent } = await w.begin(
    { command: ['sh', '-c', 'echo > ready; while ! test -e go; do sleep 0.02; done'], mode: 'interactive', prompt: 'paste' },
    null,
  );
  expect(await w.run('agent.probe', w.facts(agent), agent)).toEqual({ outcomes: [] });
  const { pane } = w.onPane(agent);
  // Hung up before it could begin, its end would rightly be unknown.
  await until('the program to start', () => readFile(join(w.project, 'ready')).catch(() => undefined));
  await w.terminal.kill(pane);
  await w.run('agent.probe', w.facts(agent), agent);
  expect(w.actors.sent.map((event) => event.type)).toContain('PROCESS_EXITED');
});
