/** One call of an agent program's command hook, on standard input. Says what the daemon answers, else nothing, and never fails: the program would take both as our decision. */
import { ensureError } from '../../errors.ts';
import type { Cli } from '../cli.ts';
import { exits } from '../exit.ts';
import { askHook, hookOf } from '../hook.ts';
import type { Run } from '../spec.ts';
import { readSource } from '../text-source.ts';

/** A program must not be held up by a daemon that is away. */
const PATIENCE_MS = 2_000;

export const run: Run = async (cli, input) => {
  let answer: readonly string[] = [];
  try {
    answer = await pass(cli, input.args[0] ?? '');
  } catch (thrown) {
    cli.note(`The hook could not be told: ${ensureError(thrown).message}`);
  }
  cli.show({ data: { ok: true } }, () => answer);
  return exits.ok;
};

/** Lines for the program. */
const pass = async (cli: Cli, kind: string): Promise<readonly string[]> => {
  const at = cli.now();
  const hook = hookOf(cli);
  const payload: unknown = JSON.parse(await readSource(cli, '-'));
  const reply = await askHook(hook, { method: 'POST', path: `/hooks/${encodeURIComponent(kind)}`, body: payload, timeoutMs: PATIENCE_MS });
  // In the program's own shape, not in ours.
  if ('problem' in reply) return reply.status < 300 && Object.keys(reply.problem).length > 0 ? [JSON.stringify(reply.problem)] : [];
  if ('data' in reply) return [];
  const { spoolItem } = await import('../spool.ts');
  const kept = await spoolItem(cli.home.spool, hook, { hook: kind, payload, at, id: crypto.randomUUID() });
  if (!kept.ok) cli.note(kept.problem.detail);
  return [];
};
