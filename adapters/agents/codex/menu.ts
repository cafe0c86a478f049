/** The numbered menus of Codex before a conversation begins: whether a folder is trusted, what is to become of hooks. */

const menu = /(?:^|\n)((?:[› ] \d\. [^\n]*\n(?: {4,}[^\n]*\n)*)+)\s*enter continue[^\n]*\s*$/u;

/** Its lines in their order; null where there is none. */
export const menuChoices = (text: string): string[] | null => {
  const lines = menu.exec(text)?.[1];
  return lines === undefined ? null : [...lines.matchAll(/^[› ] \d\. (.*?) *$/gmu)].map(([, words = '']) => words);
};
