import { describe, expect, it } from 'vitest';
import type { FeedRow } from '../../src/api/contract/index.ts';
import { follow } from '../../src/cli/changes.ts';
import type { FeedItem } from '../../src/cli/feed.ts';
import { until } from '../support/until.ts';

const row = (actor: string): FeedRow => ({
  gseq: 1,
  actor,
  kind: 'task',
  seq: 1,
  at: 0,
  type: 'X',
  by: null,
  transitions: [],
  value: 'x',
  status: 'x',
  attention: 0,
  title: '',
});

/** A feed that gives what it is told to, and then stands open until it is broken or given up; a second one says nothing at all. */
const handFeed = (items: readonly FeedItem[]) => {
  const broken = Promise.withResolvers<void>();
  let count = 0;
  return {
    break: () => broken.resolve(),
    async *feed(_: number | null, signal: AbortSignal): AsyncGenerator<FeedItem, void, undefined> {
      count += 1;
      if (count === 1) yield* items;
      const gone = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      await (count === 1 ? Promise.race([broken.promise, gone]) : gone);
    },
  };
};

/** Follows until `over`; counts how often was looked. */
const following = (api: ReturnType<typeof handFeed>) => {
  let looks = 0;
  let over = false;
  const ended = follow(
    { api, note: () => undefined },
    {
      look: async () => ({ data: (looks += 1), meta: {} }),
      concerns: ({ actor }) => actor === 'mine',
      over: () => over,
      seen: () => undefined,
      timeoutMs: null,
    },
  );
  return { looks: () => looks, ended, finish: () => (over = true) };
};
const reaches = (looks: () => number, count: number) => until(`${count} looks`, () => (looks() >= count ? true : undefined), 5000);

describe('following', () => {
  it('looks at once, and again when the feed stands: what happened in between is not told', async () => {
    const { looks, finish, ended } = following(handFeed([{ type: 'open' }]));
    finish();
    await ended;
    expect(looks()).toBeGreaterThanOrEqual(1);
    const second = following(handFeed([{ type: 'open' }]));
    await reaches(second.looks, 2);
    second.finish();
  });

  it('looks again as soon as the feed breaks, not only when it is time to', async () => {
    const api = handFeed([{ type: 'open' }]);
    const { looks, finish } = following(api);
    await reaches(looks, 2);
    finish();
    api.break();
    await reaches(looks, 3);
  });

  it('looks again when steps were missed or concern it, and not for others', async () => {
    for (const [item, expected] of [
      [{ type: 'reset' }, 2],
      [{ type: 'step', row: row('mine') }, 2],
      [{ type: 'step', row: row('other') }, 1],
    ] as const) {
      const api = handFeed([item]);
      const { looks } = following(api);
      await reaches(looks, expected);
      // Everything that is ready to run has run by now.
      await new Promise((resolve) => setImmediate(resolve));
      expect(looks()).toBe(expected);
    }
  });
});
