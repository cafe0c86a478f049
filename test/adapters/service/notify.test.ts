import { expect, it } from 'vitest';
import { serviceNotifier } from '../../../adapters/service/notify.ts';
import { fakeClock } from '../../support/fake-clock.ts';

const world = (env: Record<string, string>, answer: string | null = null) => {
  const clock = fakeClock();
  const sent: string[][] = [];
  const logged: string[] = [];
  const send = async (words: readonly string[]) => {
    sent.push([...words]);
    return answer;
  };
  const notifier = serviceNotifier({ env, pid: 7, clock, log: (sentence) => void logged.push(sentence), send });
  return { clock, sent, logged, notifier };
};

it('feeds the watchdog at half of its patience, until it is told that we stop', async () => {
  const { clock, sent, notifier } = world({ NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '20000000', WATCHDOG_PID: '7' });
  let agents = 1;
  await notifier.ready(() => `${agents} agents\nrun`);
  agents = 2;
  clock.advance(30_000);
  expect(sent).toEqual([['READY=1', 'STATUS=1 agents run'], ...Array.from({ length: 3 }, () => ['WATCHDOG=1', 'STATUS=2 agents run'])]);
  await notifier.stopping();
  clock.advance(60_000);
  expect(sent.at(-1)?.[0]).toBe('STOPPING=1');
});

it('is silent without a service manager, and leaves a watchdog of another process alone', async () => {
  const alone = world({});
  await alone.notifier.ready(() => 'x');
  expect(alone.sent).toEqual([]);
  const other = world({ NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '20000000', WATCHDOG_PID: '8' });
  await other.notifier.ready(() => 'x');
  other.clock.advance(60_000);
  expect(other.sent).toHaveLength(1);
});

it('says once that nobody heard it', async () => {
  const { clock, logged, notifier } = world({ NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '2000000' }, 'ENOENT');
  await notifier.ready(() => 'x');
  for (let i = 0; i < 5; i += 1) {
    clock.advance(1000);
    await Promise.resolve();
  }
  expect(logged).toHaveLength(1);
});
