/** Small real programs that stand where the launcher expects npm and the CLI. */

/**
 * An npm that needs no network; its version is in the file `version` of its folder. `install` makes a package with
 * bin/node (a Node that calls itself by the version asked for) or this npm itself; `ci` makes what package-lock.json
 * names. Set in the environment: NPM_FAILS=install|ci fails so, NPM_WAITS_FOR=FILE waits until that file exists,
 * NODE_DOES_NOT_RUN=1 makes a Node that cannot
 * start. Runs on `node`, a path without spaces.
 */
export const npmProgram = (node: string): string => `#!${node}
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const [command, ...args] = process.argv.slice(2);
const { NPM_FAILS, NPM_WAITS_FOR, NODE_DOES_NOT_RUN, LOG } = process.env;
if (command === '--version') { console.log(readFileSync(join(import.meta.dirname, '../version'), 'utf8')); process.exit(); }
if (command === 'root') { console.log(join(import.meta.dirname, '../..')); process.exit(); }
appendFileSync(LOG, ['npm', command, ...args].join(' ') + '\\n');
while (NPM_WAITS_FOR && !existsSync(NPM_WAITS_FOR)) await new Promise((resolve) => setTimeout(resolve, 10));
if (NPM_FAILS === command) { console.error('npm error network ENOTFOUND'); process.exit(7); }
const folder = args[args.indexOf('--prefix') + 1];
const make = (path, text, mode = 0o644) => { mkdirSync(join(path, '..'), { recursive: true }); writeFileSync(path, text, { mode }); };
if (command === 'install') {
  const [, name, version] = /^(.*)@(.*)$/.exec(args.at(-1));
  const target = join(folder, 'node_modules', name);
  make(join(target, 'version'), version);
  if (name !== 'npm') make(join(target, 'bin/node'), (NODE_DOES_NOT_RUN ? '#!/no/such/loader' : '#!/bin/sh') + '\\n[ "$1" = -v ] && { echo v' + version + '; exit; }\\nexport NODE_IS=ours\\nexec "${node}" "$@"\\n', 0o755);
  else { make(join(target, 'bin/npm-cli.js'), ''); copyFileSync(import.meta.filename, join(target, 'bin/npm-cli.js')); }
}
if (command === 'ci') {
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json')));
  delete packages[''];
  for (const path of Object.keys(packages)) make(join(folder, path, 'package.json'), '{}');
  make(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
}
`;

/** Says who it is in one line of JSON. `exit N` ends with that status, `cat` gives back its input, `stay` waits to be ended. */
export const cliProgram = `
const args = process.argv.slice(2);
const { CCM_HOME: home, NODE_IS: node = 'installed', npm_config_nodedir: nodedir } = process.env;
console.log(JSON.stringify({ args, cwd: process.cwd(), home, node, nodedir, pid: process.pid }));
if (args[0] === 'exit') process.exitCode = Number(args[1]);
if (args[0] === 'cat') process.stdin.pipe(process.stdout);
if (args[0] === 'stay') setInterval(() => {}, 1000);
`;
