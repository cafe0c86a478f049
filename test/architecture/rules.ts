/** The house rules a machine can check, as data. The checks beside this file know no names of their own. */

/** Top-level folders. `made` are those that tools make and git ignores. */
export const topLevel = {
  folders: ['.ci', 'adapters', 'docs', 'machines', 'src', 'test', 'units', 'web'],
  made: ['.vitest', '.ccm', '.git', '.node', 'coverage', 'dist', 'node_modules'],
} as const;

/** Folders no check looks into, wherever they are. */
export const unread: readonly string[] = ['.ccm', '.git', '.node', '.out', 'coverage', 'dist', 'fixtures', 'node_modules'];

/**
 * Who may import what. The first room whose `at` holds the file decides, so the special come before the general.
 * `ours`: files and folders of this tree, without extension; `{own}` is the file's own folder right below the room.
 * `typesOf`: the same, for `import type` alone.
 * `packages`: those allowed, or all but those named. A trailing `*` stands for any ending.
 */
export type Room = {
  at: string;
  ours: readonly string[];
  typesOf?: readonly string[];
  packages: { only: readonly string[] } | { not: readonly string[] };
};

const workshopLibraries = [
  'better-sqlite3',
  'kysely',
  '@supabase/*',
  'keytar',
  'plist',
  'prom-client',
  'standardwebhooks',
  'vite',
  'vitest',
];
const hallLibraries = ['fastify', '@fastify/*', 'fastify-type-provider-zod', 'pino', 'cac', 'zod', 'xstate'];

export const rooms: readonly Room[] = [
  { at: 'machines', ours: ['machines'], packages: { only: ['xstate', 'zod'] } },
  { at: 'src/daemon.ts', ours: ['src', 'machines', 'adapters'], packages: { not: [] } },
  // The command line installs the service before there is a daemon: the one other place that picks an adapter.
  { at: 'src/restore.ts', ours: ['src', 'adapters/sqlite', 'adapters/system'], packages: { not: workshopLibraries } },
  { at: 'src/service.ts', ours: ['src', 'adapters/service'], packages: { not: workshopLibraries } },
  { at: 'src/lib', ours: ['src/lib', 'src/errors'], packages: { not: [...workshopLibraries, ...hallLibraries] } },
  { at: 'src/errors.ts', ours: [], packages: { only: [] } },
  { at: 'src/launch', ours: ['src/launch'], packages: { only: ['node:*'] } },
  { at: 'src', ours: ['src', 'machines'], packages: { not: workshopLibraries } },
  {
    at: 'adapters',
    ours: ['adapters/{own}', 'src/ports', 'src/errors', 'src/lib', 'machines/effects', 'machines/events'],
    packages: { not: ['fastify', '@fastify/*', 'cac', 'vite', 'vitest'] },
  },
  {
    at: 'web/src',
    ours: ['web/src'],
    typesOf: ['src/api/contract'],
    packages: { not: ['node:*', ...workshopLibraries, ...hallLibraries] },
  },
  { at: 'web', ours: ['web', 'machines'], packages: { not: [...workshopLibraries.filter((name) => name !== 'vite'), ...hallLibraries] } },
];

/** What the CLI must not load before it knows which command it runs; it costs more than its whole start-up time. */
export const cliStartUp = {
  from: 'src/cli',
  packages: ['zod', 'fastify', '@fastify/*', 'fastify-type-provider-zod', 'xstate', 'better-sqlite3', 'kysely', 'pino'],
  files: ['src/api/contract', 'src/daemon', 'machines', 'adapters'],
} as const;

/** Lines per file. Median and nine tenths are over all files of the rooms together. */
export const sizes = {
  rooms: ['machines', 'src', 'adapters', 'web'],
  median: 80,
  nineTenths: 200,
  most: 350,
  alsoMostIn: ['test'],
} as const;

/** What may not stand in a source file. The patterns are written so that they do not match themselves. */
export const words: readonly { pattern: RegExp; why: string; under: readonly string[] }[] = [
  { pattern: /\bas\s+any\b/, why: 'a type nobody checks', under: [''] },
  { pattern: /\bas\s+unknown\s+as\b/, why: 'a type nobody checks', under: [''] },
  { pattern: /@ts-(?:ignore|nocheck)\b/, why: 'hides the compiler; @ts-expect-error with a reason does not', under: [''] },
  { pattern: /\b(?:T[O]DO|FIX[M]E|X[X]X)\b/, why: 'unfinished work belongs in the tracker', under: [''] },
  { pattern: /catch\s*(?:\([^)]*\)\s*)?\{\s*\}/, why: 'a catch says why it may ignore', under: [''] },
  { pattern: /\b(?:test|it|describe|suite)\.(?:only|skip|todo)\b/, why: 'the whole suite runs', under: ['test'] },
  { pattern: /\bvi\.(?:mock|doMock)\(/, why: 'no module mocks: inject a fake that passes the contract suite', under: ['test'] },
];
