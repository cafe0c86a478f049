/** One look at the whole tree: `command` is a program of node_modules/.bin and its arguments. */
export type Step = { name: string; command: readonly [string, ...string[]] };

export const steps: readonly Step[] = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'types of the web page', command: ['tsc', '--noEmit', '-p', 'web'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings', '.'] },
  { name: 'format', command: ['biome', 'check', '.'] },
  { name: 'unused code', command: ['knip', '--no-progress'] },
  { name: 'architecture', command: ['vitest', 'run', 'test/architecture.test.ts'] },
];
