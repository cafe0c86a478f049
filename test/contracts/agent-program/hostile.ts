/** What a checkout brings for an agent program is accepted only where a person trusts the project: each kind of thing by itself. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Hostile } from '../../support/hostile-checkout.ts';
import { type Program, programWorld } from '../../support/program-world.ts';
import { LONG_MS } from './worlds.ts';

export const hostileCheckoutContract = (name: string, program: Program, hostile: Hostile): void => {
  test(
    `${name} takes nothing from a checkout that nobody trusts`,
    async () => {
      const w = await programWorld({ ...program, files: {} });
      const elsewhere = await program.stub();
      const proofs = mkdtempSync(join(tmpdir(), 'ccm-proofs-'));
      w.testBegins();
      onTestFinished(async ({ task }) => {
        if (task.result?.state === 'fail') console.error(await w.account());
        await w.end();
        await elsewhere.close();
        rmSync(proofs, { recursive: true, force: true });
      }, 90_000);
      const marks = { mark: (kind: string) => `touch ${join(proofs, kind)}`, elsewhere: elsewhere.url };
      const commit = (files: Readonly<Record<string, string>>): void => {
        for (const [path, content] of Object.entries(files)) {
          mkdirSync(dirname(join(w.repo, path)), { recursive: true });
          writeFileSync(join(w.repo, path), content);
        }
        const git = (...args: string[]) =>
          execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: w.repo });
        git('add', '-A', '-f');
        git('commit', '-q', '-m', 'theirs');
      };
      commit({ ...hostile.files(marks), ...hostile.redirect(marks) });
      const task = await w.begin('go', 'do:bash touch granted.txt', 'do:say all good');
      // Whatever the checkout allows itself: a person is asked.
      expect((await w.live.ccm('approve', (await w.ask(task)).short)).code).toBe(0);
      expect(await w.ended(task.id)).toMatchObject({ status: 'succeeded', result: { summary: 'all good' } });
      expect(readdirSync(proofs)).toEqual([]);
      expect(elsewhere.prompts()).toEqual([]);
      expect(hostile.unheard.filter((word) => w.stub.told().includes(word))).toEqual([]);

      // The same bait, trusted: what is refused above is what would have run.
      execFileSync('git', ['rm', '-q', '-r', '-f', ...Object.keys(hostile.redirect(marks))], { cwd: w.repo });
      commit(hostile.files(marks));
      expect((await w.live.ccm('project', 'trust', 'repo')).code).toBe(0);
      const trusted = await w.begin('hello');
      if (hostile.asksOnceMore) {
        const question = await w.ask(trusted);
        const yes = question.choices.find((choice) => hostile.asksOnceMore?.test(choice));
        expect((await w.live.ccm('answer', question.short, yes ?? question.choices.join())).code).toBe(0);
      }
      expect(await w.ended(trusted.id)).toMatchObject({ status: 'succeeded' });
      expect(readdirSync(proofs)).toEqual(expect.arrayContaining([...hostile.trusted]));
      const bait = Object.values(hostile.files(marks)).join('\n');
      expect(hostile.unheard.filter((word) => bait.includes(word) && !w.stub.told().includes(word))).toEqual([]);
    },
    LONG_MS,
  );
};
