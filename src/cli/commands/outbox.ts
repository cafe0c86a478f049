import type { Meta, OutboxRow, ParkedRow, SyncOp } from '../../api/contract/index.ts';
import { age } from '../age.ts';
import type { Reply } from '../api.ts';
import type { Cli } from '../cli.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { table } from '../table.ts';

/** As many as the interface gives at once. */
const pageSize = 500;

/** The first `most` of what waits for the hub, page by page. */
const forHub = async (cli: Cli, most: number): Promise<Reply<SyncOp[]>> => {
  const rows: SyncOp[] = [];
  let cursor: string | null = null;
  for (;;) {
    const limit = Math.min(pageSize, most - rows.length);
    const { data, meta }: Reply<SyncOp[]> = await cli.api.get<SyncOp[]>('/sync/outbox', { limit, ...(cursor === null ? {} : { cursor }) });
    rows.push(...data);
    cursor = meta.next ?? null;
    if (cursor === null || rows.length >= most) return { data: rows, meta };
  }
};

export const run: Run = async (cli, input) => {
  const most = input.number('limit', 1, 100_000) ?? 100;
  const [effects, parked, hub] = await Promise.all([
    cli.api.get<OutboxRow[]>('/outbox'),
    cli.api.get<ParkedRow[]>('/parked'),
    forHub(cli, most),
  ]);
  const now = cli.now();
  const total = ({ data, meta }: { data: readonly unknown[]; meta: Meta }): number => meta.total ?? data.length;
  const more = ({ data, meta }: { data: readonly unknown[]; meta: Meta }): string[] =>
    (meta.total ?? 0) > data.length ? [`… and ${(meta.total ?? 0) - data.length} older ones`] : [];
  cli.show(
    {
      data: {
        effects: effects.data,
        parked: parked.data,
        hub: hub.data,
        totals: { effects: total(effects), parked: total(parked), hub: total(hub) },
      },
      meta: effects.meta,
    },
    () => {
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
          ...(total(hub) > hub.data.length ? [`… and ${total(hub) - hub.data.length} newer ones (--limit ${total(hub)} shows all)`] : []),
        );
      return lines.length > 0 ? lines : ['Nothing is due, nothing was put aside.'];
    },
  );
  return exits.ok;
};
