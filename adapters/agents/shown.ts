/** Whether a permission dialog is about a call: it names the command, or the file. What it cuts short or words in its own way cannot be told apart. */

/** Longer first lines are cut short by dialogs. */
const RECOGNISED = 100;

const squeezed = (text: string): string => text.replaceAll(/[\s│|]+/gu, '');

export const showsCommand = (dialog: string, command: string): boolean => {
  const line = (command.split('\n')[0] ?? '').trim();
  return line.length > RECOGNISED || squeezed(dialog).includes(squeezed(line));
};

/** By its name alone: folders are told from wherever the program stands, or left out. */
export const showsFile = (dialog: string, path: string): boolean => {
  const name = squeezed(path.split('\n')[0]?.split('/').at(-1) ?? '');
  return name.length > RECOGNISED || squeezed(dialog).includes(name);
};

/** A question that was read from a screen holds its last lines: they stand there still, whatever moves around them. */
export const showsPicture = (screen: string, picture: string): boolean => {
  const bare = (text: string): string => text.replaceAll(/[^\p{L}\p{N}]+/gu, '');
  return bare(screen).includes(bare(picture));
};
