/** Whether a permission dialog is about a call: it names the command, or the file. What it cuts short or words in its own way cannot be told apart. */

/** Longer first lines are cut short by dialogs. */
const RECOGNISED = 100;

const squeezed = (text: string): string => text.replaceAll(/[\s│|]+/gu, '');

export const showsCommand = (dialog: string, command: string): boolean => {
  const line = (command.split('\n')[0] ?? '').trim();
  return line.length > RECOGNISED || squeezed(dialog).includes(squeezed(line));
};

/** Where the words of a command line begin that may be told without the folder before them. */
const wordStart = /(?<=[\s'"=:;,(<>|&])/u;

/**
 * Whether a dialog's command line, alone and from its first letter to its last, is this command. Longer and several lines may be cut short there;
 * its words may have been told without their folders. Only so many words are looked at as `RECOGNISED` letters hold.
 */
export const isCommand = (shown: string, command: string): boolean => {
  const line = (command.split('\n')[0] ?? '').trim();
  const whole = line.length <= RECOGNISED && line === command.trim();
  const seen = squeezed(shown);
  let ends = new Set([0]);
  for (const word of line.slice(0, RECOGNISED).split(wordStart).map(squeezed).filter(Boolean)) {
    const reached = new Set<number>();
    for (const at of ends) {
      if (seen.startsWith(word, at)) reached.add(at + word.length);
      if (seen[at] !== '/') continue;
      for (let slash = seen.indexOf('/', at + 1); slash !== -1; slash = seen.indexOf('/', slash + 1))
        if (seen.startsWith(word, slash + 1)) reached.add(slash + 1 + word.length);
    }
    ends = reached;
  }
  return whole ? ends.has(seen.length) : ends.size > 0;
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
