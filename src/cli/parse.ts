/** From words to a checked command line, by cac. */
import { type CAC, cac } from 'cac';
import { nearest } from '../lib/nearest.ts';
import { usageError } from './exit.ts';
import { helpText } from './help.ts';
import { type Input, inputOf } from './input.ts';
import { globalOptions, readOption, type Spec } from './spec.ts';

export type Parsed = { help: string } | { input: Input };

/**
 * Why words are masked: cac turns `00123` and `1e5` into numbers, and takes the `-` of `--file -` for an option. Short ids look like
 * numbers, and prompts may look like anything. So every value is replaced by a mark before, and put back after.
 */
const masker = () => {
  const kept: string[] = [];
  return {
    hide: (word: string): string => `\ufdd0${kept.push(word) - 1}\ufdd0`,
    show: (text: string): string => text.replaceAll(/\ufdd0(\d+)\ufdd0/g, (_, index: string) => kept[Number(index)] ?? ''),
  };
};

/** `words` are what follows the command's name. `columns` is for the help text. */
export const parse = (spec: Spec, words: readonly string[], columns: number): Parsed => {
  const options = [...globalOptions, ...spec.options];
  const takesValue = new Set(
    options
      .map(readOption)
      .filter(({ value }) => value)
      .flatMap(({ names }) => names),
  );
  const { hide, show } = masker();
  const argv: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (word === '--') {
      argv.push(...words.slice(i + 1).map(hide));
      break;
    }
    if (word === '-' || !word.startsWith('-')) {
      argv.push(hide(word));
      continue;
    }
    const [, dashes = '', name = '', rest] = /^(--?)([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    const short = dashes === '-' && takesValue.has(name.slice(0, 1)) ? name.slice(1) : '';
    if (short !== '') argv.push(`-${name.slice(0, 1)}`, hide(short));
    else if (!takesValue.has(name)) argv.push(word);
    else if (rest !== undefined) argv.push(dashes + name, hide(rest));
    else {
      argv.push(word);
      const value = words[i + 1];
      // A word with dashes is the next option, unless it is the `-` for standard input or a negative number.
      if (value !== undefined && (!value.startsWith('-') || value === '-' || /^-\d+$/.test(value))) {
        argv.push(hide(value));
        i += 1;
      }
    }
  }

  let parsed: Input | null = null;
  const cli = program(spec);
  cli.commands[0]?.action(() => {
    const unmask = (value: unknown): unknown =>
      typeof value === 'string' ? show(value) : Array.isArray(value) ? value.map(unmask) : value;
    const values = Object.fromEntries(Object.entries(cli.options).map(([key, value]) => [key, unmask(value)]));
    parsed = inputOf(cli.args.map(show), values);
  });
  cli.parse(['', '', spec.name, ...argv], { run: false });
  if (cli.options.help) return { help: helpText(spec, columns) };
  try {
    cli.runMatchedCommand();
  } catch (thrown) {
    throw explain(spec, show(thrown instanceof Error ? thrown.message : String(thrown)));
  }
  if (!parsed) throw usageError(`ccm ${spec.name} could not be read.`, helpHint(spec));
  return { input: parsed };
};

const program = (spec: Spec): CAC => {
  const cli = cac('ccm');
  for (const { raw, text } of globalOptions) cli.option(raw, text);
  const command = cli.command(`${spec.name} ${spec.args}`.trim(), spec.summary);
  for (const { raw, text } of spec.options) command.option(raw, text);
  return cli;
};

const helpHint = (spec: Spec): string => `See \`ccm ${spec.name} --help\`.`;

/** cac's message in our words, with the option that was probably meant. */
const explain = (spec: Spec, message: string) => {
  const unknown = /^Unknown option `-+(.+)`$/.exec(message)?.[1];
  if (unknown !== undefined) {
    const typed = unknown.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const [meant] = nearest(
      typed,
      [...spec.options, ...globalOptions]
        .flatMap((option) => readOption(option).names)
        .filter((name) => name.length > 1 || typed.length === 1),
    );
    const dashed = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`);
    return usageError(
      `ccm ${spec.name} has no option ${dashed(typed)}.`,
      meant ? `Did you mean ${dashed(meant)}? See \`ccm ${spec.name} --help\`.` : helpHint(spec),
    );
  }
  const missing = /^option `(.+)` value is missing$/.exec(message)?.[1];
  if (missing !== undefined) return usageError(`The option ${missing} needs its value.`, helpHint(spec));
  const unused = /^Unused args: (.+)$/s.exec(message)?.[1];
  if (unused !== undefined) {
    const quotes = spec.name === 'new' || spec.name === 'send' ? ' Put text of several words in quotes.' : '';
    return usageError(`ccm ${spec.name} does not take ${unused}.${quotes}`, helpHint(spec));
  }
  if (message.startsWith('missing required args')) return usageError(`Use: ccm ${spec.name} ${spec.args}`, helpHint(spec));
  return usageError(`${message}.`, helpHint(spec));
};
