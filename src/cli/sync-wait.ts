/** Waits until the link knows where it stands. */
import { setTimeout as pause } from 'node:timers/promises';
import type { SyncStatus } from '../api/contract/index.ts';
import type { Reply } from './api.ts';
import type { Cli } from './cli.ts';

const PATIENCE_MS = 30_000;
/** In the others nobody looks. */
const looks = new Set(['syncing', 'online', 'executing', 'offline', 'queuing']);

/** `before`: the evidence as it was when a look was asked for; what is known is then not enough, it must be newer. */
export const settled = async (cli: Cli, before?: SyncStatus['evidence']): Promise<Reply<SyncStatus>> => {
  const until = cli.now() + PATIENCE_MS;
  for (;;) {
    const reply = await cli.api.get<SyncStatus>('/sync');
    const { state, reason, evidence } = reply.data;
    const unknown = state === 'syncing' || ((state === 'offline' || state === 'queuing') && reason === null);
    const old = before !== undefined && looks.has(state) && evidence?.at === before?.at;
    if ((!unknown && !old) || cli.now() > until) return reply;
    await pause(150);
  }
};
