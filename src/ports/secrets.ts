/**
 * Where secrets rest that the daemon must have again: keys of agents, sessions of services. Real: `adapters/secrets` (the system's keychain, or
 * an encrypted file). Never in the database, in config.toml, in a backup or in the log.
 */
import type { Problem, Result } from '../errors.ts';

/** `keychain`: the system's own. `file`: encrypted, with its key in a file beside it. */
export type SecretPlace = 'keychain' | 'file';

export type SecretFacts = {
  /** Where secrets are, or would go. */
  place: SecretPlace;
  /** A choice was remembered: it is not left by itself any more. */
  settled: boolean;
  /** For a person: the vault's path, or the name of the entries in the keychain. */
  where: string;
  /** Why it cannot be used now; null when it can. */
  problem: Problem | null;
  /** Why the keychain was not taken; null when it was, or was not wanted. */
  passedOver: string | null;
};

/**
 * Names match {@link secretName}, values are 1 to 32 768 characters without NUL. Trouble of every call: `CCM_KEYCHAIN_AWAY` (it was used before
 * and does not answer now; nothing else is tried), `CCM_SECRETS_UNSAFE` (a file that others could read, or an entry that was tampered with).
 */
export interface Secrets {
  /** Null when there is none of this name. */
  get(name: string): Promise<Result<string | null>>;
  /** On disk (or in the keychain) when it answers. */
  set(name: string, value: string): Promise<Result<void>>;
  /** False when there was none. */
  remove(name: string): Promise<Result<boolean>>;
  /** Sorted. */
  names(): Promise<Result<string[]>>;
  facts(): Promise<SecretFacts>;
  /** A new key for the file, everything encrypted again. The keychain looks after its own key: then `rekeyed` is false. */
  rotate(): Promise<Result<{ rekeyed: boolean; entries: number }>>;
  /** Moves everything there. `abandon`: where the present place cannot be read, begin anew and leave behind what is in it. */
  moveTo(place: SecretPlace, options?: { abandon?: boolean }): Promise<Result<{ moved: number }>>;
}

export const secretName = /^[a-z0-9][a-z0-9._-]{0,59}$/;
