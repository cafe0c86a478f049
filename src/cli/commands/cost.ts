import type { UsageReport } from '../../api/contract/index.ts';
import { nearest } from '../../lib/nearest.ts';
import { duration, localTime, parseSince } from '../age.ts';
import type { Cli } from '../cli.ts';
import { exits, usageError } from '../exit.ts';
import type { Run } from '../spec.ts';
import { type Cell, type Column, table } from '../table.ts';
import { costText, tokensText, usageText } from '../usage-lines.ts';

const groups = ['task', 'agent', 'project', 'day', 'profile', 'model'] as const;

export const run: Run = async (cli, input) => {
  const by = input.text('by') ?? 'task';
  if (!groups.some((one) => one === by)) {
    const [meant] = nearest(by, groups);
    throw usageError(`--by does not know "${by}".`, meant ? `Did you mean ${meant}?` : `It takes ${groups.join(', ')}.`);
  }
  const text = input.text('since');
  const since = text === undefined ? undefined : parseSince(text, cli.now());
  if (since === null) throw usageError(`--since does not understand "${text}".`, 'Write 7d, 12h or 2026-03-04.');
  const [project, task] = [input.text('project'), input.args[0]];
  const reply = await cli.api.get<UsageReport>('/usage', { by, since, project, task, limit: input.number('limit', 1, 500) });
  cli.show(reply, () => reportLines(cli, reply.data, since));
  return exits.ok;
};

const reportLines = (cli: Cli, { by, from, rows, total, prices }: UsageReport, since: number | undefined): string[] => {
  if (!total) return ['Nothing was used, as far as is known: not every agent tells.'];
  const whole = from !== null && since !== undefined && from < since;
  const ids = by === 'task' || by === 'agent';
  const columns: Column[] = [
    ...(ids ? [{ title: 'ID' }] : []),
    { title: by.toUpperCase(), flex: true },
    { title: 'COST', right: true },
    { title: 'IN', right: true },
    { title: 'OUT', right: true },
    { title: 'CACHED', right: true, spare: 1 },
    { title: 'REQUESTS', right: true, spare: 2 },
    ...(by === 'model'
      ? []
      : [
          { title: 'TURNS', right: true },
          { title: 'BUSY', right: true },
        ]),
  ];
  const cells = rows.map((row): Cell[] => [
    ...(ids ? [{ text: row.short ?? '', paint: cli.paint.bold }] : []),
    row.name,
    // A program that tells nothing of its requests has no figures, rather than noughts.
    ...(row.requests === 0
      ? ['unknown', '', '', '', '']
      : [
          costText(row) || 'unknown',
          tokensText(row.input),
          tokensText(row.output),
          tokensText(row.cacheRead + row.cacheWrite),
          String(row.requests),
        ]),
    ...(row.turns === null || row.busyMs === null ? [] : [String(row.turns), duration(row.busyMs)]),
  ]);
  return [
    ...table(columns, cells, cli.columns(), cli.paint.dim),
    cli.paint.dim(usageText(total)),
    ...(whole ? [cli.paint.dim(`Of that day only sums are kept: all of it counts, from ${localTime(from)} on.`)] : []),
    ...unknownLines(cli, total, prices),
  ];
};

const unknownLines = (cli: Cli, { unpriced, requests }: NonNullable<UsageReport['total']>, prices: string | null): string[] => {
  if (unpriced === 0) return prices === null ? [] : [cli.paint.dim(`Prices of config.toml: ${prices}.`)];
  const which = unpriced === requests ? 'The cost is not known' : `The cost of ${unpriced} of ${requests} requests is not known`;
  return [cli.paint.dim(`${which}: the program does not tell it and [prices] in config.toml has none for the model.`)];
};
