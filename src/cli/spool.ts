/** Reports and calls of hooks that could not be told: a file each, picked up by the daemon when it is back. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../api/contract/index.ts';
import { ensureError, fail, ok, type Result } from '../errors.ts';
import { atomicWrite } from '../lib/atomic-write.ts';
import { sealItem } from '../lib/spool-proof.ts';
import type { Hook } from './hook.ts';

/** Each needs a drain of its own in between. */
const TRIES = 10;

type HookCall = { hook: string; payload: unknown; at: number; id: string };

/** Writes `<spool>/<agent>/<time>-<id>.json` (0600), with the proof that the agent wrote it. Names sort by time. Trouble: CCM_HOME_UNUSABLE, CCM_DISK_FULL. */
export const spoolItem = async (
  spool: string,
  { agent, token }: Pick<Hook, 'agent' | 'token'>,
  item: Report | HookCall,
): Promise<Result<string>> => {
  if (!/^[\w-]{1,128}$/.test(agent)) return fail('CCM_BAD_INPUT', 'CCM_AGENT_ID is not an id.');
  const folder = join(spool, agent);
  const path = join(folder, `${String(item.at ?? 0).padStart(14, '0')}-${item.id ?? ''}.json`);
  for (let tries = 1; ; tries += 1) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (thrown) {
      return fail('CCM_HOME_UNUSABLE', `${folder} cannot be made: ${ensureError(thrown).message}.`, { path: folder });
    }
    const written = await atomicWrite(path, sealItem(agent, token, JSON.stringify(item)));
    if (written.ok) return ok(path);
    // A daemon that has just come back takes empty folders away: also the one that was made a moment ago.
    if (tries >= TRIES || written.problem.code !== 'CCM_HOME_UNUSABLE') return written;
  }
};
