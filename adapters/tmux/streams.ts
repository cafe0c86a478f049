/** Live output: who watches which pane. tmux sends a pane's bytes only while somebody does. */
import { ensureError, ok, type Result } from '../../src/errors.ts';
import type { PaneWatch } from '../../src/ports/terminal.ts';
import type { ControlClient } from './client.ts';
import { lost } from './reply.ts';
import { paintable, repaintCommands } from './screen.ts';

type Watcher = { onBytes: (bytes: Uint8Array) => void; live: boolean; paused: boolean; closed: boolean };

export type Streams = {
  watch: (pane: string, onBytes: (bytes: Uint8Array) => void) => Promise<Result<PaneWatch>>;
  output: (pane: string, bytes: Buffer) => void;
  /** tmux stopped a stream by itself: we were too slow. */
  stalled: (pane: string) => void;
  /** A new connection: everybody gets a fresh picture. */
  reattach: () => void;
  clear: () => void;
};

/**
 * `pause`, never `off`: by its manual tmux stops reading from a pane that every client has "off", and the agent blocks on its own output.
 * Continue and capture stand in one line, which tmux runs without reading from any pane in between: what is in the picture
 * is not in the bytes after it, and nothing is missing.
 */
export const streams = (client: () => ControlClient | null, log: (what: string, detail: Record<string, unknown>) => void): Streams => {
  const panes = new Map<string, Set<Watcher>>();

  /** A watcher that throws must not take the connection with it. */
  const deliver = (watcher: Watcher, bytes: Buffer): void => {
    try {
      watcher.onBytes(bytes);
    } catch (thrown) {
      log('a watcher of terminal output failed', { message: ensureError(thrown).message });
    }
  };

  const paint = (pane: string, watchers: Watcher[]): Promise<Result<void>> => {
    const now = client();
    if (now === null) return Promise.resolve(lost());
    for (const watcher of watchers) watcher.live = false;
    return now.send([`refresh-client -A '${pane}:continue'`, ...repaintCommands(pane)], (reply) => {
      const picture = paintable(reply, pane);
      if (!picture.ok) return picture;
      for (const watcher of watchers) {
        if (watcher.closed || watcher.paused) continue;
        watcher.live = true;
        deliver(watcher, picture.value);
      }
      // Everybody may have left or paused while the picture was on its way.
      quietIfUnwatched(pane);
      return ok(undefined);
    });
  };

  const quietIfUnwatched = (pane: string): void => {
    const watchers = panes.get(pane) ?? new Set();
    if (watchers.size === 0) panes.delete(pane);
    if ([...watchers].some((watcher) => !watcher.paused)) return;
    void client()?.send([`refresh-client -A '${pane}:pause'`], () => undefined);
  };

  const handle = (pane: string, watcher: Watcher): PaneWatch => ({
    pause: () => {
      if (watcher.paused || watcher.closed) return;
      watcher.paused = true;
      watcher.live = false;
      quietIfUnwatched(pane);
    },
    resume: () => {
      if (!watcher.paused || watcher.closed) return;
      watcher.paused = false;
      void paint(pane, [watcher]);
    },
    close: () => {
      if (watcher.closed) return;
      watcher.closed = true;
      watcher.live = false;
      panes.get(pane)?.delete(watcher);
      quietIfUnwatched(pane);
    },
  });

  const repaintAll = (pane: string): void => {
    const watchers = [...(panes.get(pane) ?? [])].filter((watcher) => !watcher.paused);
    if (watchers.length > 0) void paint(pane, watchers);
  };

  return {
    watch: async (pane, onBytes) => {
      const watcher: Watcher = { onBytes, live: false, paused: false, closed: false };
      const watchers = panes.get(pane) ?? new Set();
      panes.set(pane, watchers.add(watcher));
      const painted = await paint(pane, [watcher]);
      if (painted.ok) return ok(handle(pane, watcher));
      handle(pane, watcher).close();
      return painted;
    },
    output: (pane, bytes) => {
      for (const watcher of panes.get(pane) ?? []) if (watcher.live) deliver(watcher, bytes);
    },
    stalled: (pane) => {
      // Our own pause is told too; then nobody is live.
      if ([...(panes.get(pane) ?? [])].some((watcher) => watcher.live)) repaintAll(pane);
    },
    reattach: () => {
      for (const pane of panes.keys()) repaintAll(pane);
    },
    clear: () => panes.clear(),
  };
};
