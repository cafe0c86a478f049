/** A unified diff cut into files and lines, each with its numbers before and after. Pure. */

type Kind = 'add' | 'del' | 'same' | 'hunk' | 'meta';
export type DiffLine = { kind: Kind; text: string; before: number | null; after: number | null };
export type DiffFile = { name: string; lines: DiffLine[]; added: number; removed: number };

const nameOf = (header: string): string => {
  const quoted = /^diff --git (?:"?a\/.*?"?) "?b\/(.*?)"?$/.exec(header);
  return quoted?.[1] ?? header;
};

const kindOf = (text: string, inHunk: boolean): Kind => {
  if (text.startsWith('@@')) return 'hunk';
  if (!inHunk) return 'meta';
  if (text.startsWith('+')) return 'add';
  if (text.startsWith('-')) return 'del';
  return text.startsWith('\\') ? 'meta' : 'same';
};

export const diffFiles = (text: string): DiffFile[] => {
  const files: DiffFile[] = [];
  let inHunk = false;
  let before = 0;
  let after = 0;
  for (const raw of text.replace(/\n$/, '').split('\n')) {
    if (raw.startsWith('diff --git ')) {
      files.push({ name: nameOf(raw), lines: [], added: 0, removed: 0 });
      inHunk = false;
      continue;
    }
    const file = files.at(-1);
    if (!file) continue;
    const kind = kindOf(raw, inHunk);
    if (kind === 'hunk') {
      inHunk = true;
      const [, from = '1', to = '1'] = /^@@ -(\d+)\S* \+(\d+)/.exec(raw) ?? [];
      before = Number(from);
      after = Number(to);
    }
    const counts = kind === 'add' || kind === 'del' || kind === 'same';
    file.lines.push({
      kind,
      text: raw,
      before: counts && kind !== 'add' ? before++ : null,
      after: counts && kind !== 'del' ? after++ : null,
    });
    if (kind === 'add') file.added += 1;
    if (kind === 'del') file.removed += 1;
  }
  return files;
};
