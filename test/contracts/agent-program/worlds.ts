/** What every part of the suite is given. */
import type { Program, ProgramWorld } from '../../support/program-world.ts';

export type Worlds = { program: Program; world: () => ProgramWorld };

/** Milliseconds for one test: programs take seconds to start on a busy machine. */
export const LONG_MS = 240_000;
