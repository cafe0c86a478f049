/** Waits until the link knows where it stands. */
import { setTimeout as pause } from 'node:timers/promises';
import type { SyncStatus } from '../api/contract/index.ts';
import type { Reply } from './api.ts';
import type { Cli } from './cli.ts';

const PATIENCE_MS = 30_000;

export const settled = async (cli: Cli): Promise<Reply<SyncStatus>> => {
  const until = cli.now() + PATIENCE_MS;
  for (;;) {
    const reply = await cli.api.get<SyncStatus>('/sync');
    const { state, reason } = reply.data;
    const unknown = state === 'syncing' || ((state === 'offline' || state === 'queuing') && reason === null);
    if (!unknown || cli.now() > until) return reply;
    await pause(150);
  }
};
