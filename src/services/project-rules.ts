/** Which folders may be projects, and under which names. Pure. */
import { basename, isAbsolute, join, sep } from 'node:path';
import { fail, ok, type Problem, type Result } from '../errors.ts';
import type { Project } from '../ports/records.ts';

export const inside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);

/** Before anything is looked at on disk. */
export const pathTrouble = (path: string): Problem | null => {
  if (path.includes('\0')) return unusable('The path contains a NUL character.', path);
  if (!isAbsolute(path)) return unusable(`"${path}" is not an absolute path.`, path);
  // PATH_MAX of Linux; macOS has less and says so itself.
  if (Buffer.byteLength(path) > 4096) return unusable('The path is longer than 4096 bytes.', path.slice(0, 200));
  return null;
};

/** `path` is the real one. Two projects never share files: worktrees, locks and "one task at a time" are per folder. */
export const placeTrouble = (path: string, projects: readonly Project[], home: string): Problem | null => {
  if (path === '/') return unusable('The root of the file system cannot be a project.', path);
  // The demo project is ours and lives with us; a project around our home (a clone with its `.ccm`) is somebody's ordinary work.
  if (inside(path, home) && path !== join(home, 'demo')) return unusable(`${path} lies inside our own home ${home}.`, path);
  const same = projects.find((project) => project.path === path);
  if (same) return taken(`${path} is the project "${same.name}" already.`, same);
  const outer = projects.find((project) => inside(path, project.path));
  if (outer) return taken(`${path} lies inside the project "${outer.name}" (${outer.path}).`, outer);
  const inner = projects.find((project) => inside(project.path, path));
  return inner ? taken(`${path} contains the project "${inner.name}" (${inner.path}).`, inner) : null;
};

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The asked-for name if it is free; else one made from the folder's name. */
export const nameFor = (wanted: string | undefined, path: string, projects: readonly Project[]): Result<string> => {
  if (wanted !== undefined) {
    const holder = projects.find(({ name }) => same(name, wanted));
    return holder ? { ok: false, problem: taken(`The name "${wanted}" belongs to the project at ${holder.path}.`, holder) } : ok(wanted);
  }
  const base =
    basename(path)
      .replaceAll(/[^\p{L}\p{N} ._-]+/gu, '-')
      .replace(/^[^\p{L}\p{N}]+/u, '')
      .slice(0, 50)
      .trim() || 'project';
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? base : `${base}-${n}`;
    if (!projects.some((project) => same(project.name, name))) return ok(name);
  }
};

const unusable = (detail: string, path: string): Problem => fail('CCM_PATH_UNUSABLE', detail, { path }).problem;
const taken = (detail: string, project: Project): Problem =>
  fail('CCM_CONFLICT', detail, { existing: { id: project.id, name: project.name, path: project.path } }).problem;
