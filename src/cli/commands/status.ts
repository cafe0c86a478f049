import type { Status } from '../../api/contract/index.ts';
import { duration } from '../age.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { statusWord } from '../status.ts';
import { pairs } from '../table.ts';

const numbers = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, n]) => n > 0)
    .map(([status, n]) => `${n} ${statusWord(status)}`)
    .join(' · ') || 'none';

export const run: Run = async (cli) => {
  const reply = await cli.api.get<Status>('/status');
  const { paint } = cli;
  const { data } = reply;
  const { tmux, sync, counts } = data;
  cli.show(reply, () =>
    pairs(
      [
        ['daemon', `${data.version} on ${data.url}, pid ${data.pid}, up ${duration(cli.now() - data.startedAt)}, node ${data.node}`],
        ['home', data.home],
        [
          'tmux',
          tmux.connected
            ? `${tmux.version ?? 'connected'}${tmux.socket ? `, socket ${tmux.socket}` : ''}`
            : { text: tmux.problem ?? 'not connected', paint: paint.red },
        ],
        ['tasks', numbers(counts.tasks)],
        ['agents', `${numbers(counts.agents)} (at most ${data.limits.concurrency} at once)`],
        ['inbox', counts.attention === 0 ? 'empty' : { text: `${counts.attention} waiting for you: ccm inbox`, paint: paint.yellow }],
        ['sync', [statusWord(sync.state), sync.reason ?? '', sync.pending > 0 ? `${sync.pending} pending` : ''].filter(Boolean).join(', ')],
        [
          'unreadable',
          data.unreadable.count === 0
            ? null
            : { text: `${data.unreadable.count} cannot be read: ccm doctor tells which`, paint: paint.red },
        ],
        [
          'database',
          data.heldSince === null
            ? null
            : {
                text: `another program has held it for ${duration(cli.now() - data.heldSince)}: nothing is stored until it lets go (ccm doctor)`,
                paint: paint.red,
              },
        ],
        ['put aside', data.parked === 0 ? null : { text: `${data.parked}: ccm outbox`, paint: paint.yellow }],
      ],
      cli.columns(),
      paint.dim,
    ),
  );
  return exits.ok;
};
