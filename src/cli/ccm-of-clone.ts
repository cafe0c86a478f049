/** Every hint says `ccm …`. In a clone nothing of that name is on the PATH: then a person is told once what stands for it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Env } from './env.ts';
import { quoted } from './quoted.ts';

const launcher = fileURLToPath(new URL('../../run', import.meta.url));

/** Null where `ccm` is on the PATH, or where this is no clone. */
export const ccmOfClone = (env: Env): string | null => {
  const found = (env.PATH ?? '').split(':').some((folder) => folder !== '' && existsSync(join(folder, 'ccm')));
  return found || !existsSync(launcher) ? null : `${quoted(launcher)} ccm`;
};
