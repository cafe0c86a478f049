/** Puts the link together: engine, account, services. Without a hub configured it touches nothing and asks nobody. */
import { cpus, hostname, loadavg, platform, release } from 'node:os';
import type { Config } from '../config.ts';
import { CcmError, type Result } from '../errors.ts';
import type { ConnectHub, Doc, HubAddress, SessionBox } from '../ports/hub.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { Store } from '../ports/store.ts';
import type { Clock, Ids, Log } from '../ports/system.ts';
import type { Runtime } from '../runtime/types.ts';
import type { Services } from '../services/index.ts';
import { type SyncService, syncService } from '../services/sync/index.ts';
import { obeyWith } from '../services/sync/obey.ts';
import { type Engine, syncEngine } from '../sync/engine.ts';
import { LINK_ID } from '../sync/link-events.ts';
import { systemNames } from '../sync/systems.ts';
import { version } from './version.ts';

const SESSION = 'hub.session';

/** The session rests among the secrets: in the keychain, or encrypted. */
const sessionBox = (secrets: Secrets, log: Log): SessionBox => {
  const told = (done: Result<unknown>) => {
    if (!done.ok) log.error({ ...done.problem }, 'the session of the hub could not be kept; sign in again after the next start');
  };
  return {
    read: async () => {
      const found = await secrets.get(SESSION);
      if (found.ok) return found.value;
      log.error({ ...found.problem }, 'the session of the hub could not be read; it is tried again');
      throw new CcmError(found.problem.code, found.problem.detail);
    },
    write: async (text) => told(await secrets.set(SESSION, text)),
    remove: async () => told(await secrets.remove(SESSION)),
  };
};

export type SyncDesk = { engine: Engine; service: SyncService; begin(): Promise<void> };

export const syncDesk = (options: {
  runtime: Runtime;
  store: Store;
  clock: Clock;
  ids: Ids;
  log: Log;
  config: Config;
  secrets: Secrets;
  connect: ConnectHub;
  address: (given: HubAddress) => Result<HubAddress>;
  services: () => Pick<Services, 'agents' | 'messages' | 'resolve' | 'tasks'>;
}): SyncDesk => {
  const { runtime, store, clock, ids, log, config } = options;
  const describe = (): Doc => ({
    name: hostname().split('.')[0] ?? 'this machine',
    os: `${platform()} ${release()}`,
    version,
    node: process.versions.node,
    agents: config.profiles.map(({ name }) => name),
  });
  const facts = (): Doc => ({
    load: Math.round(((loadavg()[0] ?? 0) / Math.max(1, cpus().length)) * 100) / 100,
    running: store.views.count({ kind: 'agent', ended: false }),
  });
  const engine = syncEngine({
    runtime,
    store,
    clock,
    log,
    random: Math.random,
    newOp: () => ids.next(),
    facts,
    prepare: (row, by) => {
      const { project, projectName, prompt, title, profile, priority } = row.doc;
      const wanted = {
        project: typeof project === 'string' ? project : '',
        ...(typeof projectName === 'string' ? { projectName } : {}),
        prompt: typeof prompt === 'string' ? prompt : '',
        ...(typeof title === 'string' ? { title } : {}),
        ...(typeof profile === 'string' && profile !== '' ? { agent: profile } : {}),
        ...(typeof priority === 'number' ? { priority } : {}),
      };
      return options.services().tasks.adopt(wanted, row.id, by);
    },
    obey: obeyWith(options.services, systemNames(store.sync).of),
  });
  const box = sessionBox(options.secrets, log);
  const { connect, address } = options;
  const service = syncService({ runtime, store, engine, connect, address, box, now: () => clock.now(), describe });
  return {
    engine,
    service,
    begin: async () => {
      if (!runtime.state(LINK_ID)) await runtime.create('sync-link', { id: LINK_ID, at: clock.now() }, 'daemon');
      await engine.begin();
    },
  };
};
