#!/usr/bin/env node
/** The `ccm` command. Keeps its own imports few: start-up is felt on every call. */
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { resolveHome } from '../config/home.ts';

const userHome = homedir();
const here = (): string => {
  try {
    return process.cwd();
  } catch {
    return userHome; // The folder we stand in was removed (a worktree, often): most commands do not need it.
  }
};
const place = { env: process.env, platform: process.platform, cwd: here() };
const home = resolveHome({ ...place, userHome });

// Only inside our own 0700 home: in a shared temporary folder somebody else could leave code for us to run.
if (home.ok && existsSync(home.value.root)) enableCompileCache(join(home.value.root, 'cache'));

// A reader that went away (`ccm ls | head -1`) is no error.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

if (home.ok) {
  const { runProgram } = await import('./program.ts');
  process.exitCode = await runProgram(process.argv.slice(2), {
    ...place,
    home: home.value,
    stdin: () => process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    now: Date.now,
  });
} else {
  const { tellProblem } = await import('./trouble.ts');
  process.exitCode = tellProblem(home.problem);
}
