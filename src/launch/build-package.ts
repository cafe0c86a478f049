/**
 * What `npm pack` and `npm publish` call first (`prepack`): makes `dist/` anew, so that nothing of an older build is shipped. In it: the
 * compiled program as `dist/{src,machines,adapters}`, the built page as `dist/web/dist`, the unit templates as `dist/units`; each where the
 * compiled program looks for it, which is where the sources have it. Says how large it became. Exit status 1 when a step failed.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist');

const step = (...args: string[]): void => {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  console.error(`prepack: node ${args.join(' ')} failed.`);
  process.exit(1);
};

rmSync(dist, { recursive: true, force: true });
step('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');
step('web/build.ts');
cpSync(join(root, 'web/dist'), join(dist, 'web/dist'), { recursive: true, filter: (path) => !path.endsWith('.ccm-built') });
if (existsSync(join(root, 'units'))) cpSync(join(root, 'units'), join(dist, 'units'), { recursive: true });

const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const bytes = files.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
console.error(`prepack: dist/ holds ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB.`);
