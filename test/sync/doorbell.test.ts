/** Who notices that the way to the hub fell silent: the bell, or until it has joined, whoever asks. */
import { expect, test } from 'vitest';
import type { Ringing } from '../../src/ports/hub.ts';
import { doorbell } from '../../src/sync/doorbell.ts';
import { fakeClock } from '../support/fake-clock.ts';

const setUp = (read = 0) => {
  const clock = fakeClock();
  const lines: Ringing[] = [];
  const heard: string[] = [];
  const bell = doorbell(clock, {
    ring: () => heard.push('ring'),
    hasRead: ({ head, epoch }) => epoch === 'e' && head <= read,
    joined: () => heard.push('joined'),
    lost: (evidence) => heard.push(evidence),
  });
  const hub = {
    listen: (line: Ringing) => {
      lines.push(line);
      return () => heard.push('closed');
    },
  };
  return { clock, bell, hub, heard, line: () => lines.at(-1), lines };
};

test('a way that is back has to be asked until the bell has joined, and not for ever where it never does', () => {
  const { clock, bell, hub, line } = setUp();
  bell.listen(hub);
  expect(bell.mustAsk(), 'nothing was away').toBe(false);
  bell.wayIsBack();
  expect(bell.mustAsk()).toBe(true);
  line()?.joined();
  expect([bell.mustAsk(), bell.healthy()]).toEqual([false, true]);
  line()?.lost('silent');
  expect([bell.mustAsk(), bell.healthy()]).toEqual([true, false]);
  clock.advance(60_001);
  expect(bell.mustAsk()).toBe(false);
});

test('there is one line per hub; closed, the next one is new', () => {
  const { bell, hub, heard, lines, line } = setUp();
  bell.listen(hub);
  bell.listen(hub);
  line()?.ring();
  expect([lines.length, heard]).toEqual([1, ['ring']]);
  bell.close();
  expect(bell.healthy()).toBe(false);
  bell.listen(hub);
  expect([lines.length, heard]).toEqual([2, ['ring', 'closed']]);
});

test('nobody comes for what was read already; what was not, is asked for once more at the end of a round', () => {
  const { bell, hub, heard, line } = setUp(7);
  bell.listen(hub);
  line()?.ring({ head: 7, epoch: 'e' });
  expect([heard, bell.unread()], 'our own').toEqual([[], false]);
  for (const news of [{ head: 8, epoch: 'e' }, { head: 3, epoch: 'another' }, undefined]) {
    line()?.ring(news);
    expect([heard.splice(0), bell.unread(), bell.unread()]).toEqual([['ring'], true, false]);
  }
});
