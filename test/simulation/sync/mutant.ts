/** The shipped code with one bug in it. */
import type { Patch } from '../../support/mutate.ts';

export type Mutant = { name: string; patches: Patch[] };
export const one = (name: string, file: string, from: string, to: string): Mutant => ({ name, patches: [{ file, from, to }] });
