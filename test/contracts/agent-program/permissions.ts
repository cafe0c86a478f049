/** A permission waits for a person, on whatever channel that person is; the first decision is the only one. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { LONG_MS, type Worlds } from './worlds.ts';

export const permissions = ({ program, world }: Worlds): void => {
  test(
    'a permission waits in the inbox; allowed it is used, denied the tool does not run',
    async () => {
      const w = world();
      const task = await w.begin('go', 'do:write a.txt hello', 'do:bash touch b.txt', 'do:say job done');
      const write = await w.ask(task);
      expect(write).toMatchObject({ kind: 'approval', text: expect.stringMatching(/a\.txt/u) });
      expect(await w.task(task.id)).toMatchObject({ status: 'needsApproval' });
      expect((await w.live.ccm('approve', write.short)).code).toBe(0);
      const bash = await until(
        'the next one',
        async () => {
          const [item] = await w.inbox(task);
          return item && item.short !== write.short ? item : undefined;
        },
        60_000,
      );
      expect((await w.live.ccm('deny', bash.short, '--note', 'keep the folder clean')).code).toBe(0);
      const over = await w.denied(task);
      expect(readFileSync(join(over.worktree, 'a.txt'), 'utf8')).toBe('hello\n');
      expect(existsSync(join(over.worktree, 'b.txt'))).toBe(false);
      if (program.hearsWhy) {
        expect(over).toMatchObject({ status: 'succeeded', result: { summary: 'job done' } });
        expect(w.stub.lastResults()).toMatch(/keep the folder clean/u);
      }
    },
    LONG_MS,
  );

  test(
    'a permission that a person decides in its window is withdrawn everywhere else',
    async () => {
      const w = world();
      const task = await w.begin('go', 'do:bash touch by-hand.txt', 'do:say seen');
      const item = await w.ask(task);
      await w.sees(task.id, program.dialog.shows);
      // Its first moments may be deaf: like a person, press again while it is there.
      await until(
        'the dialog to close',
        async () => {
          await w.press(task.id, ...program.dialog.allow);
          return (await w.inbox(task)).length === 0 ? true : undefined;
        },
        30_000,
      );
      const over = await w.ended(task.id);
      expect(existsSync(join(over.worktree, 'by-hand.txt'))).toBe(true);
      const late = await w.live.ccm('deny', item.short);
      expect(late.code).toBe(6);
      expect(late.stderr).toMatch(/withdrawn/u);
    },
    LONG_MS,
  );

  test(
    'decided here and in its window at the same moment: one decision each time, and no key is left in its prompt',
    async () => {
      const w = world();
      const RACES = 6;
      const steps = Array.from({ length: RACES }, (_, n) => `do:bash echo ${n} >> races.txt`);
      const task = await w.begin('go', ...steps, 'do:say all run');
      let last = '';
      for (let race = 0; race < RACES; race += 1) {
        const item = await w.askAfter(task, last);
        last = item.short;
        await w.sees(task.id, program.dialog.shows);
        // The first choice is the marked one.
        const [said] = await Promise.all([w.live.ccm('approve', item.short), w.press(task.id, 'Enter')]);
        expect([0, 6]).toContain(said.code);
      }
      const over = await w.ended(task.id);
      expect(over).toMatchObject({ status: 'succeeded', result: { summary: 'all run' } });
      expect(readFileSync(join(over.worktree, 'races.txt'), 'utf8').trim().split('\n')).toHaveLength(RACES);
      await w.data('send', task.id, 'a clean word');
      const next = await until(
        'the next turn',
        async () => {
          const now = await w.task(task.id);
          return now.ended && now.result?.summary !== 'all run' ? now : undefined;
        },
        90_000,
      );
      expect(next.result?.summary).toBe('echo: a clean word');
    },
    LONG_MS,
  );

  // Where a denial ends the turn, each of them is a turn of its own.
  test.runIf(!program.hearsWhy)(
    'twenty permissions decided by two people at once: one decision each, and the tool runs or it does not',
    async () => {
      const w = world();
      const prompt = (n: number): string => `race ${n}\ndo:bash touch race-${n}.txt\ndo:say ran ${n}`;
      const task = await w.begin(prompt(0));
      let last = '';
      for (let race = 0; race < 20; race += 1) {
        if (race > 0) expect((await w.live.api('POST', `/tasks/${task.id}/messages`, { text: prompt(race) })).status).toBeLessThan(300);
        const item = await w.askAfter(task, last);
        last = item.short;
        const verbs = race % 2 === 0 ? (['approve', 'deny'] as const) : (['deny', 'approve'] as const);
        const both = await Promise.all(verbs.map((verb) => w.decide(item.id, verb)));
        // One is taken, the other is told that it came too late.
        expect(
          both.map(({ status }) => status).toSorted((a, b) => a - b),
          item.text,
        ).toEqual([200, 409]);
        const allowed = verbs[both.findIndex(({ status }) => status === 200)] === 'approve';
        if (allowed)
          await until(
            `turn ${race} to end`,
            async () => ((await w.task(task.id)).result?.summary === `ran ${race}` ? true : undefined),
            90_000,
          );
        else await w.agentIs(task.id, 'interrupted');
        expect(existsSync(join((await w.task(task.id)).worktree, `race-${race}.txt`)), `race ${race}`).toBe(allowed);
      }
    },
    LONG_MS * 2,
  );

  test.runIf(program.asks)(
    'a question is answered with words of one’s own',
    async () => {
      const w = world();
      const task = await w.begin('go', 'do:ask Which colour?', 'do:say thanks');
      const item = await w.ask(task);
      expect(item).toMatchObject({ kind: 'question', choices: ['Alpha', 'Beta'] });
      expect((await w.live.ccm('answer', item.short, 'Violet please')).code).toBe(0);
      expect((await w.ended(task.id)).result?.summary).toBe('thanks');
      expect(w.stub.lastResults()).toMatch(/Violet please/u);
    },
    LONG_MS,
  );
};
