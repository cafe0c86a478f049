/** Every command, as its help tells it. */
import { globalOptions, type OptionSpec, type Spec } from '../../src/cli/spec.ts';
import { code, made, table, words } from './markdown.ts';

const anchor = (name: string): string => `ccm-${name.replaceAll(' ', '-')}`;

const optionsTable = (options: readonly OptionSpec[]): string[] =>
  options.length === 0
    ? []
    : [
        ...table(
          ['option', ''],
          options.map(({ raw, text }) => [code(raw), words(text)]),
        ),
        '',
      ];

const command = ({ name, args, summary, details, options, examples }: Spec): string[] => [
  `### ccm ${name}`,
  '',
  `${words(summary)}.`,
  '',
  ...(details ?? []).flatMap((paragraph) => [words(paragraph), '']),
  '```sh',
  `ccm ${name}${args ? ` ${args}` : ''} [options]`,
  ...examples.map(([line, does]) => `ccm ${line}   # ${does}`),
  '```',
  '',
  ...optionsTable(options),
];

export const commandsPage = (specs: readonly Spec[]): string => {
  const shown = specs.filter(({ hidden }) => !hidden);
  const groups = [...new Set(shown.map(({ group }) => group))];
  return [
    '# Commands',
    '',
    `${made} The same is told by \`ccm help\` and \`ccm COMMAND --help\`.`,
    '',
    'An id is the full one, the five characters that lists show, or the beginning of a title. Exit codes: 0 ok, 1 the task or command failed,',
    '2 wrong use, 3 not found, 4 daemon not reachable, 5 not allowed, 6 not possible in this state.',
    '',
    ...table(
      ['for every command', ''],
      globalOptions.map(({ raw, text }) => [code(raw), text]),
    ),
    '',
    ...groups.flatMap((group) => [
      `- **${group}**: ${shown
        .filter((spec) => spec.group === group)
        .map(({ name }) => `[${name}](#${anchor(name)})`)
        .join(', ')}`,
    ]),
    '',
    ...groups.flatMap((group) => [`## ${group}`, '', ...shown.filter((spec) => spec.group === group).flatMap(command)]),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
};
