/** With `config = "own"` the person's own configuration is used, nothing of it is changed, and whom to trust is asked of them. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeHome, type OwnConfiguration, picture, theirWords } from '../../support/own-configuration.ts';
import { type Program, programWorld } from '../../support/program-world.ts';
import { until } from '../../support/until.ts';
import { LONG_MS } from './worlds.ts';

export const ownConfigurationContract = (name: string, program: Program, own: OwnConfiguration): void => {
  describe(`${name} with the person’s own configuration`, () => {
    const worldOf = async () => {
      // The home is made once it is known where the model is.
      let home = '';
      const w = await programWorld({
        ...program,
        config: (stubUrl) => {
          home = makeHome(own.files(stubUrl));
          return own.config(stubUrl, home);
        },
      });
      w.testBegins();
      onTestFinished(async ({ task }) => {
        if (task.result?.state === 'fail') console.error(await w.account());
        await w.end();
        rmSync(home, { recursive: true, force: true });
      }, 90_000);
      return { w, home };
    };

    test(
      'their memory, skill and server are there, permissions wait as ever, and no file of theirs is changed',
      async () => {
        const { w, home } = await worldOf();
        const theirs = picture(home, own.itsRecord);
        expect((await w.live.ccm('project', 'trust', 'repo')).code).toBe(0);
        const task = await w.begin('with all of mine', 'do:bash touch own.txt', 'do:say done with mine');
        let before = '';
        if (own.trust) {
          const question = await w.ask(task);
          before = question.short;
          expect(question).toMatchObject({ kind: 'question', text: expect.stringMatching(own.trust.asks) });
          expect((await w.task(task.id)).status).toBe('needsAnswer');
          const yes = question.choices.find((choice) => own.trust?.yes.test(choice));
          // Other words are no answer, and above all no yes.
          await w.live.ccm('answer', question.short, yes ?? `none of ${question.choices.join()}`);
        }
        const permission = await w.askAfter(task, before);
        expect(permission).toMatchObject({ kind: 'approval', text: expect.stringMatching(/own\.txt/u) });
        expect((await w.live.ccm('approve', permission.short)).code).toBe(0);
        const over = await w.ended(task.id);
        expect(over).toMatchObject({ status: 'succeeded', result: { summary: 'done with mine' } });
        expect(existsSync(join(over.worktree, 'own.txt'))).toBe(true);
        expect(w.stub.told()).toContain(theirWords.memory);
        expect(w.stub.told()).toContain(theirWords.skill);
        expect(w.stub.told()).toContain(theirWords.tool);
        // The same conversation, in the same program and in a new one.
        expect((await w.live.ccm('send', task.id, 'and once more')).code).toBe(0);
        await until(
          'the next turn',
          async () => ((await w.task(task.id)).result?.summary === 'echo: and once more' ? true : undefined),
          90_000,
        );
        expect(picture(home, own.itsRecord)).toEqual(theirs);
      },
      LONG_MS,
    );
  });
};
