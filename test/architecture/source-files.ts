import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unread } from './rules.ts';

/** A source file of the tree; `path` is relative to its root, with `/` between names. */
export type SourceFile = { path: string; text: string; lines: number };

const pathsUnder = (root: string, folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return unread.includes(entry.name) ? [] : pathsUnder(root, path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });

/** Every .ts and .tsx file below `root`, sorted by path. */
export const sourceFiles = (root: string): SourceFile[] =>
  (existsSync(root) ? pathsUnder(root, '') : []).sort().map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return { path, text, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0) };
  });

/** Whether `path` is `place` or lies in it; extensions do not count, and '' holds everything. */
export const isIn = (path: string, place: string): boolean => {
  const bare = withoutExtension(path);
  const bound = withoutExtension(place);
  return bound === '' || bare === bound || bare.startsWith(`${bound}/`);
};

const withoutExtension = (name: string): string => name.replace(/\.(?:tsx?|jsx?)$/, '');
