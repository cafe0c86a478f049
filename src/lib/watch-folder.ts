/** Tells that something in a folder changed. A hint only: whoever uses it also looks by itself now and then. */
import { type FSWatcher, mkdirSync, watch } from 'node:fs';

/** Makes the folder (0700) when it is absent. Null when the system has no watches left or the folder cannot be had; it may also fall silent later. */
export const watchFolder = (path: string, onChange: () => void): { close: () => void } | null => {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const watcher: FSWatcher = watch(path, { persistent: false }, onChange);
    watcher.on('error', () => watcher.close()); // The folder is gone: then there is nothing to tell.
    return watcher;
  } catch {
    // ENOSPC, EMFILE, EACCES: the caller's own looking has to do.
    return null;
  }
};
