/** What was typed, checked: arguments and options of one command. */
import { usageError } from './exit.ts';

export type Input = {
  /** Arguments after the command's name, as they were typed. */
  args: readonly string[];
  /** Last value given, or undefined. */
  text(option: string): string | undefined;
  flag(option: string): boolean;
  /** A whole number within the bounds, or undefined when absent. Anything else is a usage error. */
  number(option: string, min: number, max: number): number | undefined;
  /** Every value given, also those separated by commas. */
  list(option: string): string[];
};

const camel = (name: string): string => name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** `options` as cac returns them: keys in camelCase, values boolean, text or a list of these. */
export const inputOf = (args: readonly string[], options: Readonly<Record<string, unknown>>): Input => {
  const values = (option: string): unknown[] => {
    const value = options[camel(option)];
    return value === undefined ? [] : [value].flat();
  };
  const texts = (option: string): string[] => values(option).filter((value) => typeof value === 'string');
  return {
    args,
    text: (option) => texts(option).at(-1),
    flag: (option) => values(option).at(-1) === true,
    list: (option) =>
      texts(option)
        .flatMap((text) => text.split(','))
        .map((text) => text.trim())
        .filter((text) => text !== ''),
    number(option, min, max) {
      const text = texts(option).at(-1);
      if (text === undefined) return undefined;
      const number = Number(text);
      if (!Number.isInteger(number) || text.trim() === '' || number < min || number > max)
        throw usageError(`--${option} takes a whole number from ${min} to ${max}, not "${text}".`);
      return number;
    },
  };
};
