import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Package = { version?: string; integrity?: string; optional?: boolean };
type Packages = Record<string, Package>;

const packagesOf = (file: string): Packages | undefined => {
  try {
    const lock: { packages?: Packages } = JSON.parse(readFileSync(file, 'utf8'));
    return lock.packages;
  } catch {
    // No such file, or cut off in the middle: nothing is known about what is installed.
    return undefined;
  }
};

/**
 * Whether `folder`/node_modules holds what `folder`/package-lock.json asks for. Reads the list npm leaves in
 * node_modules/.package-lock.json at the end of a successful install; optional packages may be absent (other platforms).
 */
export const installedFits = (folder: string): boolean => {
  const asked = packagesOf(join(folder, 'package-lock.json'));
  const installed = packagesOf(join(folder, 'node_modules', '.package-lock.json'));
  if (!asked || !installed) return false;
  const wanted = Object.entries(asked).filter(([path]) => path !== '');
  return (
    Object.keys(installed).every((path) => asked[path] !== undefined) &&
    wanted.every(([path, { version, integrity, optional }]) => {
      const there = installed[path];
      if (!there) return optional === true;
      return there.version === version && there.integrity === integrity && existsSync(join(folder, path));
    })
  );
};
