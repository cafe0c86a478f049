/** How agents reach their models: what config.toml says, completed by what a person stored once for all profiles of a kind. */
import type { Profile } from '../../machines/effects.ts';
import { fillSecrets } from '../config/secret-reference.ts';
import type { Config } from '../config.ts';
import { ok, type Result } from '../errors.ts';
import type { AgentDrivers, Lack } from '../ports/agents.ts';
import type { Secrets } from '../ports/secrets.ts';

type Deps = { config: Pick<Config, 'profile' | 'profileEnv' | 'ownConfig'>; drivers: AgentDrivers; secrets: Pick<Secrets, 'get'> };

export type AgentAccess = {
  /** Environment of a profile, references filled. Secret. Trouble of the store, and `CCM_SECRET_MISSING`, come through. */
  env: (profile: string) => Promise<Result<Record<string, string>>>;
  /** Why it cannot reach its model, or null as far as can be told without starting it. */
  lacks: (profile: Readonly<Profile>) => Promise<Lack | null>;
};

export const agentAccess = ({ config, drivers, secrets }: Deps): AgentAccess => {
  const env: AgentAccess['env'] = async (name) => {
    const written = await fillSecrets(config.profileEnv(name), (secret) => secrets.get(secret));
    const profile = config.profile(name);
    const driver = profile && drivers[profile.kind];
    if (!written.ok || !profile || !driver?.accessSecrets || !driver.lacks?.(profile, written.value, config.ownConfig(name)))
      return written;
    for (const [variable, secret] of Object.entries(driver.accessSecrets)) {
      const stored = await secrets.get(secret);
      if (!stored.ok) return stored;
      if (stored.value !== null) return ok({ ...written.value, [variable]: stored.value });
    }
    return written;
  };
  return {
    env,
    lacks: async (profile) => {
      const found = await env(profile.name);
      if (!found.ok) {
        const next = found.problem.extra?.['next'];
        return { sentence: found.problem.detail, next: typeof next === 'string' ? next : '`ccm secret ls` tells what is stored.' };
      }
      return drivers[profile.kind]?.lacks?.(profile, found.value, config.ownConfig(profile.name)) ?? null;
    },
  };
};
