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
