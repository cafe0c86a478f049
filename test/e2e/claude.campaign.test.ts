/** The real Claude Code in its own interface, against a stub of its model API: nothing leaves this machine. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentProgramContract } from '../contracts/agent-program/suite.ts';
import { LONG_MS } from '../contracts/agent-program/worlds.ts';
import { realClaude } from '../support/program-claude.ts';
import { until } from '../support/until.ts';

agentProgramContract('Claude Code', realClaude, (world) => {
  test(
    'is not over while a subagent works in the background',
    async () => {
      const w = world();
      const task = await w.begin('go', 'do:agent do:slow 400 a b c d e f g h', 'do:say parent is done');
      const over = await w.ended(task.id);
      expect(over.status).toBe('succeeded');
      // What the parent said before its subagent had ended is not the last word.
      expect(over.result?.summary).not.toMatch(/parent is done/u);
    },
    LONG_MS,
  );

  test.each([['Escape'], ['C-c']])(
    '%s in its window is an interruption like ours',
    async (key) => {
      const w = world();
      const task = await w.begin('go', `do:slow 300 ${'word '.repeat(200)}`);
      await w.agentIs(task.id, 'busy');
      await w.sees(task.id, realClaude.answers);
      await w.press(task.id, key);
      expect((await w.agentIs(task.id, 'interrupted')).evidence[0]?.source).toBe('transcript');
      expect((await w.live.ccm('stop', task.id)).code).toBe(0);
      expect((await w.ended(task.id)).status).toBe('cancelled');
    },
    LONG_MS,
  );

  test(
    'the doctor asks it one short question, and neither its program nor its project stays',
    async () => {
      const w = world();
      const { stdout } = await w.live.ccm('doctor', '--agents');
      expect(stdout).toMatch(/✓ claude +answered after [\d.]+ s: “echo: This is a test/u);
      expect(await w.data<unknown[]>('project', 'ls')).toHaveLength(1);
      const asked = (await w.data<Array<{ id: string; title: string }>>('ls', '--all')).find(
        ({ title }) => title === 'Does claude answer?',
      );
      await until('its program to end', async () => ((await w.agent(asked?.id ?? '')).status === 'exited' ? true : undefined), 30_000);
    },
    LONG_MS,
  );

  test(
    'twenty permissions decided by two people at once: one decision each, and the tool runs or it does not',
    async () => {
      const w = world();
      const steps = Array.from({ length: 20 }, (_, n) => `do:bash touch race-${n}.txt`);
      const task = await w.begin('go', ...steps, 'do:say raced');
      const outcomes: Array<{ allowed: boolean; exists: () => boolean }> = [];
      let before = '';
      for (const n of steps.keys()) {
        const item = await until(
          `permission ${n}`,
          async () => {
            const found = await w.ask(task);
            return found.short === before ? undefined : found;
          },
          60_000,
        );
        before = item.short;
        const both = await Promise.all([w.decide(item.id, 'approve'), w.decide(item.id, 'deny')]);
        // One is taken, the other is told that it came too late.
        expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 409]));
        const { worktree } = await w.task(task.id);
        outcomes.push({ allowed: both[0]?.status === 200, exists: () => existsSync(join(worktree, `race-${n}.txt`)) });
      }
      expect(await w.ended(task.id)).toMatchObject({ status: 'succeeded', result: { summary: 'raced' } });
      expect(outcomes.map(({ exists }) => exists())).toEqual(outcomes.map(({ allowed }) => allowed));
    },
    LONG_MS,
  );
});
