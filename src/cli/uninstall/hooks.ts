/** The hooks that agents' programs call us by. They stand in files that are made for one start or one conversation, never in a person's own. */
import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../../config/home.ts';

/** As the drivers name them: Claude Code's settings of a start, what Gemini CLI and Codex read in a conversation's own folder. */
const places = [
  { folder: 'launches', file: 'settings.json', depth: 1 },
  { folder: 'conversations', file: 'hooks.json', depth: 7 },
] as const;

/** Absolute paths. */
export const hookFiles = ({ root }: Pick<Home, 'root'>): string[] =>
  places.flatMap(({ folder, file, depth }) => below(join(root, folder), file, depth)).toSorted();

/** Links are not followed: what is linked there is a person's. */
const below = (folder: string, file: string, depth: number): string[] =>
  entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return depth > 0 ? below(path, file, depth - 1) : [];
    return entry.isFile() && entry.name === file ? [path] : [];
  });

const entriesOf = (folder: string): Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // Missing, or closed to us: then there is nothing to list.
  }
};

/** `…/launches/a-1/settings.json` and its hundred likes as one line with their number. */
export const hookLines = (paths: readonly string[], { root }: Pick<Home, 'root'>): string[] => {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const [top = '', , ...rest] = path.slice(root.length + 1).split('/');
    const like = join(root, top, '*', ...rest);
    counts.set(like, (counts.get(like) ?? 0) + 1);
  }
  return [...counts].map(([like, count]) => `${like} (${count})`);
};
