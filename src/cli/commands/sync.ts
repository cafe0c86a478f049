import type { SyncStatus } from '../../api/contract/index.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { syncLines } from '../sync-lines.ts';
import { settled } from '../sync-wait.ts';

export const syncVerb =
  (verb: 'status' | 'now' | 'pause' | 'resume' | 'disable' | 'logout'): Run =>
  async (cli) => {
    const looks = verb === 'now' || verb === 'resume';
    const before = looks ? (await cli.api.get<SyncStatus>('/sync')).data.evidence : null;
    if (verb !== 'status') await cli.api.post<SyncStatus>(`/sync/${verb}`);
    const reply = looks ? await settled(cli, before) : await cli.api.get<SyncStatus>('/sync');
    cli.show(reply, () => syncLines(cli, reply.data));
    return exits.ok;
  };
