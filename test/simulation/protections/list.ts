/** Every claim of docs/security.md with the lines that make it true. */
import { agents } from './agents.ts';
import { callers } from './callers.ts';
import { door } from './door.ts';
import { files } from './files.ts';
import { leaving } from './leaving.ts';
import type { Protection } from './protection.ts';

export const protections: readonly Protection[] = [...door, ...agents, ...callers, ...files, ...leaving];

/** The rows of the table of protections: first cells. */
export const rowsOf = (page: string): string[] => {
  const lines = page.split('\n');
  const begin = lines.indexOf('| protection | test |');
  return lines.slice(begin + 2, lines.indexOf('', begin)).map((line) => line.split(' | ')[0]?.replace(/^\| /, '') ?? '');
};
