/** Nothing that happens while the daemon is away is lost. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { LONG_MS, type Worlds } from './worlds.ts';

export const restarts = ({ world }: Worlds): void => {
  test(
    'the daemon is killed while an approval waits: afterwards approve still works',
    async () => {
      const w = world();
      const task = await w.begin('go', 'do:bash touch after.txt', 'do:say survived');
      const item = await w.ask(task);
      await w.live.crash();
      await w.live.up();
      expect((await w.ask(task)).short).toBe(item.short);
      expect((await w.live.ccm('approve', item.short)).code).toBe(0);
      const over = await w.ended(task.id);
      expect(over).toMatchObject({ status: 'succeeded', result: { summary: 'survived' } });
      expect(existsSync(join(over.worktree, 'after.txt'))).toBe(true);
    },
    LONG_MS,
  );

  test(
    'the daemon is killed at the end of a turn: the last message is not lost',
    async () => {
      const w = world();
      const task = await w.begin('go', 'do:slow 500 the very last words');
      await w.asked('very last');
      await w.live.crash();
      // The turn ends while nobody listens.
      await until('the turn to end', () => (w.spooled().length > 0 ? true : undefined), 60_000);
      await w.live.up();
      expect(await w.ended(task.id)).toMatchObject({ status: 'succeeded', result: { summary: 'the very last words' } });
    },
    LONG_MS,
  );

  test(
    'daemon and terminal server are killed: resume continues the same conversation',
    async () => {
      const w = world();
      const task = await w.begin('remember me', `do:slow 300 ${'word '.repeat(300)}`);
      await w.asked('remember me');
      const { agent } = await w.task(task.id);
      await w.killTmux(task.id);
      await w.live.up();
      const over = await w.ended(task.id);
      // Hung up on, it may have said how it ended; it did not say that the work is done.
      expect(['interrupted', 'failed']).toContain(over.status);
      expect((await w.live.ccm('resume', task.id)).code).toBe(0);
      const again = await until(
        'the next end',
        async () => {
          const now = await w.task(task.id);
          return now.ended && now.agent !== agent ? now : undefined;
        },
        120_000,
      );
      expect(again).toMatchObject({ status: 'succeeded' });
      expect(await w.conversationOf(again.agent)).toBe(await w.conversationOf(agent));
    },
    LONG_MS,
  );
};
