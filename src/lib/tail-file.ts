/** Follows a growing file of lines from a stored position, through truncation and rotation. */
import { type FSWatcher, watch } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { ensureError, fail, ok, type Result } from '../errors.ts';
import { type ReadLimits, readLines, type TailLine } from './read-lines.ts';

/** Where reading stopped; store it and go on from it after a restart. */
export type TailPosition = {
  /** Device and inode of the file that was read (`dev:ino`); null before any. */
  file: string | null;
  /** Bytes read, always just after a line break. */
  offset: number;
};

export type TailBatch = {
  lines: TailLine[];
  position: TailPosition;
  /** Another file stands at the path, or it shrank: reading began again at its first byte. */
  restarted: boolean;
  /** There was more than fits one batch: read again at once. */
  more: boolean;
};

export type TailOptions = Partial<ReadLimits> & {
  from?: TailPosition | undefined;
  /** Ends the generator after the batch in hand. */
  signal: AbortSignal;
  /** Milliseconds after which the file is looked at even when the system reported no change (network file systems). Default 1000. */
  pollMs?: number | undefined;
};

export const tailStart: TailPosition = { file: null, offset: 0 };

const limitsOf = (limits: Partial<ReadLimits>): ReadLimits => ({
  maxLineBytes: limits.maxLineBytes ?? 8 * 1024 * 1024,
  maxBatchBytes: limits.maxBatchBytes ?? 1024 * 1024,
});

/** One look: the complete lines there are now. A missing file is an empty batch; anything else that fails is `CCM_PATH_UNUSABLE`. */
export const readTail = async (path: string, from: TailPosition, limits: Partial<ReadLimits> = {}): Promise<Result<TailBatch>> => {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    return ok(await readFrom(file, from, limitsOf(limits)));
  } catch (thrown) {
    const error = ensureError(thrown) as NodeJS.ErrnoException;
    if (error.code === 'ENOENT') return ok({ lines: [], position: from, restarted: false, more: false });
    return fail('CCM_PATH_UNUSABLE', `${path} cannot be read: ${error.message}.`, { path });
  } finally {
    await file?.close();
  }
};

/**
 * Yields every batch of new complete lines until `signal` aborts. The file may not exist yet. A file that is moved away is read to its end
 * before the new one. A file cut to nothing and grown beyond the old offset between two looks cannot be told from one that only grew.
 */
export async function* tailFile(path: string, options: TailOptions): AsyncGenerator<TailBatch, void, undefined> {
  const limits = limitsOf(options);
  const change = changeSignal(path, options.pollMs ?? 1000, options.signal);
  let position = options.from ?? tailStart;
  let file: FileHandle | undefined;
  try {
    while (!options.signal.aborted) {
      // Looked at before reading: if the path moved on, the open file got its last line before that.
      const moved = file !== undefined && (await identity(path)) !== position.file;
      file ??= await openIfThere(path);
      const batch = file === undefined ? undefined : await readFrom(file, position, limits);
      if (batch !== undefined) {
        position = batch.position;
        if (batch.lines.length > 0 || batch.restarted) yield batch;
      }
      if (batch?.more) continue;
      if (moved) {
        await file?.close();
        file = undefined;
        // The next file may get the same inode number, now that nobody holds the old one.
        position = { file: '', offset: 0 };
        if ((await identity(path)) !== null) continue;
      }
      await change.next();
    }
  } finally {
    change.stop();
    await file?.close();
  }
}

const readFrom = async (file: FileHandle, from: TailPosition, limits: ReadLimits): Promise<TailBatch> => {
  const facts = await file.stat();
  const name = `${facts.dev}:${facts.ino}`;
  const restarted = (from.file !== null && from.file !== name) || facts.size < from.offset;
  const offset = restarted ? 0 : from.offset;
  const { lines, more } = await readLines(file, offset, limits);
  return { lines, position: { file: name, offset: lines.at(-1)?.end ?? offset }, restarted, more };
};

const openIfThere = (path: string): Promise<FileHandle | undefined> =>
  // Missing or not readable at this moment: the next look decides.
  open(path, 'r').catch(() => undefined);

const identity = (path: string): Promise<string | null> =>
  stat(path).then(
    (facts) => `${facts.dev}:${facts.ino}`,
    () => null,
  );

/** Resolves when something happened in the file's folder, or the poll time is over. */
const changeSignal = (path: string, pollMs: number, signal: AbortSignal) => {
  let changed = false;
  let wake: (() => void) | undefined;
  const poke = (): void => {
    changed = true;
    wake?.();
  };
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
      if (name === null || name === basename(path)) poke();
    });
    watcher.on('error', () => watcher?.close()); // The folder vanished, or watches ran out: polling goes on.
  } catch {
    // No such folder yet, or no watches left: polling alone finds the file.
  }
  signal.addEventListener('abort', poke, { once: true });
  return {
    async next(): Promise<void> {
      if (!changed && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, pollMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = undefined;
      changed = false;
    },
    stop(): void {
      watcher?.close();
      signal.removeEventListener('abort', poke);
    },
  };
};
