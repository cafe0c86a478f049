/** Puts the files of a launch in place. */
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensureError, fail, ok, type Result } from '../errors.ts';
import { atomicWrite } from '../lib/atomic-write.ts';
import { mergeJson, objectIn } from '../lib/merge-json.ts';
import type { PlanFile } from '../ports/agents.ts';

export const writePlanFiles = async (files: readonly PlanFile[], folders: readonly string[]): Promise<Result<void>> => {
  try {
    for (const folder of [...folders, ...files.map(({ path }) => dirname(path))]) {
      // The folder's own mode is set; parents that exist keep theirs.
      if (await mkdir(folder, { recursive: true, mode: 0o700 })) await chmod(folder, 0o700);
    }
  } catch (thrown) {
    return fail('CCM_HOME_UNUSABLE', `A folder for the agent's files could not be made: ${ensureError(thrown).message}.`);
  }
  for (const file of files) {
    const content = 'content' in file ? file.content : await merged(file);
    const done = await atomicWrite(file.path, content);
    if (!done.ok) return done;
  }
  return ok(undefined);
};

const merged = async ({ path, merge }: Extract<PlanFile, { merge: unknown }>): Promise<string> => {
  const before = await readFile(path, 'utf8').catch(() => '{}'); // Not there yet.
  return `${JSON.stringify(mergeJson(objectIn(before), merge), null, 1)}\n`;
};
