import { readdirSync } from 'node:fs';
import { isIn, type SourceFile } from './source-files.ts';

type Sizes = { rooms: readonly string[]; median: number; nineTenths: number; most: number; alsoMostIn: readonly string[] };

/** The value below which `share` of the sorted `values` lie; 0 for none. */
const quantile = (values: readonly number[], share: number): number => values[Math.ceil(share * values.length) - 1] ?? 0;

/** What breaks the size budget: files over `most`, and the median or nine tenths of the rooms. */
export const oversized = (budget: Sizes, files: readonly SourceFile[]): string[] => {
  const inside = (places: readonly string[]) => files.filter(({ path }) => places.some((place) => isIn(path, place)));
  const lines = inside(budget.rooms)
    .map((file) => file.lines)
    .sort((a, b) => a - b);
  const [median, nineTenths] = [quantile(lines, 0.5), quantile(lines, 0.9)];
  return [
    ...inside([...budget.rooms, ...budget.alsoMostIn])
      .filter((file) => file.lines > budget.most)
      .map(({ path, lines: count }) => `${path} has ${count} lines, over ${budget.most}`),
    ...(median > budget.median ? [`the median file has ${median} lines, over ${budget.median}`] : []),
    ...(nineTenths > budget.nineTenths ? [`one file in ten has over ${nineTenths} lines, over ${budget.nineTenths}`] : []),
  ];
};

/** Lines that hold a forbidden word, as path:line and the reason. */
export const forbiddenWords = (
  words: readonly { pattern: RegExp; why: string; under: readonly string[] }[],
  files: readonly SourceFile[],
): string[] =>
  files.flatMap(({ path, text }) =>
    words
      .filter(({ under }) => under.some((place) => isIn(path, place)))
      .flatMap(({ pattern, why }) =>
        Array.from(
          text.matchAll(new RegExp(pattern, 'g')),
          (match) => `${path}:${text.slice(0, match.index).split('\n').length} "${match[0]}": ${why}`,
        ),
      ),
  );

/** Top-level folders that have no place in the house. */
export const strayFolders = (rule: { folders: readonly string[]; made: readonly string[] }, root: string): string[] =>
  readdirSync(root, { withFileTypes: true })
    .filter(({ name }) => !rule.folders.includes(name) && !rule.made.includes(name))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${name}/ has no place at the top level`);
