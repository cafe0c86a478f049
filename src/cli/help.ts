/** Help texts, wrapped to the terminal. */
import { globalOptions, type OptionSpec, type Spec } from './spec.ts';
import { pad, widthOf, wrap } from './width.ts';

const columnsOf = (rows: readonly (readonly [string, string])[], columns: number): string[] => {
  const left = Math.min(30, Math.max(0, ...rows.map(([name]) => widthOf(name))));
  return rows.flatMap(([name, text]) => {
    const lines = wrap(text, Math.max(20, columns - left - 4));
    const [first = ''] = lines;
    const rest = lines.slice(1).map((line) => `${' '.repeat(left + 4)}${line}`);
    if (widthOf(name) > left) return [`  ${name}`, `${' '.repeat(left + 4)}${first}`, ...rest];
    return [`  ${pad(name, left)}  ${first}`, ...rest];
  });
};

const optionRows = (options: readonly OptionSpec[]): [string, string][] =>
  options.map(({ raw, text }) => [raw.startsWith('--') ? `    ${raw}` : raw, text]);

/** Help of one command: what it does, how it is called, its options, examples. */
export const helpText = (spec: Spec, columns: number): string => {
  const width = Math.min(columns, 100);
  const lines = [...wrap(`${spec.summary}.`, width)];
  for (const paragraph of spec.details ?? []) lines.push('', ...wrap(paragraph, width));
  lines.push('', 'Usage', `  ccm ${spec.name}${spec.args ? ` ${spec.args}` : ''} [options]`);
  lines.push('', 'Options', ...columnsOf(optionRows([...spec.options, ...globalOptions]), width));
  lines.push('', 'Examples');
  for (const [line, does] of spec.examples) lines.push(`  ccm ${line}`, ...wrap(does, width - 6).map((text) => `      ${text}`));
  return lines.join('\n');
};

/** All commands by theme. */
export const overview = (specs: readonly Spec[], columns: number): string => {
  const width = Math.min(columns, 100);
  const shown = specs.filter((spec) => !spec.hidden);
  const lines = [
    'CCM Orchestrator: a supervisor for AI coding agents.',
    '',
    'Usage',
    '  ccm <command> [options]     ccm <command> --help for its options and examples',
  ];
  for (const group of new Set(shown.map((spec) => spec.group))) {
    const rows = shown.filter((spec) => spec.group === group).map((spec): [string, string] => [spec.name, spec.summary]);
    lines.push('', group, ...columnsOf(rows, width));
  }
  lines.push(
    '',
    'Ids',
    ...wrap('Full id, the five characters that lists show, or the beginning of a title.', width - 2).map((line) => `  ${line}`),
    '',
    'Exit codes',
    ...wrap(
      '0 ok, 1 the task or command failed, 2 wrong use, 3 not found, 4 daemon not reachable, 5 not allowed, 6 not possible in this state.',
      width - 2,
    ).map((line) => `  ${line}`),
  );
  return lines.join('\n');
};
