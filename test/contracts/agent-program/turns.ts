/** What goes in as one prompt comes out as one turn. */
import { expect, test } from 'vitest';
import { LONG_MS, type Worlds } from './worlds.ts';

export const turns = ({ program, world }: Worlds): void => {
  test(
    'a turn ends succeeded with the last message, and the command that waits says so',
    async () => {
      const { code, stdout } = await world().live.ccm('new', 'repo', 'hello there', '--agent', program.agent, '--wait');
      expect(stdout).toMatch(/echo: hello there/u);
      expect(code).toBe(0);
    },
    LONG_MS,
  );

  test(
    'a prompt that looks like a command, a file, a shell line, a note or an option is a prompt',
    async () => {
      const w = world();
      const texts = [' /exit', '@package.json', '!touch shell-line.txt', '#remember this', '--version'];
      const begun = await Promise.all(texts.map((text) => w.begin(text)));
      for (const [at, { id }] of begun.entries()) {
        const words = (texts[at] ?? '').trim();
        expect(await w.ended(id)).toMatchObject({ status: 'succeeded', result: { summary: expect.stringContaining(words) } });
        expect(w.stub.prompts().filter((prompt) => prompt.includes(words))).toHaveLength(1);
      }
    },
    LONG_MS,
  );

  test(
    'sixty lines are one prompt, unchanged',
    async () => {
      const w = world();
      const lines = Array.from({ length: 60 }, (_, n) => `line ${n} with "quotes" and $HOME and 漢字`);
      const task = await w.begin(...lines);
      expect(await w.ended(task.id)).toMatchObject({ status: 'succeeded', result: { summary: expect.stringMatching(/line 0/u) } });
      expect(w.stub.prompts().filter((prompt) => prompt.includes(lines.join('\n')))).toHaveLength(1);
    },
    LONG_MS,
  );

  test(
    'two thousand five hundred lines are one prompt, to the last',
    async () => {
      const w = world();
      const lines = Array.from({ length: 2_500 }, (_, n) => `a long text, line ${n}, with \t a tab and "quotes"`);
      const task = await w.begin('do:say read it all', ...lines);
      expect(await w.ended(task.id)).toMatchObject({ status: 'succeeded', result: { summary: 'read it all' } });
      expect(w.stub.prompts().filter((prompt) => prompt.includes('a long text, line 2499,') && prompt.includes('line 0,'))).toHaveLength(1);
    },
    LONG_MS,
  );

  test(
    'a message sent while it is busy is asked once, after the turn',
    async () => {
      const w = world();
      const task = await w.begin('first words', `do:slow 250 ${'word '.repeat(40)}`);
      await w.asked('first words');
      expect((await w.live.ccm('send', task.id, 'second words')).code).toBe(0);
      expect((await w.task(task.id)).status).toBe('working');
      const over = await w.ended(task.id);
      expect(over).toMatchObject({ status: 'succeeded', result: { summary: 'echo: second words' } });
      const order = w.stub.prompts().filter((prompt) => /first words|second words/u.test(prompt));
      expect(order.map((prompt) => prompt.includes('second words'))).toEqual([false, true]);
    },
    LONG_MS,
  );

  test(
    'the command that sends and waits says the answer to this message, also after another turn',
    async () => {
      const w = world();
      const task = await w.begin('to begin with');
      await w.ended(task.id);
      for (const words of ['what about this', 'and about that']) {
        const { code, stdout } = await w.live.ccm('send', task.id, words, '--wait', '--timeout', '90');
        expect(stdout).toContain(`echo: ${words}`);
        expect(code).toBe(0);
      }
    },
    LONG_MS,
  );

  test(
    'a message that waits for the end of the turn can be taken back: it is never asked',
    async () => {
      const w = world();
      const task = await w.begin('long words', `do:slow 250 ${'word '.repeat(40)}`);
      await w.asked('long words');
      const unwanted = await w.data<{ id: string }>('send', task.id, 'unwanted words');
      await w.data('send', task.id, 'wanted words');
      expect((await w.live.ccm('unsend', unwanted.id)).code).toBe(0);
      expect(await w.ended(task.id)).toMatchObject({ status: 'succeeded', result: { summary: 'echo: wanted words' } });
      expect(w.stub.prompts().filter((prompt) => prompt.includes('unwanted words'))).toEqual([]);
    },
    LONG_MS,
  );
};
