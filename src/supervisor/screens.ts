/** The screens of programs that have ended, kept for `ccm logs`. */

import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite } from '../lib/atomic-write.ts';
import { lastOf } from '../lib/cut-text.ts';
import { stripControls } from '../lib/short-text.ts';
import type { PaneRef, Terminal } from '../ports/terminal.ts';
import type { Launch, Places } from './places.ts';

/** Bytes of a saved screen; the end of it is kept. */
export const LONGEST_SCREEN = 2 * 1024 * 1024;
/** Bytes of all saved screens together. */
const ALL_SCREENS = 256 * 1024 * 1024;
const HISTORY_LINES = 50_000;
const OUTPUT_LINES = 40;
const OUTPUT_CHARACTERS = 8_000;

/** The line tmux itself puts below a dead program. */
const deadLine = /\n?Pane is dead(?: \([^\n]*\))?\s*$/u;

const plain = (captured: string): string => stripControls(captured).replace(deadLine, '').trimEnd();

/** The last lines that say something, escape-free; null for an empty screen. */
export const lastLines = (text: string): string | null => {
  const lines = text.split('\n').map((line) => line.trimEnd());
  return lastOf(lines.slice(-OUTPUT_LINES).join('\n'), OUTPUT_CHARACTERS).trim() || null;
};

export type ScreenStore = {
  /** Captures screen and history and keeps them; returns the text, or what was kept before when the window shows nothing any more. */
  save: (of: Launch, pane: PaneRef) => Promise<string | null>;
  /** The kept text, at most the last `bytes`; null when there is none. */
  read: (of: Launch, bytes?: number) => Promise<string | null>;
  /** Removes the oldest until all together fit; returns how many. */
  prune: (bytes?: number) => Promise<number>;
};

export const screenStore = (where: Places, terminal: Pick<Terminal, 'capture'>): ScreenStore => {
  const read = async (of: Launch, bytes = LONGEST_SCREEN): Promise<string | null> => {
    try {
      await using file = await open(where.screen(of), 'r');
      const { size } = await file.stat();
      const from = Math.max(0, size - bytes);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
      return wholeLines(buffer.subarray(0, bytesRead), from > 0);
    } catch {
      // Nothing was kept of this start.
      return null;
    }
  };
  return {
    read,
    async prune(bytes = ALL_SCREENS) {
      const names = await readdir(where.screens).catch(() => []);
      const files = await Promise.all(
        names.map(async (name) => {
          const path = join(where.screens, name);
          const facts = await stat(path).catch(() => null); // Removed meanwhile.
          return { path, size: facts?.size ?? 0, at: facts?.mtimeMs ?? 0 };
        }),
      );
      let left = bytes;
      const tooMuch = files
        .sort((a, b) => b.at - a.at)
        .filter(({ size }) => {
          left -= size;
          return left < 0;
        });
      for (const { path } of tooMuch) await rm(path, { force: true });
      return tooMuch.length;
    },
    async save(of, pane) {
      const captured = await terminal.capture(pane, { history: HISTORY_LINES });
      if (!captured.ok) return read(of);
      const bytes = Buffer.from(`${plain(captured.value)}\n`);
      const text = wholeLines(bytes.subarray(-LONGEST_SCREEN), bytes.length > LONGEST_SCREEN);
      await mkdir(where.screens, { recursive: true, mode: 0o700 });
      const kept = await atomicWrite(where.screen(of), text);
      // A full disk must not keep an end from being told; the text goes on in the event.
      return kept.ok ? text : lastOf(text, OUTPUT_CHARACTERS);
    },
  };
};

/** Cut in the middle of a line, the rest of that line is dropped. */
const wholeLines = (bytes: Buffer, cut: boolean): string => {
  const text = bytes.toString('utf8');
  return cut ? text.slice(text.indexOf('\n') + 1) : text;
};
