import type { ActorAt, ActorView } from '../../api/contract/index.ts';
import { duration, localTime } from '../age.ts';
import { pathOf } from '../api.ts';
import { byText } from '../by.ts';
import type { Cli } from '../cli.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { stateLines } from '../state-lines.ts';
import { statusCell } from '../status.ts';
import { pairs } from '../table.ts';
import { timerText } from '../timer-text.ts';
import { safeText } from '../width.ts';

export const run: Run = async (cli, input) => {
  const [id = ''] = input.args;
  const seq = input.number('at', 0, Number.MAX_SAFE_INTEGER);
  if (seq === undefined) {
    const reply = await cli.api.get<ActorView>(pathOf('actors', id));
    const { data } = reply;
    cli.show(reply, () => [
      ...pairs(
        [
          ['kind', `${data.kind}, machine version ${data.version}, step ${data.seq}`],
          ['title', data.title],
          ['status', statusCell(data.status, cli.paint)],
          ['tags', data.tags.join(', ')],
          ['possible', data.legal.map(({ verb }) => verb).join(', ')],
          ['timers', data.timers.map((timer) => `${timerText(timer.id)} in ${duration(timer.in)}`).join(', ')],
          ['id', data.id],
        ],
        cli.columns(),
        cli.paint.dim,
      ),
      ...snapshotLines(cli, data),
    ]);
    return exits.ok;
  }
  const reply = await cli.api.get<ActorAt>(pathOf('actors', id, 'at', String(seq)));
  const { data } = reply;
  cli.show(reply, () => [
    ...pairs(
      [
        ['kind', `${data.kind}, machine version ${data.version}, step ${data.seq} (${localTime(data.at)})`],
        ['status', statusCell(data.status, cli.paint)],
        ['event', `${data.event.type}${data.by ? ` by ${byText(data.by)}` : ''}`],
        ['id', data.id],
      ],
      cli.columns(),
      cli.paint.dim,
    ),
    ...snapshotLines(cli, data),
  ]);
  return exits.ok;
};

const snapshotLines = (cli: Cli, { value, context }: { value: unknown; context: unknown }): string[] => [
  '',
  cli.paint.dim('state'),
  ...stateLines(value).map((line) => `  ${line}`),
  cli.paint.dim('context'),
  ...safeText(JSON.stringify(context, null, 2))
    .split('\n')
    .slice(1, -1),
];
