/** Writes `<folder>/<kind>.json` for every kind; a file whose hash still fits is left as it is (ELK is the slow part of the build). */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { MachineKind } from '../../machines/kind.ts';
import type { Outline } from '../src/chart/model/types.ts';
import { chartFile, chartHash } from './chart-file.ts';
import { chartOf } from './from-machine.ts';
import type { Engine } from './layout.ts';

export type Drawable = { kind: string } & Pick<MachineKind, 'version' | 'machine'>;
export type Written = { kind: string; fresh: boolean; drawn: boolean; variants: number; bytes: number; zipped: number };

/** The states alone, all kinds in one file beside the folder: what lists show needs no lines and no layout. */
export const writeThumbnails = (kinds: readonly Drawable[], path: string): Promise<void> => {
  const outline = ({ machine }: Drawable): Outline => {
    const { root, states } = chartOf(machine);
    return { root, states: states.map(({ id, key, parent, children }) => ({ id, key, parent, children })) };
  };
  return writeFile(path, JSON.stringify(Object.fromEntries(kinds.map((kind) => [kind.kind, outline(kind)]))));
};

/** The drawing code itself is part of the hash: a changed spacing draws every chart anew. */
const ownCode = async (): Promise<string> => {
  const texts: string[] = [];
  for (const folder of ['.', '../src/chart/model']) {
    const path = join(import.meta.dirname, folder);
    const names = (await readdir(path)).filter((name) => name.endsWith('.ts')).sort();
    for (const name of names) texts.push(await readFile(join(path, name), 'utf8'));
  }
  return texts.join('\n');
};

const hashIn = async (path: string): Promise<string | null> => {
  try {
    const found: unknown = JSON.parse(await readFile(path, 'utf8'));
    return found !== null && typeof found === 'object' && 'hash' in found ? String(found.hash) : null;
  } catch {
    // Not there yet, or half written by a build that was stopped: draw it.
    return null;
  }
};

export const writeCharts = async (kinds: readonly Drawable[], folder: string, engine: () => Promise<Engine>): Promise<Written[]> => {
  await mkdir(folder, { recursive: true });
  const code = await ownCode();
  const written: Written[] = [];
  for (const { kind, version, machine } of kinds) {
    const definition = chartOf(machine);
    const hash = chartHash(definition, version, code);
    const path = join(folder, `${kind}.json`);
    const fresh = (await hashIn(path)) !== hash;
    if (fresh) await writeFile(path, JSON.stringify(await chartFile(kind, version, definition, hash, await engine())));
    const text = await readFile(path, 'utf8');
    const file: unknown = JSON.parse(text);
    const folded = file !== null && typeof file === 'object' && 'folded' in file ? Object.keys(file.folded ?? {}) : [];
    const drawn = file !== null && typeof file === 'object' && 'whole' in file && file.whole !== null;
    written.push({ kind, fresh, drawn, variants: folded.length, bytes: text.length, zipped: gzipSync(text).length });
  }
  return written;
};
