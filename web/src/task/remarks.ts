/**
 * Remarks on lines of a diff, and the message they become. A line is known by what stands in it: an agent that goes on working moves lines, and what
 * was written about one stays with it. Pure.
 */
import type { DiffFile, DiffLine } from './diff-lines.ts';

export type Remark = { file: string; line: DiffLine; text: string };
/** By key of the line. */
export type Remarks = Readonly<Record<string, Remark>>;
export type LineKeys = ReadonlyMap<DiffLine, string>;

/** A key for each line: its file and its text, and which of those that are alike. */
export const lineKeys = (files: readonly DiffFile[]): LineKeys => {
  const alike = new Map<string, number>();
  const keyOf = (file: DiffFile, line: DiffLine): string => {
    const what = `${file.name}\n${line.text}`;
    const nth = (alike.get(what) ?? 0) + 1;
    alike.set(what, nth);
    return `${what}\n${nth}`;
  };
  return new Map(files.flatMap((file) => file.lines.map((line): [DiffLine, string] => [line, keyOf(file, line)])));
};

/** @param text null takes the remark away. */
export const withRemark = (remarks: Remarks, key: string, remark: Omit<Remark, 'text'>, text: string | null): Remarks => {
  const { [key]: _, ...rest } = remarks;
  return text === null ? rest : { ...rest, [key]: { ...remark, text } };
};

/** `here`: on lines of this diff, as they are numbered now and in its order; `gone`: keys of those whose line is not there any more. */
export const placed = (remarks: Remarks, files: readonly DiffFile[], keys: LineKeys): { here: Remark[]; gone: string[] } => {
  const here = files.flatMap((file) =>
    file.lines.flatMap((line): Remark[] => {
      const remark = remarks[keys.get(line) ?? ''];
      return remark ? [{ file: file.name, line, text: remark.text }] : [];
    }),
  );
  const there = new Set(keys.values());
  return { here, gone: Object.keys(remarks).filter((key) => !there.has(key)) };
};

export const placeOf = ({ file, line }: Remark): string => `${file}:${line.after ?? line.before ?? 0}`;

/** Remarks as one message to the agent: place, line, remark. */
export const remarksText = (remarks: readonly Remark[]): string =>
  [
    remarks.length === 1 ? 'A comment on your changes:' : `${remarks.length} comments on your changes:`,
    ...remarks.map((one) => `${placeOf(one)}\n> ${one.line.text.slice(0, 300)}\n${one.text.trim()}`),
  ].join('\n\n');
