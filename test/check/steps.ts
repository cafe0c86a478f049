import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** One look at the whole tree: `command` is a program of node_modules/.bin and its arguments. */
export type Step = {
  name: string;
  command: readonly [string, ...string[]];
  /** Says why the step cannot judge this tree yet; it then counts as passed, with the reason printed. */
  waitsFor?: (root: string) => string | undefined;
};

const hasSources = (folder: string): boolean =>
  existsSync(folder) && readdirSync(folder, { recursive: true }).some((file) => /\.tsx?$/.test(String(file)));

const entries = ['src/cli/main.ts', 'src/daemon.ts', 'web/src/main.tsx'];

export const steps: readonly Step[] = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  {
    name: 'types of the web page',
    command: ['tsc', '--noEmit', '-p', 'web'],
    waitsFor: (root) => (hasSources(join(root, 'web/src')) ? undefined : 'web/src is empty'),
  },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings', '.'] },
  { name: 'format', command: ['biome', 'check', '.'] },
  {
    name: 'unused code',
    command: ['knip', '--no-progress'],
    // Without its entries knip calls everything unused.
    waitsFor: (root) => {
      const missing = entries.filter((entry) => !existsSync(join(root, entry)));
      return missing.length === 0 ? undefined : `there is no ${missing.join(', ')}`;
    },
  },
  { name: 'architecture', command: ['vitest', 'run', 'test/architecture.test.ts'] },
];
