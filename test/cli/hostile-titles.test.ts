/** Titles and prompts are somebody else's text. */
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../src/cli/width.ts';
import { runInside } from '../support/cli-world.ts';
import { furnishedDaemon } from '../support/fake-daemon/furnished.ts';
import { aTask, noon } from '../support/fake-daemon/samples.ts';

describe('a hostile title', () => {
  const evil = '\u001b]0;owned\u0007\u001b[2J\u001b[1;31mFAILED\u001b[0m\r\n\u202egnp.exe 修正する👩‍👩‍👧 ' + 'x'.repeat(300);

  it.each([['ls'], ['show'], ['why'], ['inspect'], ['stop'], ['replay']])(
    'cannot steer the terminal through %s, nor break its columns',
    async (verb) => {
      const daemon = await furnishedDaemon();
      const task = aTask({ id: '0195a000-0000-7000-8000-0000000f1b2c', title: evil, prompt: evil, reason: evil, updatedAt: noon });
      daemon.house.tasks.set(task.id, task);
      const { code, stdout } = await runInside(verb === 'ls' ? ['ls'] : [verb, task.short], daemon.home);
      expect(code).toBe(0);
      const controls = stdout
        .split('')
        .filter(
          (letter) =>
            letter !== '\n' && (letter < ' ' || (letter >= '\u007f' && letter <= '\u009f') || (letter >= '\u202a' && letter <= '\u202e')),
        );
      expect(controls).toEqual([]);
      if (verb !== 'inspect') expect(stdout.split('\n').filter((line) => widthOf(line) > 80)).toEqual([]);
    },
  );
});
