import type { Verified } from '../../api/contract/index.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { wrap } from '../width.ts';

export const run: Run = async (cli, { args: [id] }) => {
  const reply = await cli.api.post<Verified>('/verify', { body: id === undefined ? {} : { id }, timeoutMs: 600_000 });
  const { checked, findings } = reply.data;
  cli.show(reply, () => [
    ...findings.flatMap(({ actor, seq, problem }) => wrap(`✗ ${actor}${seq === null ? '' : ` step ${seq}`}: ${problem}`, cli.columns())),
    findings.length === 0 ? `✓ ${checked} steps checked, all in order.` : `${checked} steps checked, ${findings.length} not in order.`,
  ]);
  return findings.length === 0 ? exits.ok : exits.failed;
};
