/** Calls of tools, in the words of a person and as keys by which one is recognised again. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { firstOf } from '../../../src/lib/cut-text.ts';

export const toolInput = z.record(z.string(), z.unknown());
type ToolInput = z.infer<typeof toolInput>;

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
const patchIn = (text: string): string | null => /\*\*\* Begin Patch[\s\S]*?\*\*\* End Patch/u.exec(text)?.[0] ?? null;

/** What a tool works on: a command line, a patch, or whatever else it was given. */
export const targetOf = (input: ToolInput): string => {
  const command = asText(input['command']);
  return command || (Object.keys(input).length > 0 ? JSON.stringify(input) : '');
};

/** Files that a patch changes, as it names them. */
const filesIn = (patch: string): string[] =>
  [...patch.matchAll(/^\*\*\* (?:Add|Update|Delete) File: (.+)$/gmu)].map(([, path = '']) => path.trim());

/** One line for lists: `Bash: npm test`, `apply_patch: src/a.ts`. */
export const shortCall = (tool: string, input: ToolInput): string => {
  const target = targetOf(input);
  const patch = patchIn(target);
  if (patch !== null) return firstOf(`apply_patch: ${filesIn(patch).join(', ')}`, 220);
  const line = firstOf(target.replaceAll(/\s+/gu, ' '), 200);
  return line === '' ? tool : `${tool}: ${line}`;
};

/** All a person needs to decide beside the tool's name. */
export const wholeCall = (input: ToolInput): string => {
  const reason = asText(input['description']);
  return firstOf([targetOf(input), reason && `(${reason})`].filter(Boolean).join('\n'), 18_000);
};

/** The same call has the same key: a patch is told once as a shell line and once as itself, and only questions carry a reason. */
export const callKey = (tool: string, input: ToolInput): string => {
  const { description: _, ...counted } = input;
  const patch = patchIn(asText(input['command']));
  return createHash('sha256')
    .update(patch ?? `${tool} ${JSON.stringify(counted)}`)
    .digest('hex')
    .slice(0, 32);
};
