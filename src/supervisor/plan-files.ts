/** Puts the files of a launch in place. */
import { chmod, lstat, mkdir, readdir, readFile, readlink, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureError, fail, ok, type Result } from '../errors.ts';
import { atomicWrite } from '../lib/atomic-write.ts';
import { mergeJson, objectIn } from '../lib/merge-json.ts';
import type { PlanFile } from '../ports/agents.ts';

export const writePlanFiles = async (files: readonly PlanFile[], folders: readonly string[]): Promise<Result<void>> => {
  try {
    for (const folder of [...folders, ...files.map((file) => ('mirrors' in file ? file.path : dirname(file.path)))]) {
      // The folder's own mode is set; parents that exist keep theirs.
      if (await mkdir(folder, { recursive: true, mode: 0o700 })) await chmod(folder, 0o700);
    }
    for (const file of files) if ('mirrors' in file) await mirror(file);
  } catch (thrown) {
    return fail('CCM_HOME_UNUSABLE', `A folder for the agent's files could not be made: ${ensureError(thrown).message}.`);
  }
  for (const file of files) {
    if ('mirrors' in file) continue;
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

/** What is theirs counts: links of earlier starts are made anew, and a file that the program has put in the place of one goes. */
const mirror = async ({ path, mirrors, names }: Extract<PlanFile, { mirrors: string }>): Promise<void> => {
  const theirs = (await readdir(mirrors).catch(() => [])).filter((name) => names.test(name)); // Not there: nothing to link.
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const at = join(path, entry.name);
    const isOurLink = entry.isSymbolicLink() && dirname(await readlink(at)) === mirrors;
    if (isOurLink || (theirs.includes(entry.name) && !entry.isDirectory())) await rm(at);
  }
  for (const name of theirs) {
    const link = join(path, name);
    const there = await lstat(link).catch(() => null); // A folder that the program made itself stays.
    if (there === null) await symlink(join(mirrors, name), link);
  }
};
