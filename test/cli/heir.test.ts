/** The daemon to be waits for its turn, and never longer than can be said in a sentence. */
import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { inheritance } from '../../src/cli/heir.ts';

const channel = () => {
  const said: unknown[] = [];
  const events = new EventEmitter();
  const connected = { now: true };
  return {
    said,
    events,
    connected,
    side: Object.assign(events, {
      ppid: 4711,
      send: (word: unknown) => said.push(word) > 0,
      disconnect: () => void (connected.now = false),
      get connected() {
        return connected.now;
      },
    }),
  };
};

it.each(['message', 'disconnect'])('it says that it is loaded, and goes on at the %s of the one before', async (event) => {
  const { side, said, events } = channel();
  const env: Record<string, string | undefined> = { CCM_DOORS: '2' };
  const inherited = inheritance(env, side);
  expect([inherited?.sockets, env]).toEqual([[4, 5], {}]);
  expect(said).toEqual([]);
  const turn = inherited?.turn();
  expect(said).toEqual(['loaded']);
  events.emit(event, 'free');
  await turn;
  expect(events.listenerCount('message')).toBe(0);
});

it('one that does not let go is named, with what to do; nothing is taken by force', async () => {
  const { side, connected } = channel();
  const inherited = inheritance({ CCM_DOORS: '1' }, side, 20);
  await expect(inherited?.turn()).rejects.toMatchObject({
    code: 'CCM_STOPPING',
    message: expect.stringContaining('process 4711'),
    problem: { extra: { next: expect.stringContaining('kill -9 4711') } },
  });
  expect(connected.now).toBe(false);
});

it.each([{}, { CCM_DOORS: '0' }, { CCM_DOORS: 'x' }])('%j is a start like any other', (env) => {
  expect(inheritance(env, channel().side)).toBeNull();
});
