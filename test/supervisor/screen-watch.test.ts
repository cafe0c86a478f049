/** Law 4: what a screen says becomes evidence of source `pane`; silence is worth least; and agents nobody waits for cost nothing. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { agentDrivers } from '../../adapters/agents/index.ts';
import type { Profile } from '../../machines/effects.ts';
import { screenWatch } from '../../src/supervisor/observe/screen-watch.ts';
import { charts } from './support/charts.ts';
import { profileOf } from './support/world.ts';

const pane = { generation: '1:1', window: '@1', pane: '%1', pid: 1, pidStart: '1' };
const patterns = { ready: '^> $', busy: 'thinking', ask: '\\(y/n\\)' };

/** A watched agent on a screen and a clock that the test owns. */
const setUp = async (changes: Partial<Profile> = {}) => {
  const actors = charts();
  const profile = profileOf({ mode: 'interactive', prompt: 'paste', ...changes });
  const agent = actors.agent(profile, { dir: '/', worktree: null, branch: null, base: null, notes: [] }, null);
  await actors.send(agent, { type: 'LAUNCHED', id: 'launched', at: 0, by: 'test', launch: 1, pane });
  let now = 0;
  let due: Array<{ at: number; call: () => void }> = [];
  const screen = { text: '', captures: 0, pressed: [] as string[], closed: 0, takesMs: 0, ending: false };
  const deps = {
    actors,
    drivers: agentDrivers(),
    clock: {
      now: () => now,
      awake: () => now,
      after: (ms: number, call: () => void) => {
        const one = { at: now + ms, call };
        due.push(one);
        return () => void (due = due.filter((other) => other !== one));
      },
    },
    terminal: {
      capture: () => {
        screen.captures += 1;
        now += screen.takesMs;
        return Promise.resolve({ ok: true as const, value: screen.text });
      },
      keys: (_: unknown, keys: readonly string[]) => {
        screen.pressed.push(...keys);
        return Promise.resolve({ ok: true as const, value: undefined });
      },
    },
    ownConfig: () => false,
    note: (sentence: string) => expect.unreachable(sentence),
  };
  const watch = screenWatch(deps, {
    dialogClosed: () => {
      screen.closed += 1;
      return Promise.resolve();
    },
    isEnding: () => screen.ending,
  });
  watch.watch(agent);
  /** Lets time pass, a second at a time, with everything that is due in it. */
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      now += 1_000;
      for (const one of due.filter(({ at }) => at <= now)) {
        due = due.filter((other) => other !== one);
        one.call();
      }
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    }
  };
  const status = () => actors.state(agent)?.status;
  return { actors, agent, watch, screen, pass, status, waiting: () => due.length };
};

test('law 4: ready, busy and ready again are read from the screen, each told once', async () => {
  const w = await setUp(patterns);
  w.screen.text = 'welcome\n> ';
  await w.pass(2);
  expect(w.status()).toBe('ready');
  await w.pass(60);
  expect(w.actors.of('OBSERVED')).toMatchObject([{ fact: 'ready', source: 'pane', launch: 1, detail: 'the ready pattern matched “>”' }]);
});

test('an agent that is ready and silent is not looked at', async () => {
  const w = await setUp(patterns);
  w.screen.text = '> ';
  await w.pass(4);
  const { captures } = w.screen;
  await w.pass(600);
  expect(w.screen.captures).toBe(captures);
  expect(w.waiting(), 'no timer runs for it either').toBe(0);
  // Typed into, it is expected to do something.
  await w.actors.send(w.agent, {
    type: 'OBSERVED',
    id: 'b',
    at: 605_000,
    by: 'test',
    launch: 1,
    fact: 'busy',
    source: 'keys',
    observedAt: 605_000,
    detail: '',
  });
  w.watch.watch(w.agent);
  await w.pass(4);
  expect(w.screen.captures).toBeGreaterThan(captures);
});

test('a changed title makes it look, once for many changes', async () => {
  const w = await setUp(patterns);
  w.screen.text = '> ';
  await w.pass(4);
  const { captures } = w.screen;
  w.screen.text = 'thinking';
  for (const title of ['a', 'b', 'c']) w.watch.titleChanged(w.agent, title);
  await w.pass(1);
  expect(w.screen.captures).toBe(captures + 1);
  expect(w.status()).toBe('busy');
});

