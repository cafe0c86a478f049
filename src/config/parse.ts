/** Text of config.toml → values, or every mistake with its file, line, key and what was probably meant. */
import { parse, TomlError } from 'smol-toml';
import type { z } from 'zod';
import { ensureError, fail, ok, type Result } from '../errors.ts';
import { nearest } from '../lib/nearest.ts';
import { lineOf } from './locate.ts';
import { agentTable, budgetTable, type ConfigFile, configFile, policyRule, pricesTable, priceTable, syncTable } from './schema.ts';

export type Mistake = { line: number | null; key: string; sentence: string };

/** `CCM_CONFIG_INVALID`; the detail is the first mistake, `extra.mistakes` has all of them. */
export const parseConfig = (source: string, path: string): Result<ConfigFile> => {
  let raw: unknown;
  try {
    raw = parse(source);
  } catch (thrown) {
    const error = ensureError(thrown);
    const line = error instanceof TomlError ? error.line : null;
    const words = (error.message.split('\n')[0] ?? '').replace(/^Invalid TOML document:\s*/, '');
    return refuse(path, [{ line, key: '', sentence: `this is not TOML: ${words}` }]);
  }
  const parsed = configFile.safeParse(raw, { reportInput: true });
  if (parsed.success) return ok(parsed.data);
  return refuse(
    path,
    parsed.error.issues.flatMap((issue) => mistakesOf(issue, source)),
  );
};

export const refuse = (path: string, mistakes: Mistake[]) => {
  const sorted = mistakes.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const told = sorted.map(
    ({ line, sentence }) => `${path}${line === null ? '' : `:${line}`}: ${sentence}${sentence.endsWith('?') ? '' : '.'}`,
  );
  const more = told.length > 1 ? ` (and ${told.length - 1} more)` : '';
  return fail('CCM_CONFIG_INVALID', `${told[0] ?? path}${more}`, {
    path,
    line: sorted[0]?.line ?? null,
    key: sorted[0]?.key ?? '',
    mistakes: told,
    ...(told.length > 1 ? { next: 'Correct the named line; `ccm config check` lists the others.' } : {}),
  });
};

const mistakesOf = (issue: z.core.$ZodIssue, source: string): Mistake[] => {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const full = [...issue.path, key];
      const [close] = nearest(key, keysAt(issue.path));
      const hint = close ? `did you mean "${close}"?` : `known here are ${list(keysAt(issue.path))}`;
      return { line: lineOf(source, full), key: dotted(full), sentence: `unknown key "${key}" ${place(issue.path)}; ${hint}` };
    });
  }
  const name = dotted(issue.path);
  return [{ line: lineOf(source, issue.path), key: name, sentence: `${name} ${complaint(issue)}` }];
};

const complaint = (told: z.core.$ZodIssue): string => {
  // Values of an env table may be secrets, and this sentence goes to the log.
  const issue = told.path[2] === 'env' ? { ...told, input: '…' } : told;
  if (issue.code === 'invalid_value') {
    const options = issue.values.map(String);
    const [close] = typeof issue.input === 'string' ? nearest(issue.input, options) : [];
    return `is ${shown(issue.input)}, but must be one of ${list(options)}${close ? `; did you mean "${close}"?` : ''}`;
  }
  if (issue.code === 'invalid_type') return `is ${shown(issue.input)}, but must be ${typeInWords(issue.expected)}`;
  if (issue.code === 'too_big') return `is ${shown(issue.input)}, but must be at most ${String(issue.maximum)}${unitOf(issue.origin)}`;
  if (issue.code === 'too_small') return `is ${shown(issue.input)}, but must be at least ${String(issue.minimum)}${unitOf(issue.origin)}`;
  if (issue.code === 'invalid_key') return `has a last part that ${issue.issues[0]?.message ?? 'is not a valid name'}`;
  if (issue.code === 'invalid_union') return `is ${shown(issue.input)}, but must be a duration such as "30s" or "10m"`;
  return `is ${shown(issue.input)}, but it ${issue.message}`
    .replace('but it must', 'but must')
    .replace(/, but it is not/, ', which is not');
};

const unitOf = (origin: string): string => ({ string: ' characters', array: ' entries' })[origin] ?? '';
const typeInWords = (type: string): string =>
  ({
    int: 'a whole number',
    number: 'a number',
    string: 'a text in quotes',
    array: 'a list in [ ]',
    boolean: 'true or false',
    record: 'a table',
    object: 'a table',
  })[type] ?? type;
const shown = (value: unknown): string => (value === undefined ? 'missing' : (JSON.stringify(value) ?? typeof value).slice(0, 60));
const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.');
const place = (path: readonly PropertyKey[]): string => (path.length === 0 ? 'at the top' : `in [${dotted(path)}]`);
export const list = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(', ');

const keysAt = (path: readonly PropertyKey[]): string[] => {
  if (path.length === 0) return Object.keys(configFile.shape);
  if (path[0] === 'policy') return Object.keys(policyRule.shape);
  if (path[0] === 'budget') return Object.keys(budgetTable.shape);
  if (path[0] === 'sync') return Object.keys(syncTable.shape);
  if (path[0] === 'prices') return Object.keys(path.length === 1 ? pricesTable.shape : priceTable.shape);
  if (path[0] === 'agents' && path.length === 2) return Object.keys(agentTable.shape);
  return Object.keys(agentTable.shape.permissions.unwrap().shape);
};
