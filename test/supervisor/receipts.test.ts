/** A message counts as taken when the program's hook says so; until then Enter is pressed again, never blindly. */
import { expect, test } from 'vitest';
import { agentDrivers } from '../../adapters/agents/index.ts';
import { fakeTerminal } from '../../adapters/tmux/fake.ts';
import type { Pane } from '../../machines/effects.ts';
import { ok } from '../../src/errors.ts';
import type { Told } from '../../src/supervisor/deps.ts';
import { holds, receipts } from '../../src/supervisor/listen/receipts.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { profileOf } from './support/world.ts';

const pane: Pane = { generation: 'g', window: '@1', pane: '%1', pid: 1, pidStart: 's' };
const dialog = ' Do you want to proceed?\n ❯ 1. Yes\n   2. No\n\n Esc to cancel';
const box = '─────\n❯ the text that was pasted\n─────\n  ⏸ manual mode on';

const world = (screen: () => string, status: string | (() => string) = 'busy') => {
  const clock = fakeClock();
  const sent: Array<Told & { to: string }> = [];
  const pressed: string[] = [];
  const profile = profileOf({ kind: 'claude', mode: 'interactive', prompt: 'paste' });
  const taken = receipts({
    actors: {
      send: async (to, event) => sent.push({ ...event, to }),
      state: (id) => ({
        id,
        status: typeof status === 'string' ? status : status(),
        ended: false,
        context: { project: 'p', launch: 1, pane, exit: null, profile },
      }),
      list: () => [],
      newId: () => 'new',
    },
    terminal: {
      ...fakeTerminal({ clock }),
      list: async () => ok([{ ...pane, key: 'a:1', session: 's', title: 't', dead: false, exit: null }]),
      capture: async () => ok(screen()),
      keys: async (_pane, keys) => (pressed.push(...keys), ok(undefined)),
    },
    drivers: agentDrivers(),
    clock,
    note: (sentence) => expect.unreachable(sentence),
  });
  const receipt = taken.expect({ agent: 'a', message: 'm', attempt: 1, pane, profile, text: 'the text that was pasted' });
  /** Time passes, and with it what was begun in it. */
  const pass = async (ms: number) => {
    clock.advance(ms);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return { taken, receipt, pressed, sent, pass };
};

test('a swallowed Enter is pressed again until the hook is heard', async () => {
  const { taken, receipt, pressed, sent, pass } = world(() => box);
  receipt.typed();
  await pass(1_900);
  expect(pressed).toEqual([]);
  await pass(200);
  expect(pressed).toEqual(['Enter']);
  taken.prompted('a', 'the text that was pasted');
  await pass(60_000);
  expect({ pressed, sent }).toEqual({ pressed: ['Enter'], sent: [] });
});

test('a hook that is quicker than our hands is not forgotten', async () => {
  const { taken, receipt, pressed, pass } = world(() => box);
  taken.prompted('a', 'the text that was pasted');
  receipt.typed();
  await pass(60_000);
  expect(pressed).toEqual([]);
});

test('after two more Enters it is said to have failed, and is never typed again', async () => {
  const { receipt, pressed, sent, pass } = world(() => box);
  receipt.typed();
  for (let second = 0; second < 20; second += 1) await pass(1_000);
  expect(pressed).toEqual(['Enter', 'Enter']);
  expect(sent).toMatchObject([{ to: 'm', type: 'TYPE_FAILED', attempt: 1, problem: { code: 'CCM_NOT_TAKEN' } }]);
});

test.each([
  ['a dialog that an Enter would answer', dialog, 'busy'],
  ['work', '✽ Thinking…\n❯ \n  esc to interrupt', 'busy'],
  ['a question asked by hook', box, 'needsApproval'],
])('no Enter over %s', async (_, screen, status) => {
  const { receipt, pressed, pass } = world(() => screen, status);
  receipt.typed();
  for (let second = 0; second < 20; second += 1) await pass(1_000);
  expect(pressed).toEqual([]);
});

test.each([
  ['a person was asked', box, 'needsAnswer'],
  ['is on its screen', dialog, 'busy'],
])('a question that %s before it was taken stops its time: answered, it goes in with the next Enter', async (_, shown, asked) => {
  let [screen, status] = [shown, asked];
  const { taken, receipt, pressed, sent, pass } = world(
    () => screen,
    () => status,
  );
  receipt.typed();
  for (let minute = 0; minute < 120; minute += 1) await pass(60_000);
  expect({ pressed, sent }).toEqual({ pressed: [], sent: [] });
  [screen, status] = [box, 'busy'];
  await pass(60_000);
  expect(pressed).toEqual(['Enter']);
  taken.prompted('a', 'the text that was pasted');
  await pass(60_000);
  expect(sent).toEqual([]);
});

test('another prompt is not ours', async () => {
  const { taken, receipt, pressed, pass } = world(() => box);
  receipt.typed();
  taken.prompted('a', 'something a person typed');
  await pass(2_100);
  expect(pressed).toEqual(['Enter']);
});

test.each<[string, string, boolean]>([
  ['<pasted_content id="7">two\n lines</pasted_content>', 'two\nlines', true],
  ['Message:\n/exit', '/exit', true],
  ['two\r\nlines', 'two\nlines', true],
  ['two', 'two lines', false],
])('%j holds %j: %s', (prompt, text, is) => expect(holds(prompt, text)).toBe(is));
