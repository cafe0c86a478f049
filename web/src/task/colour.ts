/** Colours the code of a diff. The highlighter and its grammars are fetched when a diff is looked at. */
import { useEffect, useState } from 'preact/hooks';
import type { DiffLine } from './diff-lines.ts';

export type Piece = { text: string; type: string | undefined };

const languages: Readonly<Record<string, string>> = {
  ts: 'ts',
  tsx: 'ts',
  mts: 'ts',
  js: 'js',
  jsx: 'js',
  mjs: 'js',
  cjs: 'js',
  json: 'json',
  css: 'css',
  html: 'html',
  xml: 'xml',
  svg: 'xml',
  md: 'md',
  py: 'py',
  go: 'go',
  rs: 'rs',
  java: 'java',
  c: 'c',
  h: 'c',
  cpp: 'c',
  lua: 'lua',
  sh: 'bash',
  bash: 'bash',
  sql: 'sql',
  toml: 'toml',
  ini: 'ini',
  yml: 'yaml',
  yaml: 'yaml',
  dockerfile: 'docker',
  makefile: 'make',
};

/** Null: shown without colours. */
export const languageOf = (name: string): string | null => languages[/([^./]+)$/.exec(name.toLowerCase())?.[1] ?? ''] ?? null;

/** Longer than this, and colours would cost more time than they give. Characters. */
const longest = 200_000;

/** Pieces of a text cut into lines. */
export const piecesByLine = (pieces: readonly Piece[]): Piece[][] => {
  const lines: Piece[][] = [[]];
  for (const { text, type } of pieces)
    for (const [i, part] of text.split('\n').entries()) {
      if (i > 0) lines.push([]);
      if (part !== '') lines.at(-1)?.push({ text: part, type });
    }
  return lines;
};

type Coloured = ReadonlyMap<DiffLine, readonly Piece[]>;

/** Each side of a diff is read as one text, so that what spans lines is coloured right. */
const colour = async (lines: readonly DiffLine[], language: string): Promise<Coloured> => {
  const { tokenize } = await import('@speed-highlight/core');
  const done = new Map<DiffLine, readonly Piece[]>();
  for (const side of ['before', 'after'] as const) {
    const mine = lines.filter((line) => line[side] !== null);
    const text = mine.map((line) => line.text.slice(1)).join('\n');
    if (text.length > longest) continue;
    const pieces: Piece[] = [];
    await tokenize(text, language, (part, type) => pieces.push({ text: part, type }));
    for (const [i, line] of piecesByLine(pieces).entries()) {
      const at = mine[i];
      if (at) done.set(at, line);
    }
  }
  return done;
};

/** Empty until the colours are there, and where there are none. */
export const useColours = (name: string, lines: readonly DiffLine[], wanted: boolean): Coloured => {
  const [coloured, setColoured] = useState<Coloured>(new Map());
  useEffect(() => {
    const language = languageOf(name);
    if (!wanted || language === null) return undefined;
    let current = true;
    const look = async (): Promise<void> => {
      try {
        const done = await colour(lines, language);
        if (current) setColoured(done);
      } catch {
        // A grammar that could not be fetched: the diff is readable without colours.
      }
    };
    void look();
    return () => {
      current = false;
    };
  }, [name, lines, wanted]);
  return coloured;
};
