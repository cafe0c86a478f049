/** The version of this package, read once. */
import { readFileSync } from 'node:fs';

const manifest = (): { version: string } => {
  // Beside `src/` in a clone, one level further up from `dist/src/` in the package.
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string };
    } catch {
      // Not there: the other place.
    }
  }
  return { version: '0.0.0' };
};

export const version = manifest().version;
