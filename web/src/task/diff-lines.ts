/** A unified diff cut into files and lines. Pure. */

type DiffLine = { kind: 'add' | 'del' | 'same' | 'hunk' | 'meta'; text: string };
export type DiffFile = { name: string; lines: DiffLine[]; added: number; removed: number };

const nameOf = (header: string): string => {
  const quoted = /^diff --git (?:"?a\/.*?"?) "?b\/(.*?)"?$/.exec(header);
  return quoted?.[1] ?? header;
};

const lineOf = (text: string, inHunk: boolean): DiffLine => {
  if (text.startsWith('@@')) return { kind: 'hunk', text };
  if (!inHunk) return { kind: 'meta', text };
  if (text.startsWith('+')) return { kind: 'add', text };
  if (text.startsWith('-')) return { kind: 'del', text };
  return { kind: text.startsWith('\\') ? 'meta' : 'same', text };
};

export const diffFiles = (text: string): DiffFile[] => {
  const files: DiffFile[] = [];
  let inHunk = false;
  for (const raw of text.replace(/\n$/, '').split('\n')) {
    if (raw.startsWith('diff --git ')) {
      files.push({ name: nameOf(raw), lines: [], added: 0, removed: 0 });
      inHunk = false;
      continue;
    }
    const file = files.at(-1);
    if (!file) continue;
    const line = lineOf(raw, inHunk);
    if (line.kind === 'hunk') inHunk = true;
    if (line.kind === 'add') file.added += 1;
    if (line.kind === 'del') file.removed += 1;
    file.lines.push(line);
  }
  return files;
};
