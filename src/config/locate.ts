/** Finds the line of a key in TOML text, since the parser keeps no positions. Good enough to point at; never used to read values. */

/** 1-based line of the key at `path` (`['agents', 'shop', 'command']`), of its nearest parent that is written out, or null. */
export const lineOf = (source: string, path: readonly PropertyKey[]): number | null => {
  const wanted = path.map(String);
  let best: { depth: number; line: number } | null = null;
  for (const { keys, line } of keysOf(source)) {
    const depth = keys.length;
    if (depth > wanted.length || !keys.every((key, i) => key === wanted[i])) continue;
    if (!best || depth > best.depth) best = { depth, line };
  }
  return best?.line ?? null;
};

/** Every table header and `key =` with its full path. Values that go over several lines are skipped. */
const keysOf = function* (source: string): Generator<{ keys: string[]; line: number }> {
  let table: string[] = [];
  const items = new Map<string, number>();
  let open: '"""' | "'''" | null = null;
  let depth = 0;
  for (const [index, text] of source.split('\n').entries()) {
    const line = index + 1;
    let rest = text;
    if (open === null && depth === 0) {
      const header = /^\s*(\[\[?)([^\]]+)\]\]?/.exec(text);
      if (header) {
        table = splitKey(header[2] ?? '');
        if (header[1] === '[[') {
          // The items of a list of tables are told apart by their place.
          const name = table.join('.');
          const place = items.get(name) ?? 0;
          items.set(name, place + 1);
          table = [...table, String(place)];
        }
        yield { keys: table, line };
        continue;
      }
      const entry = /^\s*((?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+))*)\s*=(.*)$/.exec(text);
      if (entry) {
        yield { keys: [...table, ...splitKey(entry[1] ?? '')], line };
        rest = entry[2] ?? '';
      }
    }
    ({ open, depth } = scan(rest, open, depth));
  }
};

const splitKey = (text: string): string[] =>
  [...text.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|([\w-]+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');

/** Follows strings and brackets over one line, so that a `key =` inside a text or an array is not taken for a key. */
const scan = (text: string, before: '"""' | "'''" | null, depthBefore: number) => {
  let open = before;
  let depth = depthBefore;
  for (let i = 0; i < text.length; i += 1) {
    if (open !== null) {
      const end = text.indexOf(open, i);
      if (end < 0) break;
      i = end + 2;
      open = null;
    } else if (text.startsWith('"""', i) || text.startsWith("'''", i)) {
      open = text.startsWith('"""', i) ? '"""' : "'''";
      i += 2;
    } else if (text[i] === '"' || text[i] === "'") i = endOfString(text, i);
    else if (text[i] === '#') break;
    else if (text[i] === '[' || text[i] === '{') depth += 1;
    else if (text[i] === ']' || text[i] === '}') depth = Math.max(0, depth - 1);
  }
  return { open, depth };
};

const endOfString = (text: string, start: number): number => {
  const quote = text[start];
  for (let i = start + 1; i < text.length; i += 1) {
    if (quote === '"' && text[i] === '\\') i += 1;
    else if (text[i] === quote) return i;
  }
  return text.length;
};
