/** One case of the corpus, played and judged: the way of the statuses, the end, and that it rests. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { type Evidence, evidence, facts, settle, sources, weigh } from '../../machines/evidence.ts';
import { truthHouse } from '../support/truth-house.ts';
import { awayRows } from './away-rows.ts';
import { chartRows, type Row } from './chart-rows.ts';
import { player, type TruthCase, truthCase } from './play.ts';
import { turnRows } from './turn-rows.ts';

/** From the last signal to the last change, ms. */
const SETTLED_MS = 10_000;
/** And then nothing more. */
const RESTS_MS = 20_000;

export const corpus = (): Array<{ group: string; cases: TruthCase[] }> =>
  globSync(new URL('cases/*.json', import.meta.url).pathname)
    .toSorted()
    .map((file) => ({ group: basename(file, '.json'), cases: z.array(truthCase).parse(JSON.parse(readFileSync(file, 'utf8'))) }));

const source = z.enum(sources);
const table = z.strictObject({
  /** What is told of another belief so many ms after one that was held: accepted, a conflict, or, in neither list, ignored. */
  later: z.array(z.strictObject({ held: source, after: z.int(), accept: z.array(source), conflict: z.array(source) })),
  settles: z.array(
    z.strictObject({
      name: z.string(),
      held: z.array(z.tuple([z.int(), z.enum(facts), source])),
      since: z.int(),
      on: z.string().nullable(),
    }),
  ),
});

/** The written table, row by row: the pure function that every case is weighed by. */
export const tableRows = (): Row[] => {
  const { later, settles } = table.parse(JSON.parse(readFileSync(new URL('table.json', import.meta.url), 'utf8')));
  const seen = (at: number, fact: Evidence['fact'], from: Evidence['source']): Evidence => ({ at, fact, source: from, detail: '' });
  return [
    ...later.flatMap(({ held, after, accept, conflict }) =>
      sources.map((fresh) => ({
        name: `${fresh}, ${after} ms after ${held}`,
        judge: () => {
          const verdict = weigh([seen(0, 'busy', held)], seen(after, 'ready', fresh));
          assert.equal(verdict, accept.includes(fresh) ? 'accept' : conflict.includes(fresh) ? 'conflict' : 'ignore');
        },
      })),
    ),
    ...chartRows,
    ...turnRows,
    ...awayRows,
    ...settles.map(({ name, held, since, on }) => ({
      name: `a doubt settles ${name}`,
      judge: () =>
        assert.equal(
          settle(
            held.map((one) => seen(...one)),
            since,
          ),
          on,
        ),
    })),
  ];
};

const words = z.object({ result: z.object({ summary: z.string().nullable() }).nullable(), reason: z.string().nullable() });
const profiles = {
  custom: { kind: 'custom', ready: '^> $', busy: '^\\* working', ask: '\\? $' },
  /** Nothing is known of its screen. */
  mute: { kind: 'custom', ready: null },
} as const;
const waiting = new Set(['needsApproval', 'needsAnswer']);

/** Throws what is not true. */
export const judge = async ({ kind, from, steps, agent, task, says, asked, used }: TruthCase): Promise<void> => {
  const house = await truthHouse(kind === 'custom' || kind === 'mute' ? profiles[kind] : { kind });
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
    assert.deepEqual(
      { agent: settled.agent, task: settled.task },
      { agent, task },
      `${JSON.stringify(settled)} ${JSON.stringify(house.notes)}`,
    );
    if (says !== undefined) assert.ok(settled.words.includes(says), `it says “${settled.words}”, not “${says}”`);
    const questions = house.now().runtime.list({ kind: 'approval', limit: 100 });
    // Whoever asks waits, and whoever waits was asked about.
    const waits = waiting.has(house.now().runtime.state(house.ids.agent)?.status ?? '');
    assert.equal(
      questions.some(({ ended }) => !ended),
      waits,
      'an open question has somebody who asks it, and the other way round',
    );
    if (asked !== undefined) assert.equal(questions.length, asked, 'a question is asked once');
    if (used !== undefined) assert.equal(house.used.size, used, 'a request counts once, for the agent that made it');
    const held = z.array(evidence).parse(house.now().runtime.state(house.ids.agent)?.context['evidence']);
    const isSetBack = steps.some((one) => one[0] === 'sleep' && one[1] < 0);
    assert.ok(isSetBack || held.every(({ at }) => at <= house.clock.now()), 'nothing was seen in time to come');
    await house.pass(RESTS_MS);
    assert.deepEqual(outcome(), settled, 'it does not rest');
    assert.deepEqual(await house.now().runtime.verify(), []);
  } finally {
    await house.end();
  }
};
