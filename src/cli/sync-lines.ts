/** The link to the hub as lines for a person. */
import type { SyncStatus } from '../api/contract/index.ts';
import { linkReasonWords } from '../lib/link-words.ts';
import { age, duration } from './age.ts';
import type { Cli } from './cli.ts';
import { statusWord } from './status.ts';
import { pairs } from './table.ts';

const onward: Readonly<Record<string, string>> = {
  localOnly: 'Everything stays here. `ccm init` connects a hub.',
  signedOut: 'What waits is kept. `ccm login` goes on.',
  paused: '`ccm sync resume` goes on.',
  schemaMismatch: 'What to do: docs/sync.md, "Another version". Until then all waits here.',
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

export const syncLines = (cli: Cli, status: SyncStatus): string[] => {
  const now = cli.now();
  const { state, reason, evidence, pending, nextAt } = status;
  const since = evidence === null ? '' : age(now - evidence.at);
  const next = onward[state] ?? onward[reason ?? ''];
  const seen = evidence && state !== 'localOnly' ? `${evidence.text}, ${since === 'now' ? 'just now' : `${since} ago`}` : '';
  return [
    ...pairs(
      [
        ['link', { text: statusWord(state), paint: state === 'online' || state === 'executing' ? cli.paint.green : cli.paint.yellow }],
        ['reason', reason === null ? '' : state === 'signedOut' ? 'the hub ended the session' : (linkReasonWords[reason] ?? reason)],
        ['seen', seen],
        ['next look', nextAt === null || nextAt <= now ? '' : `in ${duration(nextAt - now)}`],
        ['hub', status.url ?? ''],
        ['account', status.email === null ? '' : `${status.email}${status.strong ? ' (second factor proved)' : ''}`],
        ['this system', status.system?.name ?? ''],
        ['waiting', pending === 0 ? '' : `${pending}: ccm outbox`],
        ['refused', status.rejected === 0 ? '' : { text: `${status.rejected}: ccm outbox`, paint: cli.paint.yellow }],
        ['replaced', status.conflicts === 0 ? '' : `${counted(status.conflicts, 'edit')} by newer ones`],
        ['in flight', status.inFlight === 0 || state === 'localOnly' ? '' : `${counted(status.inFlight, 'task')} between systems`],
      ],
      cli.columns(),
      cli.paint.dim,
    ),
    ...(next === undefined ? [] : [cli.paint.dim(next)]),
  ];
};
