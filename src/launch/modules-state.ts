/**
 * Tells the launcher whether installed packages may stay, in one line on stdout:
 * `fits`, `linked` (node_modules is a link to another tree), `in use by process P, port N`, or `stale`.
 * Arguments: the folder that holds package-lock.json, then homes whose daemon would be running on these packages.
 * Runs before anything is installed: imports node's own modules only.
 */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { installedFits } from './installed-fits.ts';
import { runningDaemon } from './running-daemon.ts';

const [folder = '.', ...homes] = process.argv.slice(2);

const state = async (): Promise<string> => {
  if (installedFits(folder)) return 'fits';
  if (lstatSync(join(folder, 'node_modules')).isSymbolicLink()) return 'linked';
  for (const home of homes) {
    const daemon = home === '' ? undefined : await runningDaemon(home);
    if (daemon) return `in use by process ${daemon.pid}, port ${daemon.port}`;
  }
  return 'stale';
};

console.log(await state());
