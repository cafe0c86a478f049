/** Exit statuses as the wrapper left them: a second witness that survives our absence and tmux's forgetfulness. */
import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Exit } from '../../machines/events.ts';
import type { Launch, Places } from './places.ts';

const shape = z.object({
  code: z.int().min(0).max(255).nullable(),
  signal: z.int().min(1).max(64).nullable(),
  /** Milliseconds since 1970, to the second. */
  endedAt: z.int(),
});
export type ExitRecord = Exit & { endedAt: number };

/** Null when there is none (the program runs, or the wrapper was killed) or it makes no sense. */
export const readExit = async (where: Places, of: Launch): Promise<ExitRecord | null> => {
  try {
    return shape.parse(JSON.parse(await readFile(where.exit(of), 'utf8')));
  } catch {
    // Not written, or not by our wrapper: nobody knows, which is what null says.
    return null;
  }
};

/** All starts that have left a status. */
export const listExits = async (where: Places): Promise<Launch[]> => {
  const names = await readdir(where.exits).catch(() => []);
  return names.flatMap((name) => {
    const match = /^(.+)-(\d+)\.json$/u.exec(name);
    return match?.[1] && match[2] ? [{ agent: match[1], launch: Number(match[2]) }] : [];
  });
};

/**
 * What is known of an end. The wrapper's word goes first. Without it a code of the pane is the program's own (the wrapper passes it on);
 * a signal of the pane is the wrapper's death, which tells nothing of the program: unknown, never success.
 */
export const combine = (file: ExitRecord | null, pane: Exit | null): Exit => {
  if (file) return { code: file.code, signal: file.signal };
  return { code: pane?.signal == null ? (pane?.code ?? null) : null, signal: null };
};
