/** The real Claude Code in its own interface, against a stub of its model API: nothing leaves this machine. */
import { expect, test } from 'vitest';
import { agentProgramContract } from '../contracts/agent-program/suite.ts';
import { LONG_MS } from '../contracts/agent-program/worlds.ts';
import { realClaude } from '../support/program-claude.ts';

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
});
