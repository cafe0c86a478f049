/** Picks the service manager of this system for the command line, as `daemon.ts` picks everything else for the daemon. */
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchdService, loginPath, systemdService } from '../adapters/service/index.ts';
import { type Home, resolveHome, type Surroundings } from './config/home.ts';
import { loadConfig } from './config.ts';
import { fail, ok, type Result } from './errors.ts';
import type { Service, ServiceSpec } from './ports/service.ts';

export type ServicePlace = Surroundings & { home: Home };

export const pickService = ({ home, env, platform, userHome, cwd }: ServicePlace): Result<Service> => {
  const options = { home: home.root, ownHome: isOwnHome({ home, env, platform, userHome, cwd }), env, userHome };
  if (platform === 'linux') return ok(systemdService(options));
  if (platform === 'darwin') return ok(launchdService(options));
  return fail('CCM_SERVICE_UNAVAILABLE', `There is no service for ${platform}.`);
};

/** Somewhere else than the system would put it. */
const isOwnHome = ({ home, env, platform, userHome, cwd }: ServicePlace): boolean => {
  const usual = resolveHome({ env: { ...env, CCM_HOME: undefined }, platform, userHome, cwd });
  return !usual.ok || usual.value.root !== home.root;
};

/** What of the environment a service needs besides PATH; sessions come and go, so nothing of one. */
const handedOn = ['LANG', 'SHELL', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME', 'TZ'];

/** What an install would write now. Trouble: CCM_CONFIG_INVALID. */
export const serviceSpec = async (place: ServicePlace): Promise<Result<ServiceSpec>> => {
  const { home, env } = place;
  const config = loadConfig({ ...place, demoCommand: ['true'] });
  if (!config.ok) return config;
  const here = import.meta.url;
  const cli = join(dirname(fileURLToPath(here)), `cli/main.${here.endsWith('.ts') ? 'ts' : 'js'}`);
  const kept = Object.fromEntries(handedOn.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  return ok({
    home: home.root,
    ownHome: isOwnHome(place),
    node: realpathSync(process.execPath),
    cli,
    port: config.value.port,
    path: await loginPath(env),
    // Without a terminal it greets nobody: its link holds a key, and no secret goes into a log.
    env: { ...kept, CCM_DETACHED: '1' },
  });
};
