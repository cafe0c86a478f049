/** Where the server's socket lies: in a folder of its own, so that the folder can be lost and made again. */
import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureError, fail, ok, type Result } from '../../src/errors.ts';

/** `sun_path` holds 104 bytes on macOS, 108 on Linux, and tmux adds `.lock` for a moment. */
const LONGEST = 100;

/** Twelve hex digits that tell one home from another in names outside of it. */
export const hashOfHome = (home: string): string => createHash('sha256').update(home).digest('hex').slice(0, 12);

export const socketPath = (home: string, hash: string, runtimeDir: string | undefined): string => {
  const uid = process.getuid?.() ?? 0;
  const candidates = [
    join(home, 'tmux', 'socket'),
    ...(runtimeDir === undefined || runtimeDir === '' ? [] : [join(runtimeDir, `ccm-${hash}`, 'socket')]),
    join(tmpdir(), `ccm-${uid}-${hash}`, 'socket'),
  ];
  return candidates.find((path) => Buffer.byteLength(path) <= LONGEST) ?? join('/tmp', `ccm-${uid}-${hash}`, 'socket');
};

/** Makes the socket's folder, readable for this user alone. A folder that somebody else made in the temp folder is refused. */
export const ensureSocketFolder = async (socket: string): Promise<Result<void>> => {
  const folder = dirname(socket);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const facts = await lstat(folder);
    if (!facts.isDirectory() || (process.getuid !== undefined && facts.uid !== process.getuid())) {
      return fail('CCM_HOME_UNUSABLE', `${folder} is not a folder of this user.`, { path: folder });
    }
    if ((facts.mode & 0o077) !== 0) await chmod(folder, 0o700);
    return ok(undefined);
  } catch (thrown) {
    return fail('CCM_HOME_UNUSABLE', `The folder of the tmux socket cannot be made: ${ensureError(thrown).message}.`, { path: folder });
  }
};
