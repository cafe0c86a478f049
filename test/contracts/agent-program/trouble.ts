/** What goes wrong ends in its own true state, in words. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { LONG_MS, type Worlds } from './worlds.ts';

/** Command lines of what runs in this folder. */
const processesIn = (folder: string): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === folder ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')] : [];
      } catch {
        // Ended meanwhile.
        return [];
      }
    });

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
    'an answer that breaks off in the middle, again and again, ends the task failed',
    async () => {
      const w = world();
      const over = await w.ended((await w.begin('go', 'do:cut')).id);
      expect(over).toMatchObject({ status: 'failed' });
      expect(over.result?.summary).not.toBe('');
    },
    LONG_MS,
  );

  test(
    'an answer that never comes is no end: the task goes on working until a person interrupts it',
    async () => {
      const w = world();
      const task = await w.begin('to hang', 'do:hang');
      await w.asked('to hang');
      await w.agentIs(task.id, 'busy');
      expect((await w.live.ccm('interrupt', task.id)).code).toBe(0);
      await w.agentIs(task.id, 'interrupted');
      expect((await w.task(task.id)).ended).toBe(false);
      expect((await w.live.ccm('stop', task.id)).code).toBe(0);
      expect((await w.ended(task.id)).status).toBe('cancelled');
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
      await w.sees(task.id, program.answers);
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
    'killed by us while a tool runs, nothing that it started survives',
    async () => {
      const w = world();
      const task = await w.begin('go', 'do:bash tail -f /dev/null', 'do:say never');
      expect((await w.live.ccm('approve', (await w.ask(task)).short)).code).toBe(0);
      const { worktree } = await until(
        'the tool to run',
        async () => {
          const now = await w.task(task.id);
          return processesIn(now.worktree).some((words) => words.includes('tail -f')) ? now : undefined;
        },
        60_000,
      );
      expect((await w.live.ccm('kill', task.id)).code).toBe(0);
      expect((await w.ended(task.id)).status).toBe('cancelled');
      expect(processesIn(worktree)).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'killed from outside, it says so and nothing else; a word to it goes on in the same conversation',
    async () => {
      const w = world();
      // A first turn is over: programs write a conversation down late, and of one killed within its first second nothing is kept.
      const task = await w.begin('hello');
      expect((await w.ended(task.id)).status).toBe('succeeded');
      expect((await w.live.ccm('send', task.id, `to be killed\ndo:slow 300 ${'word '.repeat(200)}`)).code).toBe(0);
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
