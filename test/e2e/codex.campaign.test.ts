/** The real Codex in its own interface, against a stub of its model API: nothing leaves this machine. */
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentProgramContract } from '../contracts/agent-program/suite.ts';
import { LONG_MS } from '../contracts/agent-program/worlds.ts';
import { realCodex } from '../support/program-codex.ts';
import { until } from '../support/until.ts';

agentProgramContract('Codex', realCodex, (world) => {
  /** What the program keeps of a conversation of ours. */
  const rollouts = async (agent: string | null): Promise<string[]> =>
    globSync(join(world().live.home, 'conversations', await world().conversationOf(agent), 'codex/sessions/**/*.jsonl'));

  test(
    'goes on in the file of the same conversation; without it, it does not begin a blank one',
    async () => {
      const w = world();
      const task = await w.begin('the first of two');
      const { agent } = await w.ended(task.id);
      const again = async (words: string) => {
        process.kill(await w.processOf(task.id), 'SIGKILL');
        await w.agentIs(task.id, 'exited');
        await w.live.ccm('send', task.id, words);
        return until(
          'the next end',
          async () => {
            const now = await w.task(task.id);
            return now.ended && (now.status === 'interrupted' || now.result?.summary?.includes(words)) ? now : undefined;
          },
          90_000,
        );
      };
      const over = await again('the second of two');
      const [file = '', ...others] = await rollouts(over.agent);
      expect(others).toEqual([]);
      expect(readFileSync(file, 'utf8')).toMatch(/the first of two[\s\S]*the second of two/u);
      expect(await w.conversationOf(over.agent)).toBe(await w.conversationOf(agent));
      rmSync(file);
      expect((await again('a third')).reason).toMatch(/keeps nothing of the conversation/u);
    },
    LONG_MS,
  );

  test(
    'the reason of a denial is the next thing it hears',
    async () => {
      const w = world();
      const task = await w.begin('go', 'do:bash touch unwanted.txt', 'do:say never said');
      const item = await w.ask(task);
      expect((await w.live.ccm('deny', item.short, '--note', 'keep the folder clean')).code).toBe(0);
      expect(await w.ended(task.id)).toMatchObject({
        status: 'succeeded',
        result: { summary: expect.stringMatching(/keep the folder clean/u) },
      });
      expect(existsSync(join((await w.task(task.id)).worktree, 'unwanted.txt'))).toBe(false);
    },
    LONG_MS,
  );

  test(
    'is not done while a subagent works beside it, whose permissions wait for a person like all others',
    async () => {
      const w = world();
      const task = await w.begin('go', 'do:agent do:bash touch by-subagent.txt;do:say child is done', 'do:say parent is done');
      const item = await w.ask(task);
      expect(item.text).toMatch(/by-subagent/u);
      expect((await w.task(task.id)).ended).toBe(false);
      expect((await w.live.ccm('approve', item.short)).code).toBe(0);
      const over = await w.ended(task.id);
      expect(over).toMatchObject({ status: 'succeeded', result: { summary: 'parent is done' } });
      expect(existsSync(join(over.worktree, 'by-subagent.txt'))).toBe(true);
    },
    LONG_MS,
  );

  test(
    'a usage limit tells when it ends',
    async () => {
      const w = world();
      const task = await w.begin('go', 'do:error 429 usage_limit_reached');
      await w.status(task.id, 'limited');
      const { stdout } = await w.live.ccm('why', task.id);
      expect(stdout).toMatch(/usage limit/u);
      await w.live.ccm('stop', task.id);
      await w.ended(task.id);
    },
    LONG_MS,
  );
});
