/** The store of secrets as people use it: names, where they rest, who refers to them. Values go in only. */
import type { PlaceMoved, Rotated, SecretList, SecretStored } from '../api/contract/secret.ts';
import { secretsNamed } from '../config/secret-reference.ts';
import { fail, ok, type Result } from '../errors.ts';
import type { SecretPlace } from '../ports/secrets.ts';
import type { ServiceDeps } from './deps.ts';

export type SecretService = {
  list(): Promise<SecretList>;
  set(name: string, value: string): Promise<Result<SecretStored>>;
  /** `CCM_NOT_FOUND`. */
  remove(name: string): Promise<Result<{ name: string; removed: true }>>;
  /** A new key for what is stored, and a new token for the command line: whoever had read either has it no more. */
  rotate(): Promise<Result<Rotated>>;
  moveTo(place: SecretPlace, abandon: boolean): Promise<Result<PlaceMoved>>;
};

export const secretService = ({ secrets, config, daemon }: Pick<ServiceDeps, 'secrets' | 'config' | 'daemon'>): SecretService => {
  const usedBy = (): Map<string, string[]> => {
    const found = new Map<string, string[]>();
    for (const { name } of config.profiles)
      for (const secret of secretsNamed(config.profileEnv(name))) found.set(secret, [...(found.get(secret) ?? []), name]);
    return found;
  };
  return {
    list: async () => {
      const { problem, ...facts } = await secrets.facts();
      const names = problem === null ? await secrets.names() : ok([]);
      const stored = names.ok ? names.value : [];
      const users = usedBy();
      const all = [...new Set([...stored, ...users.keys()])].toSorted();
      return {
        ...facts,
        problem: problem && { code: problem.code, detail: problem.detail },
        secrets: all.map((name) => ({ name, usedBy: users.get(name) ?? [], missing: problem === null && !stored.includes(name) })),
      };
    },
    set: async (name, value) => {
      const put = await secrets.set(name, value);
      return put.ok ? ok({ name, stored: true, place: (await secrets.facts()).place }) : put;
    },
    remove: async (name) => {
      const gone = await secrets.remove(name);
      if (!gone.ok) return gone;
      return gone.value
        ? ok({ name, removed: true })
        : fail('CCM_NOT_FOUND', `There is no secret "${name}".`, { next: '`ccm secret ls` lists their names.' });
    },
    rotate: async () => {
      const turned = await secrets.rotate();
      if (!turned.ok) return turned;
      const renewed = await daemon.renewToken();
      return renewed.ok ? ok({ ...turned.value, cli: true }) : renewed;
    },
    moveTo: async (place, abandon) => {
      const moved = await secrets.moveTo(place, { abandon });
      return moved.ok ? ok({ place, moved: moved.value.moved }) : moved;
    },
  };
};
