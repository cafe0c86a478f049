/** Doing something to one thing or to several; or only telling what it would do. */
import type { Consequence } from '../api/contract/index.ts';
import { CcmError } from '../errors.ts';
import { duration } from './age.ts';
import type { Query, Reply } from './api.ts';
import type { Cli } from './cli.ts';
import { exitOf, exits } from './exit.ts';
import type { Input } from './input.ts';
import { statusCell, statusText } from './status.ts';
import { pairs, table } from './table.ts';
import { timerText } from './timer-text.ts';
import { oneLine, wrap } from './width.ts';

/** A dry run of our own. */
export type Foreseen = { legal: boolean; consequence: string };

export type Deed = {
  /** What was named: an id as it was typed. */
  label: string;
  method: 'POST' | 'DELETE';
  /** Where to send it; the next one is tried when there is no such thing under the one before (task, then agent). */
  paths: readonly [string, ...string[]];
  query?: Query;
  body?: unknown;
  /** Its dry run, where the API has none. */
  foresee?: () => Promise<Foreseen>;
};

/** What it would do, in the API's own shape. Nothing happens. */
const foretell = async (cli: Cli, deed: Deed): Promise<Reply<Consequence>> => {
  if (!deed.foresee) return send<Consequence>(cli, deed, true);
  const { legal, consequence } = await deed.foresee();
  return { data: { dryRun: true, legal, consequence, becomes: '', effects: [], timers: [], transitions: [] }, meta: {} };
};

const send = async <T>(cli: Cli, deed: Deed, dry: boolean): Promise<Reply<T>> => {
  let missing: unknown;
  for (const path of deed.paths) {
    try {
      const options = {
        body: deed.body,
        query: { ...deed.query, ...(dry ? { dry_run: true } : {}) },
      };
      return await (deed.method === 'POST' ? cli.api.post<T>(path, options) : cli.api.delete<T>(path, options));
    } catch (thrown) {
      if (!(thrown instanceof CcmError) || thrown.code !== 'CCM_NOT_FOUND') throw thrown;
      missing ??= thrown;
    }
  }
  throw missing;
};

/** One deed, or with `--dry-run` its consequence (exit 6 when it is not legal now). */
export const act = async <T>(
  cli: Cli,
  input: Input,
  deed: Deed,
  lines: (data: T) => readonly string[],
  /** Exit code of what was done; default 0. */
  exit: (data: T) => number = () => exits.ok,
): Promise<number> => {
  if (input.flag('dry-run')) {
    const reply = await foretell(cli, deed);
    cli.show(reply, () => consequenceLines(cli, reply.data));
    return reply.data.legal ? exits.ok : exits.notLegal;
  }
  const reply = await send<T>(cli, deed, false);
  cli.show(reply, () => lines(reply.data));
  return exit(reply.data);
};

/** What a dry run tells a person. */
export const consequenceLines = (cli: Cli, { consequence, becomes, effects, timers, legal }: Consequence): string[] => [
  ...wrap(consequence, cli.columns()),
  ...pairs(
    [
      ['  becomes', legal && becomes !== '' ? statusCell(becomes, cli.paint) : null],
      ['  effects', effects.join(', ')],
      ['  timers', timers.map(({ id, dueIn }) => `${timerText(id)} in ${duration(dueIn)}`).join(', ')],
    ],
    cli.columns(),
    cli.paint.dim,
  ),
  cli.paint.dim('Nothing was done.'),
];

type Outcome = { id: string; ok: boolean; data?: unknown; error?: { code: string; detail: string } };

/** Several deeds: listed only, unless `--yes`. The exit code is the first trouble's. */
export const actOnMany = async (cli: Cli, input: Input, deeds: readonly Deed[], verb: string): Promise<number> => {
  const dry = input.flag('dry-run') || !input.flag('yes');
  const outcomes: Outcome[] = [];
  let exit: number = exits.ok;
  for (const deed of deeds) {
    try {
      const { data } = await (dry ? foretell(cli, deed) : send<unknown>(cli, deed, false));
      outcomes.push({ id: deed.label, ok: true, data });
      if (exit === exits.ok && isKept(data)) exit = exits.notLegal;
    } catch (thrown) {
      // One that cannot be done does not keep the others from being done; a daemon that is away does.
      if (!(thrown instanceof CcmError) || exitOf(thrown.code) === exits.unreachable) throw thrown;
      outcomes.push({ id: deed.label, ok: false, error: { code: thrown.code, detail: thrown.message } });
      if (exit === exits.ok) exit = exitOf(thrown.code);
    }
  }
  cli.show({ data: outcomes, meta: { total: outcomes.length } }, () =>
    [
      ...table(
        [{ title: 'ID' }, { title: dry ? 'WOULD BECOME' : 'STATUS' }, { title: dry ? 'CONSEQUENCE' : '', flex: true }],
        outcomes.map((outcome) => rowOf(cli, outcome)),
        cli.columns(),
        cli.paint.dim,
      ),
      dry ? `Nothing was done. Add --yes to ${verb} ${deeds.length === 1 ? 'it' : `these ${deeds.length}`}.` : '',
    ].filter((line) => line !== ''),
  );
  return dry && !input.flag('dry-run') ? exits.ok : exit;
};

/** A worktree that was not removed, since it holds work that is nowhere else. */
const isKept = (data: unknown): boolean => typeof data === 'object' && data !== null && 'removed' in data && data.removed === false;

const rowOf = (cli: Cli, { id, ok, data, error }: Outcome) => {
  if (!ok) return [id, { text: '✗ not possible', paint: cli.paint.red }, error?.detail ?? ''];
  const { status, title, becomes, consequence, legal, removed, kept } = (data ?? {}) as Record<string, unknown>;
  if (legal === false) return [id, { text: '✗ not possible', paint: cli.paint.red }, String(consequence)];
  if (typeof becomes === 'string')
    return [id, { text: becomes === '' ? '✓ possible' : statusText(becomes), paint: cli.paint.dim }, oneLine(String(consequence))];
  if (typeof removed === 'boolean') return [id, removed ? 'removed' : 'kept', typeof kept === 'string' ? kept : ''];
  return [id, typeof status === 'string' ? statusCell(status, cli.paint) : 'done', typeof title === 'string' ? title : ''];
};
