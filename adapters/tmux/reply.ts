/** What a reply means to a caller of the port. */
import { fail, ok, type Result } from '../../src/errors.ts';
import type { Reply } from './client.ts';
import type { Block } from './protocol.ts';

export const lost = () => fail('CCM_TMUX_LOST', 'There is no connection to the tmux server.');

export const gone = (pane: string) => fail('CCM_PANE_GONE', `Pane ${pane} is gone.`, { pane });

/** What each command of a line printed; the first refusal otherwise. */
export const outputs = (reply: Reply, pane: string): Result<Block[]> => {
  if (reply === null) return lost();
  const refused = reply.find((block) => !block.ok);
  if (refused === undefined) return ok(reply);
  const words = refused.body.toString('utf8').trim().replaceAll('\n', ' ');
  if (/^can't find (pane|window|session)/.test(words)) return gone(pane);
  return fail('CCM_TMUX_REFUSED', `tmux said: ${words}.`, { words });
};

/** The same for commands whose output says nothing. */
export const done = (reply: Reply, pane: string): Result<void> => {
  const result = outputs(reply, pane);
  return result.ok ? ok(undefined) : result;
};
