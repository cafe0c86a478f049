/** What the daemon stores: can it be written now, and can all of it be read. */
import { existsSync, realpathSync, statSync } from 'node:fs';
import type { Status } from '../../api/contract/index.ts';
import { ensureError } from '../../errors.ts';
import { isDatabase } from '../../lib/is-database.ts';
import { holdersOf } from '../../lib/open-files.ts';
import { duration } from '../age.ts';
import type { Cli } from '../cli.ts';
import { broken, type Check, odd } from './check.ts';

export const storedChecks = async (cli: Cli, { pid, heldSince, unreadable }: Status): Promise<Check[]> => [
  ...(heldSince === null ? [] : [await held(cli, pid, heldSince)]),
  ...unreadable.first.map(({ id, short, kind, title, reason }) =>
    odd(
      'unreadable',
      `${kind} ${short}${title === '' ? '' : ` "${title}"`} is set aside, all others go on: ${reason}.`,
      nextOf(id, reason),
    ),
  ),
  ...(unreadable.count > unreadable.first.length
    ? [odd('unreadable', `${unreadable.count - unreadable.first.length} more are set aside.`, '`ccm verify` names them all.')]
    : []),
];

/** While no daemon says how it stands: advice to start one would lead nowhere. SQLite makes a database of an empty file. */
export const unopened = ({ home: { database } }: Cli): Check[] => {
  try {
    if ((statSync(database, { throwIfNoEntry: false })?.size ?? 0) === 0 || isDatabase(database)) return [];
    return [broken('database', `${database} is not a database any more.`, '`ccm restore` puts a backup in its place.')];
  } catch (thrown) {
    return [broken('database', `${database} cannot be read: ${ensureError(thrown).message}.`, 'Correct its owner or mode.')];
  }
};

const nextOf = (id: string, reason: string): string =>
  /written by version/.test(reason)
    ? 'Upgrade CCM Orchestrator: a newer one wrote it.'
    : `\`ccm verify ${id}\` tells what is wrong with it; \`ccm restore\` brings a backup back.`;

const held = async (cli: Cli, daemon: number, since: number): Promise<Check> => {
  const { database } = cli.home;
  const others = await holdersOf(existsSync(database) ? realpathSync(database) : database, [daemon, process.pid]);
  const who = others.length === 0 ? 'Another program' : others.map(({ pid, command }) => `${command} (process ${pid})`).join(', ');
  return broken(
    'database',
    `${who} has held it for ${duration(cli.now() - since)}: nothing is stored until it lets go; what agents say meanwhile waits.`,
    'End its transaction, or that program; the daemon goes on by itself.',
  );
};
