/** A small clone for the launcher to work on, and a PATH that holds only what the test puts there. */
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type RunResult, runProcess } from '../../src/lib/run-process.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { cliProgram, npmProgram } from './programs.ts';

const source = resolve(import.meta.dirname, '../..');

/** The tools of the system the launcher may use; each is wrapped so that its use is logged. */
const tools = 'cat chmod cksum cmp cp date du find flock grep kill ls mkdir mv ps readlink rm sleep sort uname'.split(' ');

const findTool = (name: string): string | undefined =>
  ['/usr/bin', '/bin'].map((folder) => join(folder, name)).find((path) => existsSync(path));

export type LauncherTree = Awaited<ReturnType<typeof launcherTree>>;

/**
 * A prepared machine: git, tmux, a new enough Node and npm 11 are "installed", the tree's packages are not.
 * `log()` gives the programs used so far, one line each with their arguments.
 */
export const launcherTree = async () => {
  const base = await tempFolder();
  const root = join(base, 'a clone of ü');
  const bin = join(base, 'bin');
  const logFile = join(base, 'log');

  const write = (path: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    chmodSync(join(root, path), mode);
  };
  /** Puts a shell script on the PATH; every use of it is logged first. */
  const program = (name: string, script: string): void => {
    mkdirSync(bin, { recursive: true });
    rmSync(join(bin, name), { force: true });
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >>"${logFile}"\n${script}\n`, { mode: 0o755 });
  };
  const remove = (name: string): void => rmSync(join(bin, name));

  for (const name of tools) {
    const path = findTool(name);
    if (path) program(name, `exec ${path} "$@"`);
  }
  program('uname', 'echo Linux x86_64');
  program('id', 'echo 1000');
  program('git', 'exit 0');
  program('tmux', 'exit 0');
  program('node', `exec "${process.execPath}" "$@"`);
  const npm = join(base, 'npm/bin/npm-cli.js');
  mkdirSync(dirname(npm), { recursive: true });
  symlinkSync(process.execPath, join(base, 'node'));
  writeFileSync(npm, npmProgram(join(base, 'node')), { mode: 0o755 });
  const npmVersion = (version: string): void => writeFileSync(join(base, 'npm/version'), version);
  npmVersion('11.19.1');
  symlinkSync(npm, join(bin, 'npm'));

  mkdirSync(root);
  for (const path of ['run', '.npmrc']) copyFileSync(join(source, path), join(root, path));
  cpSync(join(source, 'src/launch'), join(root, 'src/launch'), { recursive: true });
  const lock = (version: string): string => {
    const packages = {
      '': { version: '1.0.0' },
      'node_modules/left': { version, integrity: `sha512-${version}` },
      'node_modules/odd': { version, optional: true },
    };
    return `${JSON.stringify({ name: 'planted', lockfileVersion: 3, packages }, null, 2)}\n`;
  };
  for (const folder of ['', 'test/']) {
    write(`${folder}package.json`, '{ "type": "module" }\n');
    write(`${folder}package-lock.json`, lock('1.0.0'));
    write(`${folder}.npmrc`, 'fund=false\n');
  }
  write('src/cli/main.ts', cliProgram);

  return {
    base,
    root,
    bin,
    write,
    program,
    remove,
    npmVersion,
    lock,
    has: (path: string): boolean => existsSync(join(root, path)),
    read: (path: string): string => readFileSync(join(root, path), 'utf8'),
    log: (): string[] => (existsSync(logFile) ? readFileSync(logFile, 'utf8').trimEnd().split('\n') : []),
    clearLog: (): void => rmSync(logFile, { force: true }),
    /** Environment of a user with nothing but this PATH. */
    env: { PATH: bin, HOME: base, LOG: logFile } as Record<string, string>,
    /** Runs ./run with `args`; `env` is added to the bare environment. */
    run: (args: readonly string[], { cwd = root, env = {}, file = join(root, 'run') } = {}): Promise<RunResult> =>
      runProcess({ argv: [file, ...args], cwd, env: { PATH: bin, HOME: base, LOG: logFile, ...env }, timeoutMs: 20_000 }),
  };
};
