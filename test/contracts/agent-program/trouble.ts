/** What goes wrong ends in its own true state, in words. */
import { expect, test } from 'vitest';
import { LONG_MS, type Worlds } from './worlds.ts';

export const trouble = ({ program, world }: Worlds): void => {
  test.each([
    [529, 'overloaded_error'],
    [401, 'authentication_error'],
  ])(
    'an API error %i ends the task failed, in the program’s words',
    async (status, type) => {
      const w = world();
      const over = await w.ended((await w.begin('go', `do:error ${status} ${type}`)).id);
      expect(over.status).toBe('failed');
      expect(over.result?.summary).toMatch(program.errorWords(status));
    },
    LONG_MS,
  );

  test(
    'a rate limit is a limit, not an end',
    async () => {
      const w = world();
      const task = await w.begin('go', 'do:error 429 rate_limit_error');
      await w.status(task.id, 'limited');
      expect((await w.live.ccm('stop', task.id)).code).toBe(0);
      expect((await w.ended(task.id)).status).toBe('cancelled');
    },
    LONG_MS,
  );

  test(
    'an interruption leaves the agent interrupted, and the next word goes on',
    async () => {
      const w = world();
      const task = await w.begin('go', `do:slow 300 ${'word '.repeat(200)}`);
      await w.agentIs(task.id, 'busy');
      await w.sees(task.id, /word word/u);
      expect((await w.live.ccm('interrupt', task.id)).code).toBe(0);
      const agent = await w.agentIs(task.id, 'interrupted');
      expect(agent.evidence[0]?.source).toBe(program.interruptedBy);
      expect((await w.task(task.id)).ended).toBe(false);
      expect((await w.live.ccm('send', task.id, 'go on then')).code).toBe(0);
      expect((await w.ended(task.id)).result?.summary).toBe('echo: go on then');
    },
    LONG_MS,
  );

  test(
    'killed from outside, it says so and nothing else; a word to it goes on in the same conversation',
    async () => {
      const w = world();
      const task = await w.begin('to be killed', `do:slow 300 ${'word '.repeat(200)}`);
      await w.agentIs(task.id, 'busy');
      await w.asked('to be killed');
      const { agent } = await w.task(task.id);
      process.kill(await w.processOf(task.id), 'SIGKILL');
      const over = await w.ended(task.id);
      expect(over).toMatchObject({ status: 'failed', result: { signal: 9 } });
      expect(over.reason).toMatch(/SIGKILL|signal 9/u);
      expect((await w.live.ccm('send', task.id, 'once more')).code).toBe(0);
      const again = await w.ended(task.id);
      expect(again).toMatchObject({ status: 'succeeded', result: { summary: 'echo: once more' } });
      expect(await w.conversationOf(again.agent)).toBe(await w.conversationOf(agent));
    },
    LONG_MS,
  );
};
