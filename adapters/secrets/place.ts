/** What the keychain and the file have in common. */
import type { Result } from '../../src/errors.ts';

export type Place = {
  get(name: string): Promise<Result<string | null>>;
  set(name: string, value: string): Promise<Result<void>>;
  remove(name: string): Promise<Result<boolean>>;
  names(): Promise<Result<string[]>>;
};
