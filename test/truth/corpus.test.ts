/** Law 4, by example: signals that contradict each other, and the one way the statuses may go. See README.md. */
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { truthHouse } from '../support/truth-house.ts';
import { player, type TruthCase, truthCase } from './play.ts';

/** From the last signal to the last change, ms. */
const SETTLED_MS = 10_000;
/** And then nothing more. */
const RESTS_MS = 20_000;

const files = globSync(new URL('cases/*.json', import.meta.url).pathname).toSorted();
const all = files.map((file) => ({
  group: basename(file, '.json'),
  cases: z.array(truthCase).parse(JSON.parse(readFileSync(file, 'utf8'))),
}));

const words = z.object({ result: z.object({ summary: z.string().nullable() }).nullable(), reason: z.string().nullable() });
const custom = { kind: 'custom', ready: '^> $', busy: '^\\* working', ask: '\\? $' } as const;

const judge = async ({ kind, from, steps, agent, task, says }: TruthCase): Promise<void> => {
  const house = await truthHouse(kind === 'custom' ? custom : { kind });
  try {
    const { play, begin } = player(house, kind);
    await begin(from);
    const before = house.path(house.ids.agent).length;
    for (const one of steps) await play(one);
    const outcome = () => {
      const state = house.now().runtime.state(house.ids.task);
      const { result, reason } = words.parse(state?.context);
      return {
        agent: house
          .path(house.ids.agent)
          .slice(from === 'boot' ? 0 : before)
          .join(' '),
        task: state?.status,
        words: `${result?.summary ?? ''} ${reason ?? ''}`,
      };
    };
    await house.pass(SETTLED_MS);
    const settled = outcome();
    expect(settled, JSON.stringify(house.notes)).toMatchObject({ agent, task });
    if (says !== undefined) expect(settled.words).toContain(says);
    await house.pass(RESTS_MS);
    expect(outcome(), 'it rests').toEqual(settled);
    expect(await house.now().runtime.verify()).toEqual([]);
  } finally {
    await house.end();
  }
};

describe.each(all)('$group', ({ cases }) => {
  for (const one of cases) test(one.name, () => judge(one));
});
