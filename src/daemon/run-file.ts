/** What the command line reads to find us: `run.json` while we run, 0600. */
import { readFileSync, rmSync } from 'node:fs';
import type { Result } from '../errors.ts';
import { atomicWrite } from '../lib/atomic-write.ts';

export type RunFacts = { pid: number; port: number; url: string; startedAt: string; version: string };

export const writeRunFile = (path: string, facts: RunFacts): Promise<Result<void>> =>
  atomicWrite(path, `${JSON.stringify(facts)}\n`, { mode: 0o600 });

/** Removes the file if it is still ours. */
export const removeRunFile = (path: string, pid: number): void => {
  try {
    const facts = JSON.parse(readFileSync(path, 'utf8')) as Partial<RunFacts>;
    if (facts.pid === pid) rmSync(path, { force: true });
  } catch {
    // Gone or unreadable already: nothing of ours is left to remove.
  }
};
