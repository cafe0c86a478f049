/** What is remembered about our server, in memory and in a 0600 file of the home: enough to find it again, and never to end another one. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Result } from '../../src/errors.ts';
import { atomicWrite } from '../../src/lib/atomic-write.ts';

const shape = z.object({
  socket: z.string().startsWith('/'),
  pid: z.int().positive(),
  /** See `startOf`. */
  start: z.string().min(1),
  /** The systemd scope it was started in; null: a plain process of ours. */
  scope: z.string().nullable(),
  /** Why there is no scope. */
  scopeReason: z.string().nullable(),
});

export type ServerRecord = z.infer<typeof shape>;

const fileOf = (home: string): string => join(home, 'tmux-server.json');

/** Null when there is none, or none that can be read: the socket then tells whether a server runs. */
export const readRecord = async (home: string): Promise<ServerRecord | null> => {
  try {
    return shape.parse(JSON.parse(await readFile(fileOf(home), 'utf8')));
  } catch {
    return null; // Missing, cut or foreign: all mean that nothing is known.
  }
};

export const writeRecord = (home: string, record: ServerRecord): Promise<Result<void>> =>
  atomicWrite(fileOf(home), `${JSON.stringify(record, null, 2)}\n`);

export const removeRecord = (home: string): Promise<void> => rm(fileOf(home), { force: true });

export const generationOf = (record: ServerRecord): string => `${record.pid}:${record.start}`;
