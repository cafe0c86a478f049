import type { Meta, OutboxRow, ParkedRow, SyncOp } from '../../api/contract/index.ts';
import { age } from '../age.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { table } from '../table.ts';

export const run: Run = async (cli) => {
  const [effects, parked, hub] = await Promise.all([
    cli.api.get<OutboxRow[]>('/outbox'),
    cli.api.get<ParkedRow[]>('/parked'),
    cli.api.get<SyncOp[]>('/sync/outbox'),
  ]);
  const now = cli.now();
  const more = ({ data, meta }: { data: readonly unknown[]; meta: Meta }): string[] =>
    (meta.total ?? 0) > data.length ? [`… and ${(meta.total ?? 0) - data.length} older ones`] : [];
  cli.show({ data: { effects: effects.data, parked: parked.data, hub: hub.data }, meta: effects.meta }, () => {
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
        ...more(effects),
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
        ...more(parked),
      );
    if (hub.data.length > 0)
      lines.push(
        ...(lines.length > 0 ? [''] : []),
        'For the hub',
        ...table(
          [
            { title: 'ID' },
            { title: 'WHAT' },
            { title: 'OF', flex: true },
            { title: 'STATUS' },
            { title: 'AGE', right: true },
            { title: 'PROBLEM', max: 30 },
          ],
          hub.data.map((row) => [
            row.short,
            `${row.kind} ${row.table}`,
            row.title,
            row.status,
            age(now - row.createdAt),
            row.problem ?? '',
          ]),
          cli.columns(),
          cli.paint.dim,
        ),
      );
    return lines.length > 0 ? lines : ['Nothing is due, nothing was put aside.'];
  });
  return exits.ok;
};
