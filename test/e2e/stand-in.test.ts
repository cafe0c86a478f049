/** What every agent program must do, on the stand-in: real daemon, real terminal, real driver, and a program without a model. */
import { expect, test } from 'vitest';
import { agentProgramContractAtOnce } from '../contracts/agent-program/suite.ts';
import { LONG_MS } from '../contracts/agent-program/worlds.ts';
import { sendOnce } from '../simulation/terminal-delivery.ts';
import { standInProgram } from '../support/program-stand-in.ts';

agentProgramContractAtOnce('the stand-in', standInProgram, (world) => {
  // `./run campaign delivery` plays many more, from a seed.
  test.each([
    ['nothing wrong', 'scrolling', 'answered'],
    ['one Enter swallowed', 'scrolled', 'answered'],
    ['a debounced paste', 'choosing', 'answered'],
    ['a dialog in the middle', 'scrolled', 'answered'],
    ['it dies in the middle', 'scrolled', 'failed'],
  ] as const)(
    'a message into a window that a person has their hands on: %s, %s: it is %s',
    async (fault, hands, fate) => {
      const w = world();
      const task = await w.begin(`first words, before ${fault}`);
      await w.ended(task.id);
      expect(await sendOnce(w, task.id, `second words under ${fault}.`, fault, hands)).toBe(fate);
    },
    LONG_MS,
  );

  test(
    'a hook of the prompt before, told when the next was typed and never taken, is no turn of that',
    async () => {
      const w = world();
      const task = await w.begin('first words, before a late hook');
      await w.ended(task.id);
      expect(await sendOnce(w, task.id, 'words whose hook is late.', 'its hook late', 'away')).toBe('answered');
      expect(await sendOnce(w, task.id, 'words that are never taken.', 'every Enter swallowed', 'away')).toBe('failed');
    },
    LONG_MS,
  );
});
