/** `when_away = "run-here"`: what waited long enough for a machine that is away is done here, once, and nothing else is. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { awayPolicy } from '../../src/daemon/away-policy.ts';
import { fail, ok } from '../../src/errors.ts';
import { fakeClock } from '../support/fake-clock.ts';

type Deps = Parameters<typeof awayPolicy>[0];
type Waiting = { id: string; updatedAt: number; here: boolean };

const house = (waiting: Waiting[], afterMs: number | null) => {
  const clock = fakeClock();
  const began = clock.now();
  const asked: string[] = [];
  const said: string[] = [];
  let answer: () => ReturnType<Deps['tasks']['command']> = async () => ok({} as never);
  const list = () => waiting.map(({ id, updatedAt }) => ({ id, updatedAt: began + updatedAt }) as never);
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (_: unknown, text: string) => said.push(text),
    error: (_: unknown, text: string) => said.push(text),
  };
  const stop = awayPolicy({
    runtime: { list },
    tasks: {
      get: (id) => ok({ hereInstead: waiting.find((one) => one.id === id)?.here ? { name: 'shop' } : null } as never),
      command: (id, verb, _fields, { by }) => {
        asked.push(`${verb} ${id} by ${by}`);
        return answer();
      },
    },
    clock,
    log,
    afterMs: () => afterMs,
  });
  const wait = async (ms: number) => {
    for (let left = ms; left > 0; left -= 15_000) {
      clock.advance(15_000);
      await turn();
    }
  };
  return { asked, said, stop, wait, clock, answers: (next: typeof answer) => void (answer = next) };
};

test('a task is done here when it waited as long as the rule says, and not before', async () => {
  const { asked, wait, stop } = house([{ id: 'old', updatedAt: 0, here: true }], 60_000);
  await wait(45_000);
  expect(asked).toEqual([]);
  await wait(15_000);
  expect(asked).toEqual(['run-here old by policy']);
  stop();
});

test('without the rule, or where it cannot be done here, it goes on waiting', async () => {
  const none = house([{ id: 'old', updatedAt: 0, here: true }], null);
  await none.wait(600_000);
  expect(none.asked).toEqual([]);
  const nowhere = house([{ id: 'old', updatedAt: 0, here: false }], 60_000);
  await nowhere.wait(600_000);
  expect(nowhere.asked).toEqual([]);
  for (const one of [none, nowhere]) one.stop();
});

test('a refusal is written down, an error too, and the next look is made', async () => {
  const { asked, said, wait, answers, stop } = house([{ id: 'old', updatedAt: 0, here: true }], 15_000);
  answers(async () => fail('CCM_ILLEGAL_MOVE', 'No.'));
  await wait(15_000);
  answers(() => Promise.reject(new Error('the disk is full')));
  await wait(15_000);
  answers(async () => ok({} as never));
  await wait(15_000);
  expect(asked).toHaveLength(3);
  expect(said).toMatchObject([expect.stringContaining('could not be done here'), expect.stringContaining('broke off')]);
  stop();
});

test('stopped in the middle of a look, it makes no other', async () => {
  const { asked, wait, stop, clock, answers } = house([{ id: 'old', updatedAt: 0, here: true }], 15_000);
  const gate = Promise.withResolvers<void>();
  answers(() => gate.promise.then(() => ok({} as never)));
  await wait(15_000);
  stop();
  gate.resolve();
  await wait(60_000);
  expect(asked).toHaveLength(1);
  expect(clock.pending()).toBe(0);
});
