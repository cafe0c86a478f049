/** Whether a file begins as every SQLite database does (sqlite.org/fileformat.html 1.3.1), told without opening it as one. */
import { closeSync, openSync, readSync } from 'node:fs';

const HEAD = 'SQLite format 3\0';

/** @throws what the file system says where `path` cannot be read. */
export const isDatabase = (path: string): boolean => {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEAD.length);
    readSync(file, head, 0, HEAD.length, 0);
    return head.toString('latin1') === HEAD;
  } finally {
    closeSync(file);
  }
};
