/**
 * How the program misbehaves, told by lines of the prompt itself: `fault:swallow 2`. One line each, anywhere in the text.
 *
 * `swallow N`: the first N Enters on this text do nothing · `debounce MS`: an Enter within MS after the paste is a line end · `dialog MS`: a dialog
 * covers the box as soon as this text is pasted, for so long; an Enter on it ends the program · `draft`: somebody's own words stand in the box when
 * the turn is over, until Ctrl-C · `after-dialog MS`: such a dialog stands there when the turn is over · `lose HOOK`: that hook is not called in this
 * turn · `stale HOOK`: the last call of that hook of an earlier turn comes again in the middle · `twice HOOK`: it is called two times · `late HOOK MS`:
 * it is called so much later · `crash`: it kills itself in the middle of the turn · `vanish`: it and all between it and the terminal are killed, so
 * that nobody writes down how it ended · `freeze MS`: it does nothing at all for so long · `lie TITLE`: the title of its terminal
 */
export type Fault = { name: string; text: string; ms: number };

export const faultsIn = (prompt: string): Fault[] =>
  prompt.split('\n').flatMap((line) => {
    const [, name, text = ''] = /^\s*fault:(\S+)\s*(.*)$/u.exec(line) ?? [];
    return name === undefined ? [] : [{ name, text, ms: Number(/\d+/u.exec(text)?.[0] ?? 0) }];
  });

export const faultIn = (prompt: string, name: string): Fault | undefined => faultsIn(prompt).find((fault) => fault.name === name);

/** The fault of this name that concerns this hook. */
export const hookFault = (prompt: string, name: string, hook: string): Fault | undefined =>
  faultsIn(prompt).find((fault) => fault.name === name && fault.text.split(' ')[0] === hook);
