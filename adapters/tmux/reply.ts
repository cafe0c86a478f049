/** What a reply means to a caller of the port. */
import { fail, ok, type Result } from '../../src/errors.ts';
import type { Reply } from './client.ts';

export const lost = () => fail('CCM_TMUX_LOST', 'There is no connection to the tmux server.');

export const gone = (pane: string) => fail('CCM_PANE_GONE', `Pane ${pane} is gone.`, { pane });

/** The printed lines of each command of a line; the first refusal otherwise. */
export const outputs = (reply: Reply, pane: string): Result<Buffer[][]> => {
  if (reply === null) return lost();
  const refused = reply.find((block) => !block.ok);
  if (refused === undefined) return ok(reply.map((block) => block.lines));
  const words = refused.lines.map((line) => line.toString('utf8')).join(' ');
  if (/^can't find (pane|window|session)/.test(words)) return gone(pane);
  return fail('CCM_TMUX_REFUSED', `tmux said: ${words}.`, { words });
};

/** The same for commands whose output says nothing. */
export const done = (reply: Reply, pane: string): Result<void> => {
  const result = outputs(reply, pane);
  return result.ok ? ok(undefined) : result;
};
