/** The real Claude Code in its own interface, against a stub of its model API: nothing leaves this machine. */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClaudeWorld, claudeWorld } from '../support/claude-world.ts';
import { until } from '../support/until.ts';

let w: ClaudeWorld;
beforeAll(async () => {
  w = await claudeWorld();
}, 90_000);
afterAll(() => w.end(), 90_000);

const long = 240_000;

/** The program below the wrapper. */
const programOf = async (id: string): Promise<number> => {
  const { pid } = await w.agent(id);
  return Number(
    execFileSync('ps', ['--no-headers', '-o', 'pid', '--ppid', String(pid)], { encoding: 'utf8' })
      .trim()
      .split('\n')[0],
  );
};
const spooled = (): string[] => globSync(join(w.live.home, 'spool/*/*.json'));
const killTmux = (attach: string[]): void => {
  execFileSync('tmux', ['-S', attach[attach.indexOf('-S') + 1] ?? '', 'kill-server']);
};

describe('a turn', () => {
  test(
    'ends succeeded with the last message, and the command that waits says so',
    async () => {
      const { code, stdout } = await w.live.ccm('new', 'repo', 'hello there', '--agent', 'claude', '--wait');
      expect(stdout).toMatch(/echo: hello there/u);
      expect(code).toBe(0);
    },
    long,
  );

  test(
    'a prompt that looks like a command is a prompt, and one of many lines is one',
    async () => {
      const lines = Array.from({ length: 60 }, (_, n) => `line ${n} with "quotes" and $HOME and 漢字`);
      const first = await w.begin(' /exit');
      const second = await w.begin(...lines);
      expect(await w.ended(first.id)).toMatchObject({ status: 'succeeded', result: { summary: expect.stringMatching(/\/exit/u) } });
      expect(await w.ended(second.id)).toMatchObject({ status: 'succeeded', result: { summary: expect.stringMatching(/line 0/u) } });
      expect(w.stub.prompts().filter((prompt) => prompt.includes('line 59'))).toHaveLength(1);
    },
    long,
  );

  test(
    'is not over while a subagent works in the background',
    async () => {
      const task = await w.begin('go', 'do:agent do:slow 400 a b c d e f g h', 'do:say parent is done');
      const over = await w.ended(task.id);
      expect(over.status).toBe('succeeded');
      // What the parent said before its subagent had ended is not the last word.
      expect(over.result?.summary).not.toMatch(/parent is done/u);
    },
    long,
  );
});

