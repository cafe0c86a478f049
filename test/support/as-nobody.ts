/**
 * Runs an exported function in a process of its own as an unprivileged user, so that file modes mean something where tests run as root.
 * The function gets a folder that belongs to that user, and `rest`; its result travels as JSON.
 */
import { chown, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { runProcess } from '../../src/lib/run-process.ts';
import { tempFolder } from './temp-folder.ts';

const NOBODY = 65_534;

const isRoot = process.getuid?.() === 0;

export const asNobody = async (module: URL, name: string, ...rest: string[]): Promise<unknown> => {
  const folder = await tempFolder();
  if (isRoot) await chown(folder, NOBODY, NOBODY);
  const said = await runProcess({
    argv: [process.execPath, fileURLToPath(new URL('as-nobody-child.ts', import.meta.url)), module.href, name, folder, ...rest],
    cwd: await realpath(tmpdir()),
    env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', CCM_TEST_UID: isRoot ? String(NOBODY) : undefined },
    timeoutMs: 25_000,
  });
  if (said.code !== 0) throw new Error(`${name}: ${said.stderr}${said.stdout}${said.failure ?? ''}`);
  return JSON.parse(said.stdout);
};
