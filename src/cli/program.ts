/** Finds the command, loads its code, runs it, tells trouble. */

import { CcmError, catalogue } from '../errors.ts';
import { nearest } from '../lib/nearest.ts';
import { makeCli, type World } from './cli.ts';
import { exits, usageError } from './exit.ts';
import { helpText, overview } from './help.ts';
import { parse } from './parse.ts';
import type { Spec } from './spec.ts';
import { specs } from './specs/index.ts';
import { ofHome, tellTrouble } from './trouble.ts';

/** `words` as typed after `ccm`. Returns the exit code; everything was told on stdout and stderr. */
export const runProgram = async (words: readonly string[], world: World): Promise<number> => {
  const before = words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
  const json = before.some((word) => word === '--json' || word === '--json=true');
  const cli = makeCli(world, { json, colour: !before.includes('--no-color') });
  let called = 'ccm';
  try {
    const found = findCommand(words, cli.columns());
    if ('text' in found) {
      if (found.fine) world.stdout.write(`${found.text}\n`);
      else cli.note(found.text);
      return found.fine ? exits.ok : exits.usage;
    }
    called = `ccm ${found.spec.name}`;
    const parsed = parse(found.spec, found.rest, cli.columns());
    if ('help' in parsed) {
      world.stdout.write(`${parsed.help}\n`);
      return exits.ok;
    }
    const { run } = await found.spec.load();
    return await run(cli, parsed.input);
  } catch (thrown) {
    return tellTrouble(ofHome(typed(thrown, called), world.home.root), { json, debug: world.env.CCM_DEBUG === '1', note: cli.note });
  }
};

/** "The named field" is one of a request: whoever typed a command is shown where its words are explained. */
const typed = (thrown: unknown, called: string): unknown => {
  if (!(thrown instanceof CcmError) || thrown.code !== 'CCM_BAD_INPUT') return thrown;
  const next = thrown.extra?.['next'] ?? catalogue.CCM_BAD_INPUT.next;
  if (next !== catalogue.CCM_BAD_INPUT.next) return thrown;
  return new CcmError(thrown.code, thrown.message, { ...thrown.extra, next: `See \`${called} --help\`.` }, thrown);
};

type Found = { spec: Spec; rest: string[] } | { text: string; fine: boolean };

/** The command may stand behind global options, and help may be asked for in every customary way. */
const findCommand = (words: readonly string[], columns: number): Found => {
  const at = words.findIndex((word) => !word.startsWith('-'));
  const first = words[at];
  const leading = at === -1 ? words : words.slice(0, at);
  if (first === undefined) {
    if (leading.some((word) => ['-v', '-V', '--version'].includes(word)))
      return commandNamed(
        'version',
        leading.filter((word) => word === '--json'),
      );
    const wrong = leading.find((word) => !['-h', '--help', '--json', '--no-color'].includes(word));
    if (wrong) throw usageError(`ccm has no option ${wrong}.`, 'See `ccm --help`.');
    return { text: overview(specs, columns), fine: leading.some((word) => word === '-h' || word === '--help') };
  }
  const rest = words.slice(at + 1);
  if (first === 'help')
    return help(
      rest.filter((word) => !word.startsWith('-')),
      columns,
    );
  const second = rest.findIndex((word) => !word.startsWith('-'));
  const double = second === -1 ? undefined : specs.find((spec) => spec.name === `${first} ${rest[second]}`);
  if (double) return { spec: double, rest: [...leading, ...rest.slice(0, second), ...rest.slice(second + 1)] };
  return commandNamed(first, [...leading, ...rest]);
};

const commandNamed = (name: string, rest: string[]): Found => {
  const spec = specs.find((one) => one.name === name);
  if (spec) return { spec, rest };
  const family = specs.filter((one) => one.name.startsWith(`${name} `));
  if (family.length > 0) return familyHelp(name, family, rest);
  throw unknown(name);
};

const familyHelp = (name: string, family: readonly Spec[], rest: readonly string[]): Found => {
  const typed = rest.find((word) => !word.startsWith('-'));
  if (typed !== undefined) {
    const [meant] = nearest(
      typed,
      family.map((spec) => spec.name.slice(name.length + 1)),
    );
    throw usageError(
      `ccm ${name} has no command ${typed}.`,
      meant ? `Did you mean \`ccm ${name} ${meant}\`?` : `See \`ccm ${name} --help\`.`,
    );
  }
  const lines = ['Usage', ...family.map((spec) => `  ccm ${spec.name} ${spec.args}`.trimEnd()), '', 'Examples'];
  for (const spec of family) for (const [line, does] of spec.examples.slice(0, 1)) lines.push(`  ccm ${line}`, `      ${does}`);
  return { text: lines.join('\n'), fine: rest.some((word) => word === '-h' || word === '--help') };
};

const help = (words: readonly string[], columns: number): Found => {
  const [name] = words;
  if (name === undefined) return { text: overview(specs, columns), fine: true };
  const spec = specs.find((one) => one.name === words.slice(0, 2).join(' ')) ?? specs.find((one) => one.name === name);
  return spec ? { text: helpText(spec, columns), fine: true } : commandNamed(name, ['--help']);
};

const unknown = (name: string) => {
  const names = [...new Set(specs.filter((spec) => !spec.hidden).map((spec) => spec.name.split(' ')[0] ?? ''))];
  const [meant] = nearest(name, names);
  return usageError(
    `There is no command ${name}.`,
    meant ? `Did you mean \`ccm ${meant}\`? \`ccm --help\` lists all.` : '`ccm --help` lists all commands.',
  );
};
