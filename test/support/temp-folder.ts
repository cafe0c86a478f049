/** A folder of its own for one test, gone when the test is over. Real path: no symbolic link on the way. */
import { chmodSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export const tempFolder = async (): Promise<string> => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'ccm-test-')));
  // Readable for the unprivileged user that some tests run parts as.
  chmodSync(folder, 0o755);
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
};
