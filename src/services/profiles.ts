/** Agent profiles: which there are, whether their programs are installed, which one a task gets. */
import type { Profile } from '../../machines/effects.ts';
import type { ProfileView } from '../api/contract/profile.ts';
import { fail, ok, type Result } from '../errors.ts';
import { nearest } from '../lib/nearest.ts';
import type { Lack } from '../ports/agents.ts';
import type { ServiceDeps } from './deps.ts';

export type Profiles = {
  list(): Promise<ProfileView[]>;
  /** `CCM_AGENT_UNKNOWN` names the near ones. */
  known(name: string): Result<Readonly<Profile>>;
  /** For a task: the named one, else the project's, else config.toml's, else what is installed, else the demo. */
  choose(named: string | undefined, projectAgent: string | null): Promise<Result<Readonly<Profile>>>;
};

/** Text behind `--` on a command line: more is pasted, where the program can take a paste. */
export const argumentLimit = 64 * 1024;

export const profileService = ({ config, findProgram, lacks }: Pick<ServiceDeps, 'config' | 'findProgram' | 'lacks'>): Profiles => {
  const known = (name: string): Result<Readonly<Profile>> => {
    const profile = config.profile(name);
    if (profile) return ok(profile);
    const names = config.profiles.map((one) => one.name);
    // It may stand in a file that does not count.
    const spoilt =
      config.mistake === null ? '' : ` config.toml was changed and has a mistake, so what it said before counts. ${config.mistake}`;
    const close = nearest(name, names);
    const hint = close.length > 0 ? `did you mean ${close.map((one) => `"${one}"`).join(' or ')}?` : `there are ${names.join(', ')}.`;
    return fail('CCM_AGENT_UNKNOWN', `There is no agent "${name.slice(0, 60)}"; ${hint}${spoilt}`, {
      field: 'agent',
      matches: close.length > 0 ? close : names,
    });
  };
  const installed = async (profile: Readonly<Profile>): Promise<boolean> => (await findProgram(profile.command[0] ?? '')) !== null;
  const lackOf = async (profile: Readonly<Profile>): Promise<Lack | null> => (await lacks?.(profile)) ?? null;
  const choose: Profiles['choose'] = async (named, projectAgent) => {
    const wanted = named ?? projectAgent ?? config.defaultAgent;
    if (wanted !== undefined && wanted !== null) return known(wanted);
    const own = config.profiles.find(({ name }) => !config.builtIn(name));
    if (own) return ok(own);
    const there: Readonly<Profile>[] = [];
    for (const profile of config.profiles) if (profile.kind !== 'demo' && (await installed(profile))) there.push(profile);
    // One that can work before one that would say what it lacks.
    for (const profile of there) if ((await lackOf(profile)) === null) return ok(profile);
    return there[0] ? ok(there[0]) : known('demo');
  };
  return {
    known,
    choose,
    list: async () => {
      const chosen = await choose(undefined, null);
      return Promise.all(
        config.profiles.map(async (profile) => {
          const { name, kind, mode, command } = profile;
          const available = await installed(profile);
          const lacks = available ? await lackOf(profile) : null;
          const preferred = chosen.ok && chosen.value.name === name;
          const view = { name, kind, mode, command: [...command], available, lacks, preferred };
          return available ? view : { ...view, problem: `"${command[0] ?? ''}" was not found in the PATH agents get.` };
        }),
      );
    },
  };
};
