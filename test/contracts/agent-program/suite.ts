/** What every agent program that we drive does, as a person sees it through the real daemon: on the real programs, and on a stand-in. */
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { type Program, type ProgramWorld, programWorld } from '../../support/program-world.ts';
import { permissions } from './permissions.ts';
import { restarts } from './restarts.ts';
import { trouble } from './trouble.ts';
import { turns } from './turns.ts';

/** `more`: tests that only this program has, in the same world. */
export const agentProgramContract = (name: string, program: Program, more: (world: () => ProgramWorld) => void = () => undefined): void => {
  describe(name, () => {
    let made: ProgramWorld | undefined;
    const world = (): ProgramWorld => {
      if (!made) throw new Error('The world is not up.');
      return made;
    };
    beforeAll(async () => {
      made = await programWorld(program);
    }, 90_000);
    afterAll(() => made?.end(), 90_000);
    beforeEach(({ onTestFailed, task }) => {
      made?.testBegins();
      // Nobody can look at a machine of tests afterwards: what it says now is all there will be.
      onTestFailed(async () => console.error(`What is known of “${task.name}”:\n${await made?.account()}`), 60_000);
    });
    for (const part of [turns, permissions, trouble, restarts]) part({ program, world });
    more(world);
  });
};
