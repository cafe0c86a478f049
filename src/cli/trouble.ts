/** How trouble is told: one sentence, the next step, an exit code. A stack only with CCM_DEBUG=1. */
import { CcmError, catalogue, ensureError, type Problem } from '../errors.ts';
import { exitOf, exits } from './exit.ts';
import { oneLine, safeText } from './width.ts';

type Where = { json: boolean; debug: boolean; note: (line: string) => void };

const ofFolders = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC']);

/** What the system refused in the home is said of the home; anything else stays what it was. `root`: absolute. */
export const ofHome = (thrown: unknown, root: string): unknown => {
  if (!(thrown instanceof Error) || thrown instanceof CcmError || !('code' in thrown) || !('path' in thrown)) return thrown;
  const { code, path } = thrown;
  if (typeof path !== 'string' || (path !== root && !path.startsWith(`${root}/`)) || !ofFolders.has(String(code))) return thrown;
  return new CcmError('CCM_HOME_UNUSABLE', `${path} cannot be used: ${thrown.message}.`, { path }, thrown);
};

/** Prints and returns the exit code. */
export const tellTrouble = (thrown: unknown, { json, debug, note }: Where): number => {
  const error = ensureError(thrown);
  const known = error instanceof CcmError;
  const extra = known ? (error.extra ?? {}) : {};
  const code = known ? error.code : 'CCM_INTERNAL';
  const detail = known ? safeText(error.message) : `ccm itself broke: ${oneLine(error.message)}`;
  const next = typeof extra.next === 'string' ? extra.next : known ? catalogue[code].next : 'Run it again with CCM_DEBUG=1 to see where.';
  if (json) note(JSON.stringify({ error: { code, title: catalogue[code].title, ...extra, detail, next } }));
  else {
    note(detail);
    for (const line of particulars(extra)) note(line);
    note(`→ ${oneLine(next)}`);
  }
  if (debug && error.stack) note(error.stack);
  return known ? exitOf(code) : exits.failed;
};

/** The same for a returned problem, before there is anything else. */
export const tellProblem = ({ code, detail, extra }: Problem): number =>
  tellTrouble(new CcmError(code, detail, extra), { json: false, debug: false, note: (line) => void process.stderr.write(`${line}\n`) });

/** What the problem document says beyond its sentence: what matches, what is legal now. */
const particulars = ({ matches, legal }: Readonly<Record<string, unknown>>): string[] => {
  const lines: string[] = [];
  if (Array.isArray(matches)) for (const match of matches.slice(0, 10)) lines.push(`  ${nameOf(match)}`);
  if (Array.isArray(legal)) lines.push(legal.length > 0 ? `Possible now: ${legal.map(nameOf).join(', ')}.` : 'Nothing is possible now.');
  return lines;
};

const nameOf = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return oneLine(String(value));
  const { verb, short, id, title, name } = value as Record<string, unknown>;
  return oneLine([verb, short ?? id, title ?? name].filter((part) => typeof part === 'string').join('  '));
};
