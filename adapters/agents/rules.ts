/** Rules of a profile in the notation `Tool` or `Tool(pattern)`, decided by us: for some programs a second lock beside their own. */

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

/** The rule that refuses this call of a tool on `target` (a command, a file, an address), or null. */
export const denied = (deny: readonly string[], tool: string, target: string): string | null =>
  deny.find((text) => {
    const [, name = '', pattern] = rule.exec(text.trim()) ?? [];
    if (!matches(name, tool)) return false;
    return pattern === undefined || partsOf(tool, target).some((part) => matches(pattern, part));
  }) ?? null;

/** What makes a shell line more than the one command that it begins with. */
const compound = /[;&|<>`$(){}\n]/u;

/** The rule that lets this call pass unasked, or null. A pattern lets a plain command pass, never a line of several. */
export const allowed = (allow: readonly string[], tool: string, target: string): string | null =>
  allow.find((text) => {
    const [, name = '', pattern] = rule.exec(text.trim()) ?? [];
    if (!matches(name, tool)) return false;
    return pattern === undefined || (!(tool === 'Bash' && compound.test(target)) && matches(pattern, target));
  }) ?? null;
