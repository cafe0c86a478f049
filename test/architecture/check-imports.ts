import { type Import, readImports } from './read-imports.ts';
import type { Room } from './rules.ts';
import { isIn, type SourceFile } from './source-files.ts';

const matches = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern || name.startsWith(`${pattern}/`),
  );

const isAllowed = (room: Room, { from, target, relative, how }: Import): boolean => {
  if (!relative)
    return 'only' in room.packages ? matches(target, room.packages.only) : target !== '(computed)' && !matches(target, room.packages.not);
  const own = from.slice(room.at.length + 1).split('/')[0] ?? '';
  const places = [...room.ours, ...(how === 'type' ? (room.typesOf ?? []) : [])];
  return places.some((place) => isIn(target, place.replace('{own}', own)));
};

/** The imports that no room rule allows, each as one line. Files outside every room are free. */
export const forbiddenImports = (rooms: readonly Room[], files: readonly SourceFile[]): string[] =>
  files.flatMap((file) => {
    const room = rooms.find(({ at }) => isIn(file.path, at));
    if (!room) return [];
    return readImports(file)
      .filter((one) => !isAllowed(room, one))
      .map(({ from, target, how }) => `${from} may not import ${target} (${how})`);
  });

/** Relative imports without their extension: Node runs these files as they are. */
export const bareImports = (files: readonly SourceFile[]): string[] =>
  files.flatMap((file) =>
    readImports(file)
      .filter(({ target, relative }) => relative && !/\.\w+$/.test(target))
      .map(({ from, target }) => `${from} imports ${target} without its extension`),
  );

/**
 * What loading any file of `rule.from` loads at once and should not, each with the chain of files that leads there.
 * Types are erased and lazy imports come later: neither counts.
 */
export const heavyStartUp = (
  rule: { from: string; packages: readonly string[]; files: readonly string[] },
  files: readonly SourceFile[],
): string[] => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const seen = new Set<string>();
  const follow = (file: SourceFile, chain: readonly string[]): string[] => {
    if (seen.has(file.path)) return [];
    seen.add(file.path);
    return readImports(file)
      .filter(({ how }) => how === 'static')
      .flatMap(({ target, relative }) => {
        const way = [...chain, target];
        if (relative ? rule.files.some((place) => isIn(target, place)) : matches(target, rule.packages)) return [way.join(' > ')];
        const next = byPath.get(target);
        return next ? follow(next, way) : [];
      });
  };
  return files.filter(({ path }) => isIn(path, rule.from)).flatMap((file) => follow(file, [file.path]));
};

/**
 * Files that import each other in a loop, each loop once: none of them can be read, or moved, without the others. Types count; an import that
 * happens later does not.
 */
export const circles = (files: readonly SourceFile[]): string[] => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const found: string[] = [];
  const follow = (file: SourceFile, way: readonly string[]): void => {
    const at = way.indexOf(file.path);
    if (at >= 0) found.push([...way.slice(at), file.path].join(' > '));
    if (at >= 0 || done.has(file.path)) return;
    for (const { target, how } of readImports(file)) {
      const next = how === 'lazy' ? undefined : byPath.get(target);
      if (next) follow(next, [...way, file.path]);
    }
    done.add(file.path);
  };
  for (const file of files) follow(file, []);
  return found;
};
