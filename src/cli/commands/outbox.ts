import type { OutboxRow, ParkedRow } from '../../api/contract/index.ts';
import { age } from '../age.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { table } from '../table.ts';

export const run: Run = async (cli) => {
  const [effects, parked] = await Promise.all([cli.api.get<OutboxRow[]>('/outbox'), cli.api.get<ParkedRow[]>('/parked')]);
  const now = cli.now();
  cli.show({ data: { effects: effects.data, parked: parked.data }, meta: effects.meta }, () => {
    const lines: string[] = [];
    if (effects.data.length > 0)
      lines.push(
        ...table(
          [
            { title: 'EFFECT' },
            { title: 'OF', max: 12 },
            { title: 'STATUS' },
            { title: 'TRIES', right: true },
            { title: 'AGE', right: true },
            { title: 'PROBLEM', flex: true },
          ],
          effects.data.map((row) => [
            row.effect,
            row.actor.slice(-12),
            row.status,
            String(row.attempts),
            age(now - row.createdAt),
            row.problem ?? '',
          ]),
          cli.columns(),
          cli.paint.dim,
        ),
      );
    if (parked.data.length > 0)
      lines.push(
        ...(lines.length > 0 ? [''] : []),
        'Put aside',
        ...table(
          [
            { title: 'WHAT' },
            { title: 'OF', max: 12 },
            { title: 'TRIES', right: true },
            { title: 'AGE', right: true },
            { title: 'WHY', flex: true },
          ],
          parked.data.map((row) => [row.type, row.actor?.slice(-12) ?? '', String(row.attempts), age(now - row.at), row.reason]),
          cli.columns(),
          cli.paint.dim,
        ),
      );
    return lines.length > 0 ? lines : ['Nothing is due, nothing was put aside.'];
  });
  return exits.ok;
};
