/** Rules of a profile in Claude Code's own notation, `Tool` or `Tool(pattern)`, decided by us as a second lock beside its own. */

import type { z } from 'zod';
import { targetOf, type toolInput } from './call.ts';

const rule = /^([^()]+)(?:\((.*)\))?$/su;

/** `*` stands for anything; the older `prefix:*` means the same as `prefix*`. */
const matches = (pattern: string, text: string): boolean => {
  const source = pattern
    .replace(/:\*$/u, '*')
    .split('*')
    .map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/gu, String.raw`\$&`))
    .join('.*');
  return new RegExp(`^${source}$`, 'su').test(text);
};

/** A shell line is refused for any part of it: what stands behind `&&`, `;` or a pipe is run, too. */
const partsOf = (tool: string, target: string): string[] =>
  tool === 'Bash' ? [target, ...target.split(/&&|\|\||[;|&\n]/u).map((part) => part.trim())] : [target];

/** The rule that refuses this call, or null. */
export const denied = (deny: readonly string[], tool: string, input: z.infer<typeof toolInput>): string | null =>
  deny.find((text) => {
    const [, name = '', pattern] = rule.exec(text.trim()) ?? [];
    if (!matches(name, tool)) return false;
    return pattern === undefined || partsOf(tool, targetOf(input)).some((part) => matches(pattern, part));
  }) ?? null;
