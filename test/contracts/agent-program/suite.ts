/** What every agent program that we drive does, as a person sees it through the real daemon: on the real programs, and on a stand-in. */
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { type Program, type ProgramWorld, programWorld } from '../../support/program-world.ts';
import { permissions } from './permissions.ts';
import { restarts } from './restarts.ts';
import { trouble } from './trouble.ts';
import { turns } from './turns.ts';

const upFor = (program: Program): (() => ProgramWorld) => {
  let made: ProgramWorld | undefined;
  beforeAll(async () => {
    made = await programWorld(program);
  }, 90_000);
  afterAll(() => made?.end(), 90_000);
  beforeEach(({ onTestFailed, task }) => {
    made?.testBegins();
    // Nobody can look at a machine of tests afterwards: what it says now is all there will be.
    onTestFailed(async () => console.error(`What is known of “${task.name}”:\n${await made?.account()}`), 60_000);
  });
  return () => {
    if (!made) throw new Error('The world is not up.');
    return made;
  };
};

/** `more`: tests that only this program has, in the same world. */
export const agentProgramContract = (name: string, program: Program, more: (world: () => ProgramWorld) => void = () => undefined): void => {
  describe(name, () => {
    const world = upFor(program);
    for (const part of [turns, permissions, trouble, restarts]) part({ program, world });
    more(world);
  });
};

/** What a person decides and what goes wrong, side by side: for a program that costs little, in a daemon that is not killed meanwhile. */
export const agentProgramContractAtOnce = (
  name: string,
  program: Program,
  more: (world: () => ProgramWorld) => void = () => undefined,
): void => {
  describe.concurrent(name, () => {
    const world = upFor(program);
    for (const part of [permissions, trouble]) part({ program, world });
    more(world);
  });
};
