/**
 * Takes secrets out of everything a recording holds. A secret is known by what it is called, by how it looks, or because it is one of the
 * home's own. The same secret becomes the same mark everywhere, so that a reader still sees where it travelled; the mark tells nothing of it.
 */

type Rule = { name: string; look: RegExp /** Part of the match that stays in front. */; keep?: (match: string) => string };

const rules: readonly Rule[] = [
  { name: 'private key', look: /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?-----END [A-Z ]*PRIVATE KEY-----/g },
  { name: 'web token', look: /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{4,}/g },
  {
    name: 'key',
    look: /\b(?:sk-[\w-]{16,}|sk_(?:live|test)_\w{16,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|AIza[\w-]{30,}|AKIA[A-Z0-9]{16}|npm_\w{30,}|sb[ps]_\w{20,}|hf_\w{20,}|ccm_\w{16,})/g,
  },
  { name: 'authorization', look: /\b(?:Bearer|Basic)\s+[\w.~+/=-]{12,}/gi, keep: (match) => `${match.split(/\s/)[0]} ` },
  { name: 'address with password', look: /:\/\/[^\s/:@]*:[^\s/@]+@/g, keep: () => '://' },
  {
    name: 'named value',
    look: /\b[\w-]*(?:token|secret|passw(?:or)?d|api[_-]?key|access[_-]?key|credential)[\w-]*["']?\s*[=:]\s*["']?[^\s"',;&]{6,}/gi,
    keep: (match) => /^[^=:]*[=:]\s*["']?/.exec(match)?.[0] ?? '',
  },
];

/** A field of this name holds a secret whatever it looks like. */
const secretField = /^(?:.*[_-])?(?:token|secret|password|passwd|api[_-]?key|apikey|authorization|cookie|credentials?)$/i;

export type Redactor = {
  /** The same shape, all texts cleaned. Names of fields are left as they are. */
  clean<T>(value: T): T;
  counts(): Record<string, number>;
};

/**
 * @param known texts that are secrets for certain (8 characters and more are looked for).
 * @param folder of the person: told as `~`.
 */
export const redactor = (known: readonly string[], folder: string): Redactor => {
  const counts = new Map<string, number>();
  const marks = new Map<string, string>();
  const mark = (rule: string, secret: string): string => {
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
    const given = marks.get(secret) ?? `[removed ${marks.size + 1}]`;
    marks.set(secret, given);
    return given;
  };
  const own = known.filter((secret) => secret.length >= 8).toSorted((a, b) => b.length - a.length);
  const text = (raw: string): string => {
    let clean = raw;
    for (const secret of own) clean = clean.replaceAll(secret, () => mark('secret of this home', secret));
    for (const { name, look, keep } of rules)
      clean = clean.replace(look, (match) => {
        if (match.includes('[removed ')) return match;
        const front = keep?.(match) ?? '';
        return front + mark(name, match.slice(front.length)) + (name === 'address with password' ? '@' : '');
      });
    if (folder.length > 1) clean = clean.replaceAll(folder, '~');
    return clean;
  };
  const value = (raw: unknown, field: string): unknown => {
    if (typeof raw === 'string') return raw !== '' && secretField.test(field) ? mark('secret field', raw) : text(raw);
    if (Array.isArray(raw)) return raw.map((one) => value(one, field));
    if (raw === null || typeof raw !== 'object') return raw;
    return Object.fromEntries(Object.entries(raw).map(([name, inner]) => [name, value(inner, name)]));
  };
  return {
    clean: <T>(raw: T): T => value(raw, '') as T,
    counts: () => Object.fromEntries(counts),
  };
};