test('the program’s own word is not overruled by a screen that lags; a lasting contradiction is doubt, not an end', async () => {
  const w = await setUp(patterns);
  await w.actors.send(w.agent, {
    type: 'OBSERVED',
    id: 'r',
    at: 500,
    by: 'agent',
    launch: 1,
    fact: 'busy',
    source: 'report',
    observedAt: 500,
    detail: '',
  });
  w.screen.text = '> ';
  await w.pass(2);
  expect(w.status()).toBe('busy');
  await w.pass(6);
  expect(w.status()).toBe('detecting');
});

test('a question on the screen becomes one in the inbox, and is withdrawn when it was answered in the window', async () => {
  const w = await setUp(patterns);
  w.screen.text = 'working\nDelete everything? (y/n)';
  await w.pass(10);
  expect(w.actors.of('ASKED')).toMatchObject([{ kind: 'question', source: 'pane', text: 'working\nDelete everything? (y/n)' }]);
  expect(w.status()).toBe('needsAnswer');
  w.screen.text = 'thinking';
  await w.pass(10);
  expect(w.actors.of('WITHDRAW').map((event) => event.to)).toEqual([w.actors.of('ASKED')[0]?.['approval']]);
});

test('without patterns, a screen that stands still means ready; one that moves does not', async () => {
  const w = await setUp();
  for (let second = 0; second < 20; second += 1) {
    w.screen.text = `starting ${second}`;
    await w.pass(1);
  }
  expect(w.status()).toBe('booting');
  await w.pass(6);
  expect(w.status()).toBe('ready');
  expect(w.actors.of('OBSERVED')).toMatchObject([{ fact: 'ready', source: 'silence' }]);
});

test('with patterns, silence says nothing', async () => {
  const w = await setUp(patterns);
  w.screen.text = 'compiling for a long time';
  await w.pass(300);
  expect(w.actors.of('OBSERVED')).toEqual([]);
});

test('a program that ends by itself is not watched', async () => {
  const w = await setUp({ mode: 'oneshot' });
  await w.pass(60);
  expect(w.screen.captures).toBe(0);
  expect(w.waiting()).toBe(0);
});

test('what is forgotten leaves no timer behind', async () => {
  const w = await setUp(patterns);
  w.watch.titleChanged(w.agent, 'x');
  w.watch.forget(w.agent);
  await w.pass(3);
  expect(w.waiting()).toBe(0);
});

const claudeScreen = (name: string) => readFileSync(new URL(`../fixtures/screens/claude/${name}/screen.txt`, import.meta.url), 'utf8');
const geminiScreen = (name: string) => readFileSync(new URL(`../fixtures/screens/gemini/${name}/screen.txt`, import.meta.url), 'utf8');
const codexScreen = (name: string): string =>
  readFileSync(new URL(`../fixtures/screens/codex/${name}/screen.txt`, import.meta.url), 'utf8').trimEnd();

test('a question before the beginning whose answer is settled is answered, and nobody is asked', async () => {
  const w = await setUp({ kind: 'codex' });
  w.screen.text = codexScreen('folder-access');
  await w.pass(2);
  expect(w.screen.pressed).toEqual(['Enter']);
  w.screen.text = codexScreen('idle');
  await w.pass(1);
  expect(w.status()).toBe('ready');
  await w.pass(30);
  expect(w.screen.pressed).toEqual(['Enter']);
  expect(w.actors.of('ASKED')).toEqual([]);
});

test('a dialog that was seen and is seen no more was decided; one that is not drawn yet was not', async () => {
  const w = await setUp({ kind: 'codex' });
  w.screen.text = codexScreen('idle');
  await w.pass(2);
  const look = async (name: string): Promise<number> => {
    w.screen.text = codexScreen(name);
    w.watch.titleChanged(w.agent, 'changed');
    await w.pass(1);
    return w.screen.closed;
  };
  expect(await look('working-tool')).toBe(0);
  expect(await look('permission-command')).toBe(0);
  expect(await look('working-tool')).toBe(1);
  expect(await look('working-words')).toBe(1);
});

