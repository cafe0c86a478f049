/** The command line's own token: made once, kept in a 0600 file as long as it is valid, replaced when somebody asks. */
import { readFileSync } from 'node:fs';
import type { TokenDesk } from '../api/auth/tokens.ts';
import { ok, type Result } from '../errors.ts';
import { atomicWrite } from '../lib/atomic-write.ts';

/** The stored token, or null when there is none. */
const stored = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8').trim() || null;
  } catch {
    return null; // Not made yet.
  }
};

export const cliTokenFile = (path: string, desk: TokenDesk) => {
  const renew = async (): Promise<Result<void>> => {
    const before = desk.list().filter(({ kind, revokedAt }) => kind === 'cli' && revokedAt === null);
    const { secret } = desk.issue({ name: 'command line', kind: 'cli', scopes: ['read', 'act', 'admin'] });
    const written = await atomicWrite(path, `${secret}\n`, { mode: 0o600 });
    // The old ones go last: cut off in between, the file holds one that works.
    if (written.ok) for (const { id } of before) desk.revoke(id);
    return written;
  };
  return {
    renew,
    ensure: async (): Promise<Result<void>> => {
      const secret = stored(path);
      return secret !== null && desk.recognise(secret) !== null ? ok(undefined) : renew();
    },
  };
};
