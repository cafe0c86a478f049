/** A key is pressed into the dialog that is meant and into no other, also when it changes between the look and the key. Screens are the real ones. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { truthHouse } from '../support/truth-house.ts';

const fixture = (path: string): string => readFileSync(new URL(`../fixtures/${path}`, import.meta.url), 'utf8');
const hook = (path: string) => z.record(z.string(), z.unknown()).parse(JSON.parse(fixture(`hooks/${path}.json`)));

/** An agent that asks about `touch b.txt`, with nobody who waits at its hook: the decision must be typed. */
const asking = async (kind: 'claude' | 'gemini') => {
  const house = await truthHouse({ kind });
  const { terminal } = house;
  const show = (name: string): void => {
    terminal.screen = fixture(`screens/${kind}/${name}/screen.txt`);
  };
  show('ready');
  await house.begin();
  await house.hook(kind, hook(`${kind}/session-start`));
  for (let tries = 0; tries < 40 && !terminal.typed.includes('Enter'); tries += 1) await house.pass(500);
  show('busy');
  const at = { timestamp: new Date(house.clock.now()).toISOString() };
  if (kind === 'gemini') {
    await house.hook(kind, { ...hook('gemini/before-agent'), ...at, prompt: 'do what is to be done' });
    await house.hook(kind, { ...hook('gemini/before-tool-shell'), ...at });
    await house.hook(kind, { ...hook('gemini/notification-exec'), ...at });
  } else {
    await house.hook(kind, { ...hook('claude/user-prompt-submit'), prompt: 'do what is to be done' });
    await house.hook(kind, {
      ...hook('claude/permission-request-bash'),
      tool_input: { command: 'touch b.txt', description: 'stub command' },
    });
    // Its hook hung up with the daemon that held it.
    await house.down();
    await house.up();
  }
  show('approval-bash');
  await house.pass(100);
  const [question] = house.now().runtime.list({ kind: 'approval', ended: false });
  if (!question) throw new Error(`nothing was asked: ${JSON.stringify(house.notes)}`);
  const before = terminal.typed.length;
  const seen = { looks: 0 };
  const capture = terminal.capture.bind(terminal);
  terminal.capture = (...args) => {
    seen.looks += 1;
    return capture(...args);
  };
  return {
    house,
    show,
    /** Decided, and its dialog was seen: the key goes a moment later. */
    decide: async (type: 'ALLOW' | 'DENY'): Promise<void> => {
      await house.now().runtime.command(question.id, { type, by: 'cli' });
      for (let tries = 0; tries < 100 && seen.looks === 0; tries += 1) await house.pass(10);
    },
    keys: () => terminal.typed.slice(before),
    delivery: () => {
      const context = house.now().runtime.state(question.id)?.context;
      return { delivered: context?.['delivered'], reason: context?.['reason'] };
    },
  };
};

test.each([
  ['claude', 'ALLOW', '1'],
  ['claude', 'DENY', 'Escape'],
  ['gemini', 'ALLOW', 'Enter'],
  ['gemini', 'DENY', 'Escape'],
] as const)('%s: %s is pressed into its own dialog', async (kind, decision, key) => {
  const s = await asking(kind);
  await s.decide(decision);
  await s.house.pass(300);
  expect(s.keys(), 'it waits until the dialog listens').toEqual([]);
  await s.house.pass(400);
  s.show('busy');
  await s.house.pass(3_000);
  expect(s.keys()).toEqual([key]);
  expect(s.delivery()).toEqual({ delivered: true, reason: null });
  await s.house.end();
});

test.each([
  ['claude', 'ALLOW', 'approval-write'],
  ['claude', 'DENY', 'approval-write'],
  ['claude', 'ALLOW', 'ready'],
  ['gemini', 'ALLOW', 'approval-write'],
  ['gemini', 'DENY', 'approval-write'],
  ['gemini', 'ALLOW', 'ready'],
] as const)('%s: a person was quicker than %s, and “%s” stands there when the key would go: none does', async (kind, decision, next) => {
  const s = await asking(kind);
  await s.decide(decision);
  await s.house.pass(300);
  expect(s.keys(), 'it waits until the dialog listens').toEqual([]);
  s.show(next);
  await s.house.pass(10_000);
  expect(s.keys()).toEqual([]);
  await s.house.end();
});

test.each(['claude', 'gemini'] as const)('%s: only the dialog of another call is there: no key, and it is said', async (kind) => {
  const s = await asking(kind);
  s.show('approval-write');
  await s.decide('ALLOW');
  await s.house.pass(25_000);
  expect(s.keys()).toEqual([]);
  expect(s.delivery()).toMatchObject({ delivered: false, reason: expect.stringMatching(/question is not on its screen/u) });
  await s.house.end();
});