test('a dialog that was decided and is still drawn is no second question; one that no hook told of becomes one', async () => {
  const w = await setUp({ kind: 'claude' });
  w.screen.text = claudeScreen('ready');
  await w.pass(2);
  const about = {
    by: 'hook',
    source: 'hook',
    text: 'touch b.txt',
    tool: 'Bash',
    kind: 'approval',
    choices: [],
    expiresAt: null,
  };
  await w.actors.send(w.agent, { ...about, type: 'ASKED', id: 'asked', at: 2_000, observedAt: 2_000, approval: 'first' });
  w.screen.text = claudeScreen('approval-bash');
  w.watch.watch(w.agent);
  await w.pass(3);
  await w.actors.send(w.agent, { type: 'DECIDED', id: 'decided', at: 5_000, by: 'first', approval: 'first', decision: 'allow' });
  expect(w.status()).toBe('busy');
  // A busy machine: the program takes its time to go on, and its title changes meanwhile.
  for (let second = 0; second < 6; second += 1) {
    w.watch.titleChanged(w.agent, `${second}`);
    await w.pass(1);
  }
  expect(w.actors.of('ASKED')).toHaveLength(1);
  w.screen.text = claudeScreen('busy');
  await w.pass(10);
  // The next one's hook is lost.
  w.screen.text = claudeScreen('approval-bash');
  await w.pass(8);
  expect(w.actors.of('ASKED').map(({ by }) => by)).toEqual(['hook', 'screen']);
});

test('law 4: it is never said to ask for longer than its screen does, and what its screen asks somebody is asked', async () => {
  const w = await setUp({ kind: 'gemini' });
  w.screen.text = geminiScreen('ready');
  await w.pass(2);
  await w.actors.send(w.agent, { type: 'ENQUEUE', id: 'm', at: 2_000, by: 'test', message: 'm', text: 'hello' });
  w.screen.text = geminiScreen('new-agents');
  w.watch.watch(w.agent);
  await w.pass(12);
  const answered = async (nth: number, at: number) => {
    const asked = w.actors.of('ASKED')[nth];
    expect(asked).toMatchObject({ by: 'screen', text: expect.stringMatching(/^New Agents Discovered\nThe following.*\n- helper: /u) });
    await w.actors.send(w.agent, {
      type: 'DECIDED',
      id: `d${nth}`,
      at,
      by: 'x',
      approval: asked?.['approval'],
      decision: 'answer',
    });
  };
  const nobodyIsAsked = async (id: string, at: number) => {
    await w.actors.send(w.agent, {
      type: 'OBSERVED',
      id,
      at,
      by: 'test',
      launch: 1,
      fact: 'asking',
      source: 'hook',
      observedAt: at,
      detail: '',
    });
    expect(w.status()).toBe('needsAnswer');
  };
  await answered(0, 14_000);
  await nobodyIsAsked('first', 14_000);
  await w.pass(12);
  await answered(1, 26_000);
  await nobodyIsAsked('second', 26_000);
  w.screen.text = geminiScreen('unsent');
  await w.pass(12);
  expect(w.actors.of('OBSERVED').at(-1)).toMatchObject({ by: 'screen', fact: 'interrupted' });
  expect(w.status()).not.toBe('needsAnswer');
});

test('an idle screen waits for the hook of the end: longer on a machine that is slow itself, and while the end is about to be believed', async () => {
  const idleAfter = async (seconds: number, takesMs: number, ending = false) => {
    const w = await setUp({ kind: 'claude' });
    w.screen.takesMs = takesMs;
    w.screen.text = claudeScreen('busy');
    const working = { fact: 'busy', source: 'hook', observedAt: 0, detail: '', launch: 1 };
    await w.actors.send(w.agent, { ...working, type: 'OBSERVED', id: 'working', at: 0, by: 'hook' });
    w.watch.watch(w.agent);
    await w.pass(10);
    w.screen.text = claudeScreen('ready');
    w.screen.ending = ending;
    await w.pass(seconds);
    return w.status();
  };
  expect(await idleAfter(3, 0)).toBe('busy');
  expect(await idleAfter(8, 0)).toBe('detecting');
  expect(await idleAfter(8, 0, true)).toBe('busy');
  expect(await idleAfter(8, 500)).toBe('busy');
  expect(await idleAfter(14, 500)).toBe('detecting');
});
