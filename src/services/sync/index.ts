/** Everything about the hub that the API offers. */

import type { SyncStatus } from '../../api/contract/sync.ts';
import { fail, ok, problemOf, type Result } from '../../errors.ts';
import { LINK_ID } from '../../sync/link-events.ts';
import type { Caller } from '../caller.ts';
import { type AccountDeps, accountService } from './account.ts';
import { remoteWork } from './remote.ts';
import { syncShow } from './show.ts';

const verbs: Readonly<Record<string, string>> = {
  now: 'SYNC_NOW',
  pause: 'PAUSE',
  resume: 'RESUME',
  disable: 'DISABLE',
  logout: 'SIGN_OUT',
};

/** States whose names are no words. */
const words: Readonly<Record<string, string>> = { localOnly: 'local only', signedOut: 'signed out (`ccm login` goes on)' };

export const syncService = (deps: AccountDeps) => {
  const { runtime, store, engine } = deps;
  const account = accountService(deps);
  const show = syncShow(deps, account.memory);
  return {
    ...account,
    ...show,
    remote: remoteWork(deps),
    command: async (verb: string, caller: Caller): Promise<Result<SyncStatus>> => {
      const type = verbs[verb];
      if (!type) return fail('CCM_BAD_INPUT', `There is no command "${verb.slice(0, 40)}".`);
      if (!runtime.state(LINK_ID) || (!store.sync.link()?.enabled && verb !== 'disable')) {
        return fail('CCM_HUB_NONE', 'This machine is not connected to a hub.');
      }
      try {
        await runtime.command(LINK_ID, { type, by: caller.by });
      } catch (thrown) {
        const problem = problemOf(thrown);
        const now = runtime.state(LINK_ID)?.status ?? 'localOnly';
        return problem.code === 'CCM_ILLEGAL_MOVE'
          ? fail('CCM_ILLEGAL_MOVE', `The link is ${words[now] ?? now}; that is not possible now.`, { ...problem.extra, state: now })
          : { ok: false, problem };
      }
      if (verb === 'disable') {
        const link = store.sync.link();
        // Rows and operations stay for the day it is enabled again.
        if (link) await runtime.transaction(() => store.sync.setLink({ ...link, enabled: false }));
        engine.use(null);
      }
      if (verb === 'now') engine.kick();
      return ok(show.status());
    },
  };
};
export type SyncService = ReturnType<typeof syncService>;
