/** Plays schedules in processes of their own, as many as there are cores. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './mutant.ts';
import type { Found } from './worker.ts';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** @throws when it said nothing at all: with a mutant, that its text is not there, or that it never came back. */
export const player = (args: ReadonlyArray<string | number>, options: { mutant?: Mutant; patienceMs: number }): Promise<Found> =>
  new Promise((resolve, reject) => {
    const patches = JSON.stringify(options.mutant?.patches ?? []);
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--import', path('../../support/mutate.ts'), path('./worker.ts'), ...args.map(String)],
      { env: { ...process.env, CCM_MUTANT: patches }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let said = '';
    let words = '';
    child.stdout.on('data', (part: Buffer) => void (said += part.toString()));
    child.stderr.on('data', (part: Buffer) => void (words += part.toString()));
    const late = setTimeout(() => child.kill('SIGKILL'), options.patienceMs);
    child.once('close', (code, signal) => {
      clearTimeout(late);
      const line = said.trim().split('\n').at(-1) ?? '';
      if (line.startsWith('{')) resolve(JSON.parse(line) as Found);
      else reject(new Error(`a player ended with ${code ?? signal}: ${words.slice(-600)}`));
    });
  });

/** `work` on every item, as many at once as there are cores. */
export const sideBySide = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  const rest = [...items];
  const one = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, one));
};

/** The same items in the same order, but begun elsewhere. */
export const startingAt = <T>(items: readonly T[], seed: number): T[] => {
  const at = seed % Math.max(1, items.length);
  return [...items.slice(at), ...items.slice(0, at)];
};
