/** One call of an agent program's command hook, on standard input. Says nothing and never fails: the program would take both as our decision. */
import { ensureError } from '../../errors.ts';
import type { Cli } from '../cli.ts';
import { exits } from '../exit.ts';
import { askHook, hookOf } from '../hook.ts';
import type { Run } from '../spec.ts';
import { readSource } from '../text-source.ts';

/** A program must not be held up by a daemon that is away. */
const PATIENCE_MS = 2_000;

export const run: Run = async (cli, input) => {
  try {
    await pass(cli, input.args[0] ?? '');
  } catch (thrown) {
    cli.note(`The hook could not be told: ${ensureError(thrown).message}`);
  }
  cli.show({ data: { ok: true } }, () => []);
  return exits.ok;
};

const pass = async (cli: Cli, kind: string): Promise<void> => {
  const at = cli.now();
  const hook = hookOf(cli);
  const payload: unknown = JSON.parse(await readSource(cli, '-'));
  const reply = await askHook(hook, { method: 'POST', path: `/hooks/${encodeURIComponent(kind)}`, body: payload, timeoutMs: PATIENCE_MS });
  if (!('away' in reply)) return;
  const { spoolItem } = await import('../spool.ts');
  const kept = await spoolItem(cli.home.spool, hook.agent, { hook: kind, payload, at, id: crypto.randomUUID() });
  if (!kept.ok) cli.note(kept.problem.detail);
};
