/**
 * What agents wrote down while nobody listened, reports and calls of hooks: `<home>/spool/<agent>/*.json`, one a file. Each carries the proof of
 * its author (`src/lib/spool-proof.ts`): all agents can write here.
 */
import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { report as reportShape } from '../api/contract/report.ts';
import { ensureError, type Result } from '../errors.ts';
import { joinNext } from '../lib/join-next.ts';
import { openItem } from '../lib/spool-proof.ts';
import type { SupervisorDeps } from './deps.ts';
import type { HookCall } from './listen/listener.ts';
import type { Places } from './places.ts';
import type { Reports } from './reports.ts';

const named = { id: z.string().min(1).max(200), at: z.int().nonnegative() };
/** A call of a hook that came while nobody listened. */
const hookCall = z.strictObject({ ...named, hook: z.string().min(1).max(60), payload: z.record(z.string(), z.unknown()) });
const spooled = z.union([reportShape.extend(named), hookCall]);
/** What it holds is read again when its turn comes: thousands together would be hundreds of megabytes. */
type Spooled = { agent: string; path: string; at: number };

const LONGEST_FILE = 256 * 1024;
/** At most so many files of one agent are looked at in one go; the rest stays for the next. */
const BATCH = 2_000;
/** Looks in a row that found only what is being written; a writer that was killed leaves such a file for ever. */
const AGAIN = 10;

export type Spool = {
  /**
   * Sends everything on, oldest first, and removes a file once its report is on disk. What is there when it is called was looked at when it is
   * done. `left`: could not be stored yet, or was more than is looked at in one go.
   */
  drain: () => Promise<{ taken: number; left: number }>;
  /** The same, again and again, until nothing is left of what can be stored now. */
  empty: () => Promise<{ taken: number; left: number }>;
};

type Takers = {
  /** Hashes of the tokens an agent has or had. */
  hashes: (agent: string) => readonly string[];
  report: Reports['accept'];
  hook: (agent: string, call: HookCall) => Promise<Result<unknown>>;
};

export const spool = (where: Places, take: Takers, note: SupervisorDeps['note'], wake: () => void = () => undefined): Spool => {
  let again = 0;
  const collect = async (): Promise<{ found: Spooled[]; beyond: number }> => {
    await mkdir(where.spool, { recursive: true, mode: 0o700 });
    const found: Spooled[] = [];
    let beyond = 0;
    for (const agent of await foldersIn(where.spool)) {
      const names = await readdir(join(where.spool, agent)).catch(() => []);
      const hashes = take.hashes(agent);
      const items = names.filter((one) => one.endsWith('.json') && !one.startsWith('.')).sort();
      beyond += Math.max(0, items.length - BATCH);
      for (const name of items.slice(0, BATCH)) {
        const path = join(where.spool, agent, name);
        const item = await readItem(path, agent, hashes);
        if (item === null) {
          note('A spooled report cannot be read, or is not of the agent it names, and was put aside.', { path: `${path}.bad` });
          await rename(path, `${path}.bad`).catch(() => undefined); // Vanished: nothing to put aside.
        } else found.push({ agent, path, at: item.at });
      }
    }
    return { found: found.sort((a, b) => a.at - b.at), beyond };
  };

  const drainOnce = async (): Promise<{ taken: number; left: number }> => {
    let taken = 0;
    let failed = 0;
    let more = false;
    const { found, beyond } = await collect();
    for (const { agent, path } of found) {
      try {
        const item = await readItem(path, agent, take.hashes(agent));
        // Changed since it was looked at: the next look says what of it.
        if (item === null) continue;
        const accepted =
          'hook' in item ? await take.hook(agent, { kind: item.hook, payload: item.payload, at: item.at }) : await take.report(agent, item);
        if (!accepted.ok) {
          note('A spooled report was refused and put aside.', { path: `${path}.bad`, detail: accepted.problem.detail });
          await rename(path, `${path}.bad`);
          continue;
        }
        await unlink(path);
        taken += 1;
      } catch (thrown) {
        // It stays where it is; a repeat of what did get through is dropped by its id.
        failed += 1;
        note('A spooled report could not be stored yet.', { path, error: ensureError(thrown).message });
      }
    }
    for (const agent of await foldersIn(where.spool)) {
      // Only when empty; the next report makes it again, which is what wakes the watcher of the spool.
      await rmdir(join(where.spool, agent)).catch(async () => {
        // Written into while we read: its folder stays, and nothing would wake the watcher.
        const names = await readdir(join(where.spool, agent)).catch(() => []);
        more ||= names.some((name) => name.startsWith('.') || name.endsWith('.json'));
      });
    }
    // What lies beyond one go is no trouble that time will mend: only what could not be stored waits for the next look by the clock.
    if (more && failed === 0 && (taken > 0 || (again += 1) < AGAIN)) wake();
    if (taken > 0) again = 0;
    return { taken, left: failed + beyond };
  };
  const drain = joinNext(drainOnce);

  const empty = async (): Promise<{ taken: number; left: number }> => {
    let all = 0;
    for (;;) {
      const { taken, left } = await drain();
      all += taken;
      if (left === 0 || taken === 0) return { taken: all, left };
    }
  };

  return { drain, empty };
};

const foldersIn = async (path: string): Promise<string[]> => {
  const entries = await readdir(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && /^[\w-]{1,128}$/u.test(entry.name)).map((entry) => entry.name);
};

/** Null for anything that is not in a plain file of a sane size, or that its agent did not write. */
const readItem = async (path: string, agent: string, hashes: readonly string[]): Promise<z.infer<typeof spooled> | null> => {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const facts = await file.stat();
    if (!facts.isFile() || facts.size > LONGEST_FILE) return null;
    const item = openItem(agent, hashes, await file.readFile('utf8'));
    return item === null ? null : spooled.parse(JSON.parse(item));
  } catch {
    // A link, half a file, not JSON, not a report: the caller puts it aside and says so.
    return null;
  }
};