describe('a permission', () => {
  test(
    'waits in the inbox; allowed it is used, denied the model hears why',
    async () => {
      const task = await w.begin('go', 'do:write a.txt hello', 'do:bash touch b.txt', 'do:say job done');
      const write = await w.ask(task);
      expect(write).toMatchObject({ kind: 'approval', text: expect.stringMatching(/^a\.txt\n\nhello/u) });
      expect((await w.task(task.id)).status).toBe('needsApproval');
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
      const over = await w.ended(task.id);
      expect(over).toMatchObject({ status: 'succeeded', result: { summary: 'job done' } });
      expect(readFileSync(join(over.worktree, 'a.txt'), 'utf8')).toBe('hello\n');
      expect(existsSync(join(over.worktree, 'b.txt'))).toBe(false);
      expect(w.stub.lastResults()).toMatch(/keep the folder clean/u);
    },
    long,
  );

  test(
    'decided by a person in its window is withdrawn everywhere else',
    async () => {
      const task = await w.begin('go', 'do:bash touch by-hand.txt', 'do:say seen');
      const item = await w.ask(task);
      await until('the dialog', async () => ((await w.screen(task.id)).includes('Do you want to proceed') ? true : undefined), 30_000);
      // Its first moments are deaf: like a person, press again while it is there.
      await until(
        'the dialog to close',
        async () => {
          await w.press(task.id, '1');
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
    long,
  );

  test(
    'a question is answered with words of one’s own',
    async () => {
      const task = await w.begin('go', 'do:ask Which colour?', 'do:say thanks');
      const item = await w.ask(task);
      expect(item).toMatchObject({ kind: 'question', choices: ['Alpha', 'Beta'] });
      expect((await w.live.ccm('answer', item.short, 'Violet please')).code).toBe(0);
      expect((await w.ended(task.id)).result?.summary).toBe('thanks');
      expect(w.stub.lastResults()).toMatch(/Violet please/u);
    },
    long,
  );
});

describe('trouble', () => {
  test(
    'an API error ends the task failed, in the program’s words',
    async () => {
      const task = await w.begin('go', 'do:error 529 overloaded_error');
      const over = await w.ended(task.id);
      expect(over.status).toBe('failed');
      expect(over.result?.summary).toMatch(/529|overloaded/iu);
    },
    long,
  );

  test(
    'a rate limit is a limit, not an end',
    async () => {
      const task = await w.begin('go', 'do:error 429 rate_limit_error');
      await w.status(task.id, 'limited');
      expect((await w.live.ccm('stop', task.id)).code).toBe(0);
      expect((await w.ended(task.id)).status).toBe('cancelled');
    },
    long,
  );

  test(
    'an interruption leaves the agent interrupted, and the next word goes on',
    async () => {
      const task = await w.begin('go', `do:slow 300 ${'word '.repeat(200)}`);
      await w.agentIs(task.id, 'busy');
      await until('the answer to begin', async () => ((await w.screen(task.id)).includes('word word') ? true : undefined), 60_000);
      expect((await w.live.ccm('interrupt', task.id)).code).toBe(0);
      const agent = await w.agentIs(task.id, 'interrupted');
      expect(agent.evidence[0]?.source).toBe('transcript');
      expect((await w.task(task.id)).ended).toBe(false);
      expect((await w.live.ccm('send', task.id, 'go on then')).code).toBe(0);
      expect((await w.ended(task.id)).result?.summary).toBe('echo: go on then');
    },
    long,
  );

  test(
    'killed from outside, it says so and nothing else; resume goes on in the same conversation',
    async () => {
      const task = await w.begin('first words', `do:slow 300 ${'word '.repeat(200)}`);
      await w.agentIs(task.id, 'busy');
      const { agent } = await until(
        'the prompt to be asked',
        async () => (w.stub.prompts().some((p) => p.includes('first words')) ? w.task(task.id) : undefined),
        60_000,
      );
      process.kill(await programOf(task.id), 'SIGKILL');
      const over = await w.ended(task.id);
      expect(over).toMatchObject({ status: 'failed', result: { signal: 9 } });
      expect(over.reason).toMatch(/SIGKILL|signal 9/u);
      expect((await w.live.ccm('send', task.id, 'once more')).code).toBe(0);
      const again = await w.ended(task.id);
      expect(again).toMatchObject({ status: 'succeeded', result: { summary: 'echo: once more' } });
      expect(await w.conversationOf(again.agent)).toBe(await w.conversationOf(agent));
    },
    long,
  );
});

describe('the daemon is killed', () => {
  test(
    'while an approval waits: afterwards approve still works',
    async () => {
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
    long,
  );

  test(
    'at the end of a turn: the last message is not lost',
    async () => {
      const task = await w.begin('go', 'do:slow 500 the very last words');
      await until('the answer to begin', () => (w.stub.prompts().at(-1)?.includes('very last') ? true : undefined), 60_000);
      await w.live.crash();
      // The turn ends while nobody listens.
      await until('the turn to end', async () => (spooled().length > 0 ? true : undefined), 60_000);
      await w.live.up();
      expect(await w.ended(task.id)).toMatchObject({ status: 'succeeded', result: { summary: 'the very last words' } });
    },
    long,
  );

  test(
    'and tmux, too: resume continues the same conversation',
    async () => {
      const task = await w.begin('remember me', `do:slow 300 ${'word '.repeat(300)}`);
      await until('the prompt to be asked', () => (w.stub.prompts().at(-1)?.includes('remember me') ? true : undefined), 60_000);
      const { agent } = await w.task(task.id);
      const { attach } = await w.agent(task.id);
      await w.live.crash();
      killTmux(attach);
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
      expect(again.agent).not.toBe(agent);
      expect(await w.conversationOf(again.agent)).toBe(await w.conversationOf(agent));
    },
    long,
  );
});
