/** Literal text for tmux's command parser, which reads one command line per control-mode line. */

/**
 * One argument that tmux's parser turns back into exactly `text`. Single quotes switch off everything (`$`, `~`, `;`, `#`, `{`, `\`);
 * what cannot stand inside them (the quote itself, and line ends, which would end the command) goes outside as an escape.
 * NUL cannot be carried: {@link hasNul} first. An argument that a command expands as a *format* needs {@link formatOf} on top.
 */
export const quote = (text: string): string => `'${text.replaceAll(/['\n\r]/g, (character) => `'"${escapes[character] ?? ''}"'`)}'`;

const escapes: Record<string, string> = { "'": "'", '\n': '\\n', '\r': '\\r' };

export const hasNul = (text: string): boolean => text.includes('\0');

/**
 * tmux expands some arguments (window names, folders) as formats, and its own escape for `#` has exceptions (`##[` stays as it is).
 * A value fetched from an option is not expanded again: so the text is stored in one, and this names it.
 */
export const formatOf = (option: string): string => `'#{${option}}'`;
