/** Reports and calls of hooks that could not be told: a file each, picked up by the daemon when it is back. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../api/contract/index.ts';
import { ensureError, fail, ok, type Result } from '../errors.ts';
import { atomicWrite } from '../lib/atomic-write.ts';
import { sealItem } from '../lib/spool-proof.ts';
import type { Hook } from './hook.ts';

type HookCall = { hook: string; payload: unknown; at: number; id: string };

/** Writes `<spool>/<agent>/<time>-<id>.json` (0600), with the proof that the agent wrote it. Names sort by time. Trouble: CCM_HOME_UNUSABLE, CCM_DISK_FULL. */
export const spoolItem = async (
  spool: string,
  { agent, token }: Pick<Hook, 'agent' | 'token'>,
  item: Report | HookCall,
): Promise<Result<string>> => {
  if (!/^[\w-]{1,128}$/.test(agent)) return fail('CCM_BAD_INPUT', 'CCM_AGENT_ID is not an id.');
  const folder = join(spool, agent);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    return fail('CCM_HOME_UNUSABLE', `${folder} cannot be made: ${ensureError(thrown).message}.`, { path: folder });
  }
  const path = join(folder, `${String(item.at ?? 0).padStart(14, '0')}-${item.id ?? ''}.json`);
  const written = await atomicWrite(path, sealItem(agent, token, JSON.stringify(item)));
  return written.ok ? ok(path) : written;
};
