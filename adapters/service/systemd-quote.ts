/** systemd's quoting (systemd.syntax(7), systemd.service(5)): `%` begins a specifier everywhere, `$` a variable in a command line only. */

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%');

/** One word of `Environment=`, with its quotes. */
export const assignment = (name: string, value: string): string => `Environment="${name}=${escaped(value)}"`;

/** One word of `ExecStart=`, with its quotes. */
export const argument = (word: string): string => `"${escaped(word).replaceAll('$', '$$$$')}"`;

/** A path that fills the rest of a line: no quotes there. */
export const wholePath = (path: string): string => path.replaceAll('%', '%%');

/** What no unit file can hold: a line break ends the line, other control characters end the parser's patience. */
export const unfit = (text: string): boolean => /\p{Cc}/u.test(text);
